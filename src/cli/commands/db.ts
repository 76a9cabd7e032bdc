// `acc db rebuild`: makes the index of workdirs anew from their job directories.

import { existsSync } from 'node:fs';

import { UsageError } from '../../model/errors.ts';
import { unknownWorkdir } from '../../model/unknown-workdir.ts';
import type { Presentation } from '../../report/presentation.ts';
import { shownPath } from '../../report/presentation.ts';
import { rebuild } from '../../store/rebuild.ts';
import type { RebuildReport } from '../../store/rebuild.ts';
import { plural } from '../../util/quantity.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print, printJson } from '../output.ts';
import { loadProject } from '../project/project.ts';

/** Rebuilds the named workdirs, or all that were ever used, and tells what was found. */
export async function db(invocation: Invocation): Promise<number> {
  const { args, process } = invocation;
  const project = await loadProject(invocation);
  const [, ...names] = args.positionals;
  const known = Object.keys(project.workdirs);
  const problems = names
    .filter((name) => !known.includes(name))
    .flatMap((name) => unknownWorkdir(name, known).problems);
  if (problems.length > 0) throw new UsageError(problems);
  const wanted = names.length === 0 ? known : names;
  const used = wanted.filter((name) => existsSync(project.workdirs[name] ?? ''));
  const reports = used.map((name) => {
    const path = project.workdirs[name] ?? '';
    const { resultDirectory } = project;
    return { workdir: name, ...rebuild({ name, path, resultDirectory }) };
  });
  if (isSet(args, 'json')) printJson(reports, process);
  else {
    const presentation = presentationFor(process, process.stdout);
    print(
      reports.flatMap((report) => reportLines(report, presentation)),
      process,
    );
  }
  return 0;
}

function reportLines(
  report: RebuildReport & { readonly workdir: string },
  presentation: Presentation,
): string[] {
  const { colours } = presentation;
  const { workdir, finished, unfinished, unreadable, setAside } = report;
  const counts = `${plural(finished, 'finished job')}, ${unfinished} unfinished`;
  return [
    `${colours.bold(workdir)}  indexed ${counts}`,
    ...unreadable.map((path) => {
      return `    ${colours.yellow('unreadable')}  ${shownPath(path, presentation)}`;
    }),
    ...(setAside === null
      ? []
      : [
          `    The old index was damaged; it was put aside as ${shownPath(setAside, presentation)}`,
        ]),
  ];
}
