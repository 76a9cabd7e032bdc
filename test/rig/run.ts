// One run of the real binary with `--json`, as a test looks at it: which builds ran, and what else was told.

import type { BuildEnded, BuildState, Event } from '../../src/model/event.ts';
import type { AccResult, Project } from './project.ts';

/** What a run did. Builds go by the `name` of their settings, which is the method's name by default. */
export interface Run {
  readonly code: number | null;
  readonly events: readonly Event[];
  /** Names of the builds that were executed, sorted. */
  readonly built: readonly string[];
  readonly reused: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** All that was printed beside the events: by the script, about mistakes. */
  readonly stderr: string;
  /** Messages of warnings, in order. */
  readonly warnings: readonly string[];
  /** The end of the one build of this name. */
  readonly build: (name: string) => BuildEnded;
}

/** Runs `acc run --json` to its end. */
export async function run(project: Project, ...args: readonly string[]): Promise<Run> {
  return runWith(project, args, {});
}

/** The same with variables in the environment. */
export async function runWith(
  project: Project,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Run> {
  return runOf(await project.start(['run', '--json', ...args], { env }).ended);
}

/** Reads what a run with `--json` has printed; a line that was cut off by a kill does not count. */
export function runOf({ code, stdout, stderr }: AccResult): Run {
  const events = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Event);
  const ends = events.filter((event) => event.type === 'build_ended');
  const names = (state: BuildState): readonly string[] =>
    ends
      .filter((end) => end.state === state)
      .map(({ name }) => name)
      .toSorted();
  return {
    code,
    events,
    built: names('built'),
    reused: names('reused'),
    failed: names('failed'),
    skipped: names('skipped'),
    stderr,
    warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])),
    build: (name) => theOne(ends, name),
  };
}

/** What the script printed after `NOTE `, as JSON, in order: see `note` in scripts of tests. */
export function notes({ stderr }: Run): unknown[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('NOTE '))
    .map((line) => JSON.parse(line.slice('NOTE '.length)) as unknown);
}

/** A build script of these lines, in which `urd` and `note` are known. */
export function script(...lines: readonly string[]): string {
  return [
    "import { JobError } from 'acc-engine';",
    "const note = (value) => console.log('NOTE ' + JSON.stringify(value));",
    'export default async function main(urd) {',
    ...lines.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

function theOne(ends: readonly BuildEnded[], name: string): BuildEnded {
  const [end, second] = ends.filter((event) => event.name === name);
  if (end !== undefined && second === undefined) return end;
  throw new Error(`Expected one build named ${name}, got ${ends.map((e) => e.name).join(', ')}`);
}
