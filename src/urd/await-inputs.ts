// Replaces builds among the inputs by the jobs they came to, or says which input stands in the way.

import type { SkippedFailure } from '../model/failure.ts';
import { Build } from './build.ts';
import { plannedMethod } from './planned-job.ts';

/** Inputs without builds in them, or the first one that cannot be had. */
export type AwaitedInputs =
  | { readonly kind: 'ready'; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly failure: Omit<SkippedFailure, 'kind' | 'method'> }
  /** A dry run has not built it; `input` is its method. */
  | { readonly kind: 'planned'; readonly input: string };

/** Waits for every build in the inputs, at any depth of plain lists and objects. Never rejects. */
export async function awaitInputs(
  inputs: Readonly<Record<string, unknown>>,
): Promise<AwaitedInputs> {
  const builds = new Map<Build, string>();
  let planned: string | undefined;
  visit(inputs, '', (value, path) => {
    if (value instanceof Build) builds.set(value, path);
    planned ??= plannedMethod(value);
  });
  if (planned !== undefined) return { kind: 'planned', input: planned };
  if (builds.size === 0) return { kind: 'ready', inputs };
  const jobs = new Map<unknown, unknown>();
  for (const [build, path] of builds) {
    const settled = await build.settled;
    if (settled.kind === 'planned') return { kind: 'planned', input: build.method };
    if (settled.kind !== 'job') {
      const inputJob =
        settled.kind === 'failed' && settled.failure.kind !== 'skipped'
          ? settled.failure.job
          : null;
      return { kind: 'failed', failure: { input: path, inputMethod: build.method, inputJob } };
    }
    jobs.set(build, settled.job);
  }
  return { kind: 'ready', inputs: replace(inputs, jobs) as Readonly<Record<string, unknown>> };
}

function visit(value: unknown, path: string, look: (value: unknown, path: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  look(value, path);
  if (!isPlain(value)) return;
  for (const [key, item] of Object.entries(value)) {
    visit(item, path === '' ? key : `${path}.${key}`, look);
  }
}

function replace(value: unknown, jobs: ReadonlyMap<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (jobs.has(value)) return jobs.get(value);
  if (Array.isArray(value)) return value.map((item) => replace(item, jobs));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, jobs)]));
}

/** Plain lists and objects may hold builds; anything else is a value of its own. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  if (plannedMethod(value) !== undefined) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
