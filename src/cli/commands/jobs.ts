// `acc jobs`: lists jobs of all workdirs, newest first, those that are being made on top.

import { UsageError } from '../../model/errors.ts';
import { jobId, parseJobId } from '../../model/ids.ts';
import type { Project } from '../../model/project.ts';
import type { Colours } from '../../report/colour.ts';
import { tableLines } from '../../report/table.ts';
import { listClaims, ownerLives } from '../../store/claims.ts';
import { listJobs } from '../../store/history.ts';
import type { JobFilter, JobRow } from '../../store/history.ts';
import type { JobState } from '../../store/index-job.ts';
import type { Workdir } from '../../store/workdir.ts';
import { durationMs } from '../../util/duration.ts';
import { didYouMean } from '../../util/nearest.ts';
import { oneLine } from '../../util/one-line.ts';
import { formatBytes, formatDuration, plural } from '../../util/quantity.ts';
import { isSet, numberOf, textOf } from '../args.ts';
import type { Args } from '../args.ts';
import type { Invocation } from '../command.ts';
import { localTime, presentationFor, print, printJson, tell } from '../output.ts';
import { openCatalog } from '../project/open-catalog.ts';
import { Index } from '../project/open-index.ts';
import { loadProject } from '../project/project.ts';

/** What the list calls jobs: their states, and the marks that it shows in place of them. */
const STATES = [
  'running',
  'finished',
  'tainted',
  'damaged',
  'failed',
  'timed_out',
  'cancelled',
  'unfinished',
] as const;
const MOST = 50;

/** A job in the list. */
interface Listed {
  readonly id: string;
  readonly method: string;
  readonly state: JobState | 'running';
  readonly name: string;
  readonly caption: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly execMs: number | null;
  readonly sizeBytes: number;
  readonly tainted: string | null;
  readonly damaged: JobRow['damaged'];
}

/** What to list. */
interface Filter {
  readonly methods: readonly string[];
  readonly state: (typeof STATES)[number] | undefined;
  /** ISO 8601, UTC. */
  readonly since: string | undefined;
  readonly most: number;
}

/** Lists jobs as a table or as JSON. */
export async function jobs(invocation: Invocation): Promise<number> {
  const { args, process } = invocation;
  const filter = filterOf(args);
  const project = await loadProject(invocation);
  const workdir = textOf(args, 'workdir');
  using index = Index.open(project, workdir === undefined ? [] : [workdir]);
  refuseUnknown(filter.methods, { index, project, workdir });
  const all = index.workdirs
    .flatMap((one) => [...running(one, filter), ...ended(one, filter)])
    .toSorted((a, b) => compareText(b.startedAt, a.startedAt));
  const listed = all.slice(0, filter.most);
  if (isSet(args, 'json')) {
    printJson(listed, process);
    return 0;
  }
  if (listed.length === 0) {
    tell(['No jobs.'], process);
    return 0;
  }
  print(
    tableLines(rows(listed, presentationFor(process, process.stdout).colours), {
      right: [4, 5],
      ...(process.stdout.isTTY ? { width: process.stdout.columns } : {}),
    }),
    process,
  );
  const hidden = all.length - listed.length;
  if (hidden > 0 && process.stdout.isTTY) {
    tell([`At least ${plural(hidden, 'more job')}: --max N shows more.`], process);
  }
  return 0;
}

function filterOf(args: Args): Filter {
  const state = textOf(args, 'state');
  const since = textOf(args, 'since');
  return {
    methods: args.positionals,
    state: state === undefined ? undefined : jobState(state),
    since: since === undefined ? undefined : pointInTime(since),
    most: numberOf(args, 'max') ?? MOST,
  };
}

