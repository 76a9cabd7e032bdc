// Runs one build script: hands it its `urd`, waits for every build it began, and sums up how it went.

import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import type { Engine } from '../engine/engine.ts';
import { InterruptedError } from '../engine/interruption.ts';
import { describeValue } from '../method/inputs/describe-value.ts';
import { JobError } from '../method/job/job-error.ts';
import { SystemError, UsageError } from '../model/errors.ts';
import type { PlanEnd } from '../model/event.ts';
import { causesOf } from '../util/causes.ts';
import { importModule } from '../util/import-module.ts';
import { locateFrame, locateThrown } from './call-site.ts';
import { dryRunEnd } from './planned-job.ts';
import { ScriptUrd } from './script-urd.ts';
import type { UrdOptions } from './script-urd.ts';

/** A script to run. */
export interface ScriptRun extends UrdOptions {
  readonly engine: Engine;
  /** As the user gave it. */
  readonly script: string;
  /** Absolute path of its bundle. */
  readonly bundle: string;
}

/** How a script went. `errors` are those that no job's failure line has told yet. */
export interface ScriptEnd {
  readonly exitCode: 0 | 1 | 2 | 3 | 130;
  readonly errors: readonly unknown[];
  /** Build calls that made no build, because of a mistake in the call; also those whose rejection the script has caught. */
  readonly refused: number;
  /** Where a dry run ended before the script did. */
  readonly stoppedAt: PlanEnd | null;
}

type Main = (urd: ScriptUrd) => unknown;

/** Runs a script to its end, with all its builds. Never rejects for what script, methods or machine do wrong. */
export async function runScript(run: ScriptRun): Promise<ScriptEnd> {
  const urd = new ScriptUrd(run);
  const thrown: unknown[] = [];
  try {
    const main = await loadMain(run);
    await main(urd);
  } catch (error) {
    thrown.push(error);
  }
  await urd.allSettled();
  await run.engine.settled();
  const refused = urd.errors.filter((error) => error instanceof UsageError).length;
  const stoppedAt = planEnd(thrown);
  if (run.engine.cancelled) return { exitCode: 130, errors: [], refused, stoppedAt };
  const errors = distinct([...urd.errors, ...thrown]).filter((error) => !isToldAlready(error));
  return { exitCode: exitCode(errors, run.engine.log), errors, refused, stoppedAt };
}

async function loadMain({ bundle, script }: ScriptRun): Promise<Main> {
  const module = (await importModule(pathToFileURL(bundle).href)) as { readonly default?: unknown };
  if (typeof module.default === 'function') return module.default as Main;
  throw new UsageError({
    code: 'script_without_main',
    message: `Build script ${script} has no main function: expected a default export that is a function, got ${describeValue(module.default)}`,
    hint: 'Write `export default async function main(urd: Urd) { … }`.',
  });
}

function planEnd(thrown: readonly unknown[]): PlanEnd | null {
  const [end] = thrown.flatMap((error) => dryRunEnd(error) ?? []);
  if (end === undefined) return null;
  const { method, member } = end;
  return { method, member, where: locateThrown(end) ?? null };
}

/** A failed job has had its own line; a dry run that ends early is no error; an interruption is told once. */
export function isToldAlready(error: unknown): boolean {
  return (
    error instanceof JobError || error instanceof InterruptedError || dryRunEnd(error) !== undefined
  );
}

/** A full disk stops every build that goes on, each with an error of its own: told once. */
function distinct(errors: readonly unknown[]): readonly unknown[] {
  const messages = new Set<string>();
  return [...new Set(errors)].filter((error) => {
    if (!(error instanceof SystemError)) return true;
    const isNew = !messages.has(error.message);
    messages.add(error.message);
    return isNew;
  });
}

function exitCode(errors: readonly unknown[], log: Engine['log']): ScriptEnd['exitCode'] {
  if (log.hasMachineFault || errors.some((error) => error instanceof SystemError)) return 3;
  if (errors.some((error) => error instanceof UsageError)) return 2;
  return log.counts.failed > 0 || errors.length > 0 ? 1 : 0;
}

/** Shows a script's own exception and what caused it. */
export function mappedStacks(error: Error): string {
  const causes = causesOf(error).map(
    (cause) => `caused by ${cause instanceof Error ? mapStack(cause) : inspect(cause)}`,
  );
  return [mapStack(error), ...causes].join('\n');
}

/** Shows the frames of a script's own exception by their places in the source, without the engine's that called it. */
function mapStack(error: Error): string {
  const lines = (error.stack ?? String(error)).split('\n').map((line) => {
    const place = line.trimStart().startsWith('at ') ? locateFrame(line) : undefined;
    if (place === undefined) return { line, isOurs: !/^\s+at /u.test(line) };
    const at = `(${place.file}:${place.line}:${place.column})`;
    return { line: line.replace(/\(?(file:\/\/|\/)[^\s)]+\)?$/, at), isOurs: true };
  });
  const end = lines.findLastIndex(({ isOurs }) => isOurs);
  return lines
    .slice(0, end + 1)
    .map(({ line }) => line)
    .join('\n');
}
