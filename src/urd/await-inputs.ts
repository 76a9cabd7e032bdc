// Replaces promises among the inputs by what they came to, or says which input stands in the way.
// Inputs are plain lists and objects of values; anything else is a value and is not looked into.

import { JobError } from '../method/job/job-error.ts';
import type { Job } from '../method/job/job.ts';
import { UsageError } from '../model/errors.ts';
import type { SkippedFailure } from '../model/failure.ts';
import { Build } from './build.ts';
import { DryRunEnd, plannedMethod } from './planned-job.ts';

/** Inputs of a build call by name. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Why a build cannot start. */
type Obstacle =
  | { readonly kind: 'failed'; readonly failure: Omit<SkippedFailure, 'kind' | 'method'> }
  /** A dry run has not built it; `input` is its method. */
  | { readonly kind: 'planned'; readonly input: string };

/** Inputs without promises in them, or the first one that cannot be had. */
export type AwaitedInputs = { readonly kind: 'ready'; readonly inputs: Inputs } | Obstacle;

/**
 * Copies inputs as they are now: what a script does to its lists and objects after the call changes no build. Throws
 * `UsageError` for a value that contains itself.
 */
export function copyInputs(inputs: Inputs): Inputs {
  refuseCycles(inputs, '', new Set());
  return mapValues(inputs, (value) => value) as Inputs;
}

/**
 * Waits for every build and every other promise in the inputs, at any depth. Ends at once when one of them cannot
 * be had. Rejects when a promise that the script made itself does.
 */
export async function awaitInputs(inputs: Inputs): Promise<AwaitedInputs> {
  const pending = new Map<PromiseLike<unknown>, string>();
  let planned: string | undefined;
  visit(inputs, '', (value, path) => {
    if (isPromise(value)) pending.set(value, path);
    planned ??= plannedMethod(value);
  });
  if (planned !== undefined) return { kind: 'planned', input: planned };
  if (pending.size === 0) return { kind: 'ready', inputs };
  const values = new Map<unknown, unknown>();
  const wait = async ([promise, path]: [PromiseLike<unknown>, string]): Promise<void> => {
    values.set(promise, await valueOf(promise, path));
  };
  try {
    await Promise.all([...pending].map(wait));
  } catch (error) {
    if (error instanceof InTheWay) return error.obstacle;
    throw error;
  }
  const resolved = mapValues(inputs, (value) => (values.has(value) ? values.get(value) : value));
  return { kind: 'ready', inputs: resolved as Inputs };
}

/** The inputs with jobs in place of builds; `undefined` when one of them has to be waited for, or has come to no job. */
export function endedInputs(inputs: Inputs): Inputs | undefined {
  refuseCycles(inputs, '', new Set());
  let haveEnded = true;
  const known = mapValues(inputs, (value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Build && 'job' in value.ending) return value.ending.job;
    if (isPromise(value) || plannedMethod(value) !== undefined) haveEnded = false;
    return value;
  });
  return haveEnded ? (known as Inputs) : undefined;
}

/** Ends the wait for the other inputs. Never leaves this file. */
class InTheWay extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super('An input cannot be had');
    this.obstacle = obstacle;
  }
}

async function valueOf(promise: PromiseLike<unknown>, path: string): Promise<unknown> {
  if (promise instanceof Build) return jobOf(promise, path);
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof DryRunEnd) throw new InTheWay({ kind: 'planned', input: error.method });
    if (!(error instanceof JobError)) throw error;
    const { method: inputMethod, job: inputJob } = error;
    throw new InTheWay({ kind: 'failed', failure: { input: path, inputMethod, inputJob } });
  }
  const method = plannedMethod(value);
  if (method !== undefined) throw new InTheWay({ kind: 'planned', input: method });
  return value;
}

async function jobOf({ method, ending }: Build, path: string): Promise<Job> {
  const outcome = await ending;
  if (outcome.kind === 'job') return outcome.job;
  if (outcome.kind === 'planned') throw new InTheWay({ kind: 'planned', input: method });
  const failure = outcome.kind === 'failed' ? outcome.failure : undefined;
  const inputJob = failure === undefined || failure.kind === 'skipped' ? null : failure.job;
  throw new InTheWay({ kind: 'failed', failure: { input: path, inputMethod: method, inputJob } });
}

function refuseCycles(value: unknown, path: string, around: Set<object>): void {
  if (typeof value !== 'object' || value === null) return;
  if (around.has(value)) throw containsItself(path);
  around.add(value);
  for (const [key, item] of membersOf(value)) {
    refuseCycles(item, path === '' ? key : `${path}.${key}`, around);
  }
  around.delete(value);
}

/** What would be written of a value, under the names that problems with it are told by. */
function membersOf(value: object): Iterable<readonly [string, unknown]> {
  if (value instanceof Set) return Array.from(value, (item, at) => [String(at), item]);
  if (value instanceof Map) {
    return Array.from(value, (pair, at) => pair.map((item) => [String(at), item] as const)).flat();
  }
  return isPlain(value) ? Object.entries(value) : [];
}

function containsItself(path: string): UsageError {
  return new UsageError({
    code: 'invalid_input',
    message: `Input \`${path}\` is a value that contains itself, which cannot be part of a key`,
    token: path.split('.').at(-1) ?? path,
  });
}

function visit(value: unknown, path: string, look: (value: object, path: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  look(value, path);
  if (!isPlain(value)) return;
  for (const [key, item] of Object.entries(value)) {
    visit(item, path === '' ? key : `${path}.${key}`, look);
  }
}

/** Copies plain lists and objects, with each value in them replaced. */
function mapValues(value: unknown, replace: (value: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || !isPlain(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapValues(item, replace));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapValues(item, replace)]),
  );
}

function isPromise(value: object): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/** Plain lists and objects may hold promises; anything else is a value of its own. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  if (plannedMethod(value) !== undefined) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