/** A method that has no job is fine, as long as there is such a method. */
function refuseUnknown(
  methods: readonly string[],
  {
    index,
    project,
    workdir,
  }: { readonly index: Index; readonly project: Project; readonly workdir: string | undefined },
): void {
  const withJobs = new Set(index.workdirs.flatMap(methodsWithJobs));
  const others = methods.filter((method) => !withJobs.has(method));
  if (others.length === 0) return;
  const sources = openCatalog(project).sources();
  const known = new Set([...sources.map(({ name }) => name), ...withJobs]);
  const unknown = others.filter((method) => !known.has(method));
  if (unknown.length === 0) return;
  const where = workdir === undefined ? '' : ` in workdir ${workdir}`;
  throw new UsageError(
    unknown.map((name) => ({
      code: 'unknown_method',
      message: `There is no job of a method "${name}"${where}, and no such method`,
      hint:
        parseJobId(name) === undefined
          ? didYouMean(name, known, '`acc method` lists the methods there are.')
          : `To show a job: acc job ${name}`,
    })),
  );
}

function methodsWithJobs(workdir: Workdir): readonly string[] {
  const sql = 'SELECT method FROM jobs UNION SELECT method FROM claims';
  return workdir.index.all<{ method: string }>(sql).map(({ method }) => method);
}

function jobState(text: string): (typeof STATES)[number] {
  const state = STATES.find((candidate) => candidate === text);
  if (state !== undefined) return state;
  throw new UsageError({
    code: 'invalid_flag',
    message: `Expected --state to be one of ${STATES.join(', ')}, got "${text}"`,
    hint: didYouMean(text, STATES),
  });
}

function pointInTime(text: string): string {
  const ago = durationMs(text);
  const time = ago === undefined ? Date.parse(text) : Date.now() - ago;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new UsageError({
    code: 'invalid_flag',
    message: `Expected --since to be a length of time or a date, got "${text}"`,
    hint: 'As in --since 2h, --since 3d or --since 2024-01-31.',
  });
}

function running(workdir: Workdir, { methods, state, since }: Filter): Listed[] {
  if (state !== undefined && state !== 'running') return [];
  return listClaims(workdir)
    .filter((claim) => ownerLives(claim))
    .filter((claim) => methods.length === 0 || methods.includes(claim.method))
    .filter((claim) => since === undefined || claim.claimedAt >= since)
    .map((claim) => ({
      id: jobId(workdir.name, claim.number),
      method: claim.method,
      state: 'running',
      name: claim.method,
      caption: '',
      startedAt: claim.claimedAt,
      endedAt: null,
      execMs: null,
      sizeBytes: 0,
      tainted: null,
      damaged: null,
    }));
}

function ended(workdir: Workdir, { methods, state, since, most }: Filter): Listed[] {
  if (state === 'running') return [];
  const restriction = {
    ...(state === undefined ? {} : stateFilter(state)),
    ...(since === undefined ? {} : { since }),
    limit: most + 1,
  };
  const found: JobRow[] =
    methods.length === 0
      ? listJobs(workdir, restriction)
      : methods.flatMap((method) => listJobs(workdir, { ...restriction, method }));
  return found.map((job) => ({
    id: job.id,
    method: job.method,
    state: job.state,
    name: job.name,
    caption: job.caption,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    execMs: job.execMs?.total ?? null,
    sizeBytes: job.sizeBytes,
    tainted: job.tainted,
    damaged: job.damaged,
  }));
}

function stateFilter(state: JobState | 'tainted' | 'damaged'): JobFilter {
  return state === 'tainted' || state === 'damaged' ? { mark: state } : { state };
}

function rows(listed: readonly Listed[], colours: Colours): string[][] {
  return [
    ['job', 'method', 'state', 'started', 'took', 'size', 'caption'].map(colours.dim),
    ...listed.map((job) => [
      colours.cyan(job.id),
      job.method,
      stateText(job, colours),
      localTime(job.startedAt),
      job.execMs === null ? '' : formatDuration(job.execMs),
      job.sizeBytes === 0 ? '' : formatBytes(job.sizeBytes),
      oneLine(
        [job.name === job.method ? '' : job.name, job.caption]
          .filter((text) => text !== '')
          .join(': '),
      ),
    ]),
  ];
}

function stateText({ state, tainted, damaged }: Listed, colours: Colours): string {
  switch (state) {
    case 'finished':
      if (damaged !== null) return colours.red('damaged');
      return tainted === null ? 'finished' : colours.yellow('tainted');
    case 'running':
      return colours.green(state);
    case 'failed':
    case 'timed_out':
      return colours.red(state);
    case 'cancelled':
    case 'unfinished':
      return colours.yellow(state);
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
