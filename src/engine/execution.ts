// One execution of one job, from its claim to its published directory or its recorded failure.
// Unaware of look-up, retries and waiting for other processes: the engine decides whether to execute at all.

import { copyFileSync, linkSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';

import type { ExecFailure, JobOutcome, JobRun } from '../exec/job-run.ts';
import type { FileDigests } from '../key/file-digest.ts';
import { jobDigest } from '../key/job-key.ts';
import type { Failure } from '../model/failure.ts';
import type { FileRecord, InputFileRecord, Post, Setup, SubjobRecord } from '../model/manifest.ts';
import type { JobTask } from '../model/stage.ts';
import type { Claim } from '../store/claims.ts';
import { markDamaged } from '../store/damage.ts';
import type { FinishedJob } from '../store/lookup.ts';
import type { Workdir } from '../store/workdir.ts';
import { crashPoint } from '../util/crash-point.ts';
import type { BuildRequest } from './build-request.ts';
import type { BuildContent } from './input-content.ts';

/** What is the same for all executions of a run. */
export interface ExecutionSurroundings {
  readonly files: FileDigests;
  readonly workdirPaths: JobTask['workdirs'];
  readonly inputDirectory: string;
  readonly resultDirectory: string;
  readonly projectDirectory: string;
  /** Where the standard methods are. */
  readonly standardDirectory: string;
  /** Relative to the project; `null` outside a script. */
  readonly script: string | null;
  readonly run: number;
  readonly accVersion: string;
}

/** One execution. */
export interface Execution {
  readonly request: BuildRequest;
  readonly content: BuildContent;
  readonly workdir: Workdir;
  readonly claim: Claim;
  /** Starts the stages; resolves when nothing of the job runs any more. */
  readonly start: (run: Pick<JobRun, 'task' | 'limits'>) => Promise<JobOutcome>;
  /** Subjobs built up to now; read when the stages have ended. */
  readonly subjobs: ReadonlyMap<string, SubjobRecord>;
  /** Methods of subjobs that the same call may make from other inputs another time. */
  readonly unrepeatable: ReadonlySet<string>;
}

/** How an execution ended. */
export type Executed =
  | {
      readonly ok: true;
      readonly job: FinishedJob;
      readonly post: Post;
      /** As in `JobOutcome`. */
      readonly tailMs: number;
    }
  | { readonly ok: false; readonly failure: Failure; readonly totalMs: number };

/** Runs the stages of a claimed job and publishes it, or records its failure. Also when it throws, the claim has ended. */
export async function execute(
  surroundings: ExecutionSurroundings,
  execution: Execution,
): Promise<Executed> {
  const { claim, request, workdir } = execution;
  const setup = makeSetup(surroundings, execution);
  const ended = await releaseOnError(execution, () => {
    workdir.writeSetup(claim, setup);
    keepCode(request.code.bundle, claim.path);
    crashPoint('stage_started');
    return execution.start({
      task: jobTask(surroundings, execution, setup),
      limits: limits(request),
    });
  });
  crashPoint('stage_ended');
  if (!ended.ok) return failed(execution, setup, atCall(surroundings, execution, ended));
  const files = hashedFiles(ended.state.files);
  if (files.missing.length > 0) {
    const failure: ExecFailure = {
      kind: 'invalid_output',
      stage: { name: 'publish' },
      lastOutput: [],
      message: `registered files were not there at the end: ${files.missing.join(', ')}`,
    };
    return failed(execution, setup, { failure, execMs: ended.execMs });
  }
  const changed = await releaseOnError(execution, () => changedInputs(surroundings, execution));
  const { manifest } = execution.content;
  const post: Post = {
    version: 1,
    digest: jobDigest({
      method: manifest.method,
      options: manifest.options,
      files: files.hashed,
      datasets: ended.state.finishedDatasets,
      previous: previousDigest(manifest.jobs['previous']),
    }),
    endedAt: new Date().toISOString(),
    execMs: ended.execMs,
    files: files.hashed,
    datasets: ended.state.finishedDatasets,
    subjobs: [...execution.subjobs.values()],
    ...taint(changed, execution.unrepeatable),
  };
  const job = await workdir.publish(claim, setup, post);
  return { ok: true, job, post, tailMs: ended.tailMs };
}

/**
 * Whether a parent is current is told by building its subjobs in thought, from the inputs that they had: where these may
 * be others, nothing can be told.
 */
function taint(
  changed: readonly string[],
  unrepeatable: ReadonlySet<string>,
): Pick<Post, 'tainted'> {
  if (changed.length > 0) return { tainted: `changed while the job ran: ${changed.join(', ')}` };
  if (unrepeatable.size === 0) return {};
  const names = [...unrepeatable].toSorted().join(', ');
  return { tainted: `it built ${names} with options that another look may make different` };
}

/** Gives up the claim when `work` throws: nobody is to wait for ever for a job that is not being made. */
export async function releaseOnError<T>(
  { workdir, claim }: Pick<Execution, 'workdir' | 'claim'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    workdir.release(claim);
    throw error;
  }
}

