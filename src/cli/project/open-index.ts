// The workdirs of a project, opened for looking only: commands that ask never change anything.

import { existsSync } from 'node:fs';

import { UsageError } from '../../model/errors.ts';
import { splitJobId } from '../../model/ids.ts';
import type { JobId } from '../../model/ids.ts';
import type { Project } from '../../model/project.ts';
import { unknownWorkdir } from '../../model/unknown-workdir.ts';
import { jobDirectories } from '../../store/reconcile.ts';
import type { WorkdirPlace } from '../../store/workdir-place.ts';
import { Workdir } from '../../store/workdir.ts';

/** Open workdirs, the target first. Those that were never used are missing. */
export class Index {
  readonly workdirs: readonly Workdir[];

  private constructor(workdirs: readonly Workdir[]) {
    this.workdirs = workdirs;
  }

  /** Opens the workdirs of a project, or only those that are named. Throws `UsageError` for unknown names and lost indexes. */
  static open(project: Project, names: readonly string[] = []): Index {
    const known = Object.keys(project.workdirs);
    for (const name of names) if (!known.includes(name)) throw unknownWorkdir(name, known);
    const wanted = names.length > 0 ? names : targetFirst(project);
    return new Index(
      wanted.flatMap((name) => {
        const path = project.workdirs[name] ?? '';
        const workdir = Workdir.openReadonly({ name, path });
        if (workdir === undefined) refuseLostIndex({ name, path });
        return workdir ?? [];
      }),
    );
  }

  /** The workdir that a job belongs to; `undefined` when it is not open. */
  of(job: JobId): Workdir | undefined {
    const name = splitJobId(job)?.workdir;
    return this.workdirs.find((workdir) => workdir.name === name);
  }

  [Symbol.dispose](): void {
    for (const workdir of this.workdirs) workdir.close();
  }
}

/** A workdir that was never used has no index; one with jobs has lost it, and must not look empty. */
function refuseLostIndex(place: WorkdirPlace): void {
  if (!existsSync(place.path) || jobDirectories(place).length === 0) return;
  throw new UsageError({
    code: 'lost_index',
    message: `Workdir ${place.name} has jobs, but its index is gone: ${place.path}`,
    hint: '`acc db rebuild` makes it anew from the job directories; so does the next run.',
  });
}

function targetFirst({ workdirs, targetWorkdir }: Project): string[] {
  return [targetWorkdir, ...Object.keys(workdirs).filter((name) => name !== targetWorkdir)];
}
