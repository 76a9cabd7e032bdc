// `acc status`: what is being made now, and how the last run ended.

import { jobId } from '../../model/ids.ts';
import type { Colours } from '../../report/colour.ts';
import { tableLines } from '../../report/table.ts';
import { listClaims, ownerLives } from '../../store/claims.ts';
import type { ClaimRow } from '../../store/claims.ts';
import { listRuns } from '../../store/history.ts';
import type { RunRow } from '../../store/history.ts';
import type { Workdir } from '../../store/workdir.ts';
import { formatDuration } from '../../util/quantity.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { localTime, presentationFor, print, printJson } from '../output.ts';
import { Index } from '../project/open-index.ts';
import { loadProject } from '../project/project.ts';

/** A job that is being made. */
interface Running {
  readonly job: string;
  readonly method: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** False when its process has died: the next run takes the job over. */
  readonly alive: boolean;
}

/** Shows running jobs and the last run of each workdir. */
export async function status(invocation: Invocation): Promise<number> {
  const { args, process } = invocation;
  using index = Index.open(await loadProject(invocation));
  const running = index.workdirs.flatMap((workdir) =>
    listClaims(workdir).map((claim) => runningJob(workdir, claim)),
  );
  const runs = index.workdirs.flatMap((workdir) =>
    listRuns(workdir, 1).map((run) => ({ workdir: workdir.name, ...run })),
  );
  if (isSet(args, 'json')) {
    printJson({ running, runs }, process);
    return 0;
  }
  const { colours } = presentationFor(process, process.stdout);
  const rows = running.map((job) => runningRow(job, colours));
  print(rows.length === 0 ? ['Nothing is running.'] : tableLines(rows, { right: [3] }), process);
  print(
    runs.map((run) => runLine(run, colours)),
    process,
  );
  return 0;
}

function runningJob(workdir: Workdir, claim: ClaimRow): Running {
  const { method, pid, host, claimedAt: since } = claim;
  return {
    job: jobId(workdir.name, claim.number),
    method,
    pid,
    host,
    since,
    alive: ownerLives(claim),
  };
}

function runningRow({ job, method, pid, host, since, alive }: Running, colours: Colours): string[] {
  return [
    colours.cyan(job),
    method,
    alive ? colours.green('running') : colours.yellow('left behind'),
    formatDuration(Date.now() - Date.parse(since)),
    colours.dim(`process ${pid} on ${host}`),
  ];
}

function runLine(run: RunRow & { readonly workdir: string }, colours: Colours): string {
  const what = `last run in ${run.workdir}: ${colours.bold(run.script)} at ${localTime(run.startedAt)}`;
  if (run.endedAt === null) return `${what}, ${colours.yellow('not ended')} (process ${run.pid})`;
  const took = formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt));
  const counts = `built ${run.built ?? 0}, reused ${run.reused ?? 0}, failed ${run.failed ?? 0}`;
  const ended = run.exitCode === 0 ? '' : colours.red(`, exit code ${run.exitCode ?? 'unknown'}`);
  return `${what}, ${counts} in ${took}${ended}`;
}