function failed(
  { claim, request, workdir }: Execution,
  setup: Setup,
  ended: { failure: ExecFailure; execMs: Post['execMs'] },
): Executed {
  const failure: Failure = {
    ...withDamageMarked(ended.failure),
    job: claim.id,
    method: request.code.name,
  };
  workdir.fail(claim, setup, failure, ended.execMs);
  return { ok: false, failure, totalMs: ended.execMs.total };
}

/** What a stage of a standard method has against its inputs is the mistake of the build call, and is told there. */
function atCall<T extends { readonly failure: ExecFailure }>(
  { standardDirectory }: ExecutionSurroundings,
  { request }: Execution,
  ended: T,
): T {
  const { failure } = ended;
  if (failure.kind !== 'threw' || failure.error.problems === undefined) return ended;
  if (dirname(request.code.file) !== standardDirectory) return ended;
  const where = request.callSite?.();
  const problems = failure.error.problems.map((problem) =>
    where === undefined ? problem : { where, ...problem },
  );
  const error = { ...failure.error, problems, stack: [], ofCall: true as const };
  return { ...ended, failure: { ...failure, error } };
}

/** A job that was found to be damaged is not to be found again. */
function withDamageMarked(failure: ExecFailure): ExecFailure {
  if (failure.kind !== 'threw' || failure.error.damagedFile === undefined) return failure;
  const { error } = failure;
  const damagedJob = markDamaged(failure.error.damagedFile, error.message);
  return damagedJob === undefined ? failure : { ...failure, error: { ...error, damagedJob } };
}

function makeSetup(surroundings: ExecutionSurroundings, execution: Execution): Setup {
  const { claim, content, request } = execution;
  const { settings } = request;
  return {
    version: 1,
    id: claim.id,
    method: request.code.name,
    key: claim.key,
    manifest: content.manifest,
    inputs: request.inputs,
    inputFiles: content.inputFiles,
    inputDirectory: surroundings.inputDirectory,
    slices: content.manifest.slices,
    seed: Math.floor(Math.random() * 2 ** 53),
    parent: request.parent?.id ?? null,
    script: surroundings.script,
    run: surroundings.run,
    name: settings.name,
    caption: settings.caption,
    labels: settings.labels,
    unsound: request.code.unsound,
    startedAt: new Date().toISOString(),
    host: hostname(),
    versions: { acc: surroundings.accVersion, node: process.versions.node },
  };
}

/** Keeps the code that runs with the job: a hard link where the file system allows it, else a copy. */
function keepCode(bundle: string, jobPath: string): void {
  for (const suffix of ['', '.map']) {
    const target = resolve(jobPath, `method.mjs${suffix}`);
    try {
      linkSync(bundle + suffix, target);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw error;
      copyFileSync(bundle + suffix, target);
    }
  }
}

function jobTask(
  surroundings: ExecutionSurroundings,
  { claim, request }: Execution,
  setup: Setup,
): JobTask {
  return {
    setup,
    path: claim.path,
    bundle: request.code.bundle,
    stages: request.shape.stages,
    datasets: request.shape.datasets,
    jobs: request.shape.jobs,
    workdirs: surroundings.workdirPaths,
    resultDirectory: surroundings.resultDirectory,
    projectDirectory: surroundings.projectDirectory,
  };
}

function limits({ shape, settings }: BuildRequest): JobRun['limits'] {
  const concurrency = settings.concurrency ?? shape.concurrency;
  const timeoutMs = settings.timeoutMs ?? shape.timeoutMs;
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(shape.memoryLimitMb === undefined ? {} : { memoryLimitMb: shape.memoryLimitMb }),
  };
}

function hashedFiles(files: Readonly<Record<string, FileRecord | null>>): {
  hashed: Record<string, FileRecord>;
  missing: string[];
} {
  const hashed: [string, FileRecord][] = [];
  const missing: string[] = [];
  for (const [name, record] of Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (record === null) missing.push(name);
    else hashed.push([name, record]);
  }
  return { hashed: Object.fromEntries(hashed), missing };
}

/** Looks at every file in the key again: one that changed meanwhile may have been read before or after. */
async function changedInputs(
  { files, inputDirectory }: ExecutionSurroundings,
  { content, request }: Execution,
): Promise<string[]> {
  const methodDirectory = dirname(request.code.file);
  const changed = (directory: string, records: readonly InputFileRecord[]): Promise<string[]>[] =>
    records.map(async (file) =>
      (await files.changedSince(resolve(directory, file.path), file)) ? [file.path] : [],
    );
  const looks = [
    ...changed(inputDirectory, content.inputFiles),
    ...changed(methodDirectory, content.dependsOn),
  ];
  return (await Promise.all(looks)).flat();
}

function previousDigest(
  previous: BuildContent['manifest']['jobs'][string] | undefined,
): Post['digest'] | null {
  return previous === null || previous === undefined || !('digest' in previous)
    ? null
    : previous.digest;
}
