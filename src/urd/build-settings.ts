// The settings of a build call, checked: how to build, never what.

import type { BuildSettings } from '../engine/build-request.ts';
import { describeValue } from '../method/inputs/describe-value.ts';
import { UsageError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { Duration } from '../util/duration.ts';
import { durationMs } from '../util/duration.ts';
import { didYouMean } from '../util/nearest.ts';

/** How a build is made. Nothing here enters the key: a job that exists is reused whatever the settings say, but for `force`. */
export interface BuildCallSettings {
  /** What the job is called in lists and lines; the method's name if not set. */
  readonly name?: string;
  readonly caption?: string;
  /** Name of the workdir a new job goes to; the run's if not set. */
  readonly workdir?: string;
  /** Execute even if the job exists. */
  readonly force?: boolean;
  /** Slices of this job that may run at the same time. */
  readonly concurrency?: number;
  /** Time the execution may take: milliseconds, or text with a unit, as `'5m'`. */
  readonly timeout?: Duration;
  /** How often a failed execution is tried again; 0 if not set. */
  readonly retries?: number;
  /** Report why the job would be executed, without executing it. */
  readonly whyBuild?: boolean;
  /** Any facts to keep with a new job. */
  readonly labels?: Readonly<Record<string, string>>;
}

type Check = { readonly expected: string; readonly holds: (value: unknown) => boolean };

const text: Check = { expected: 'text', holds: (value) => typeof value === 'string' };
const flag: Check = { expected: 'true or false', holds: (value) => typeof value === 'boolean' };

const CHECKS: Readonly<Record<keyof BuildCallSettings, Check>> = {
  name: { expected: 'text that is not empty', holds: (v) => typeof v === 'string' && v !== '' },
  caption: text,
  workdir: text,
  force: flag,
  concurrency: {
    expected: 'an integer of at least 1',
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
  timeout: {
    expected: 'milliseconds, or text as "90s" or "5m"',
    holds: (value) => durationMs(value) !== undefined,
  },
  retries: {
    expected: 'an integer of at least 0',
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  whyBuild: flag,
  labels: {
    expected: 'an object with text members',
    holds: (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((item) => typeof item === 'string'),
  },
};

const NO_LABELS = {};

/** Fills in defaults. Throws `UsageError` that lists every unknown or unfit setting. */
export function checkSettings(method: string, settings: BuildCallSettings): BuildSettings {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const problem = checkSetting(method, name, value);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw new UsageError(problems);
  return {
    name: settings.name ?? method,
    caption: settings.caption ?? '',
    workdir: settings.workdir,
    force: settings.force ?? false,
    concurrency: settings.concurrency,
    timeoutMs: settings.timeout === undefined ? undefined : durationMs(settings.timeout),
    retries: settings.retries ?? 0,
    whyBuild: settings.whyBuild ?? false,
    labels: settings.labels ?? NO_LABELS,
  };
}

function checkSetting(method: string, name: string, value: unknown): Problem | undefined {
  const known: Readonly<Record<string, Check>> = CHECKS;
  const check = Object.hasOwn(known, name) ? known[name] : undefined;
  if (check === undefined) {
    const names = Object.keys(CHECKS);
    return {
      code: 'unknown_setting',
      message: `Build of \`${method}\`: there is no setting \`${name}\``,
      hint: didYouMean(name, names, `Settings are ${names.join(', ')}.`),
      token: name,
    };
  }
  if (check.holds(value)) return undefined;
  return {
    code: 'invalid_setting',
    message: `Build of \`${method}\`: expected setting \`${name}\` to be ${check.expected}, got ${describeValue(value)}`,
    token: name,
  };
}
