// `acc workdir`: the workdirs of the project in numbers.

import { UsageError } from '../../model/errors.ts';
import type { Project } from '../../model/project.ts';
import { unknownWorkdir } from '../../model/unknown-workdir.ts';
import { shownPath } from '../../report/presentation.ts';
import { tableLines } from '../../report/table.ts';
import { summarise } from '../../store/history.ts';
import type { WorkdirSummary } from '../../store/history.ts';
import { Workdir } from '../../store/workdir.ts';
import { formatBytes, formatNumber } from '../../util/quantity.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print, printJson } from '../output.ts';
import { loadProject } from '../project/project.ts';

/** A workdir in the list; without numbers where it was never used. */
interface Listed {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly isTarget: boolean;
  readonly slices: number | null;
  readonly summary: WorkdirSummary | null;
}

/** Lists workdirs as a table or as JSON. */
export async function workdir(invocation: Invocation): Promise<number> {
  const { args, process } = invocation;
  const project = await loadProject(invocation);
  const listed = namesOf(project, args.positionals).map((name) => look(project, name));
  if (isSet(args, 'json')) {
    printJson(listed, process);
    return 0;
  }
  const presentation = presentationFor(process, process.stdout);
  const { colours } = presentation;
  const heads = ['workdir', 'path', 'slices', 'finished', 'failed', 'size', 'latest'];
  const rows = listed.map(({ name, path, isTarget, slices, summary }) => [
    colours.bold(name) + (isTarget ? '*' : ''),
    shownPath(path, presentation),
    ...(summary === null
      ? [colours.dim('not used yet')]
      : [
          formatNumber(slices ?? 0),
          formatNumber(summary.jobs.finished),
          formatNumber(summary.jobs.failed + summary.jobs.timed_out),
          formatBytes(summary.sizeBytes),
          colours.cyan(summary.latest ?? ''),
        ]),
  ]);
  print(tableLines([heads.map(colours.dim), ...rows], { right: [2, 3, 4, 5] }), process);
  return 0;
}

function namesOf({ workdirs }: Project, wanted: readonly string[]): readonly string[] {
  const known = Object.keys(workdirs);
  const problems = wanted
    .filter((name) => !known.includes(name))
    .flatMap((name) => unknownWorkdir(name, known).problems);
  if (problems.length > 0) throw new UsageError(problems);
  return wanted.length === 0 ? known : wanted;
}

function look({ workdirs, targetWorkdir }: Project, name: string): Listed {
  const path = workdirs[name] ?? '';
  const facts = { name, path, isTarget: name === targetWorkdir };
  using open = Workdir.openReadonly({ name, path });
  if (open === undefined) return { ...facts, slices: null, summary: null };
  return { ...facts, slices: open.slices, summary: summarise(open) };
}
