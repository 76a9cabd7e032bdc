// The workdirs of a project, opened for looking only: commands that ask never change anything.

import { splitJobId } from '../../model/ids.ts';
import type { JobId } from '../../model/ids.ts';
import type { Project } from '../../model/project.ts';
import { Workdir } from '../../store/workdir.ts';
import { unknownWorkdir } from './project.ts';

/** Open workdirs, the target first. Those that were never used are missing. */
export class Index {
  readonly workdirs: readonly Workdir[];

  private constructor(workdirs: readonly Workdir[]) {
    this.workdirs = workdirs;
  }

  /** Opens the workdirs of a project, or only those that are named. Throws `UsageError` for unknown names. */
  static open(project: Project, names: readonly string[] = []): Index {
    const known = Object.keys(project.workdirs);
    for (const name of names) if (!known.includes(name)) throw unknownWorkdir(name, known);
    const wanted = names.length > 0 ? names : targetFirst(project);
    return new Index(
      wanted.flatMap((name) => {
        const path = project.workdirs[name] ?? '';
        return Workdir.openReadonly({ name, path }) ?? [];
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

function targetFirst({ workdirs, targetWorkdir }: Project): string[] {
  return [targetWorkdir, ...Object.keys(workdirs).filter((name) => name !== targetWorkdir)];
}
