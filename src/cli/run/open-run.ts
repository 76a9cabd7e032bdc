// Wires the rooms for one run of a build script: index, file digests, engine, and what build calls need.
// The executor is behind an import that only the first miss reaches.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Engine } from '../../engine/engine.ts';
import { MethodLookup } from '../../engine/method-lookup.ts';
import { Workdirs } from '../../engine/workdirs.ts';
import type { Executor } from '../../exec/executor.ts';
import { FileDigests } from '../../key/file-digest.ts';
import type { MethodCatalog } from '../../key/method-catalog.ts';
import type { JobHost } from '../../method/job/job-host.ts';
import type { OnEvent } from '../../model/event.ts';
import { splitJobId } from '../../model/ids.ts';
import type { Project } from '../../model/project.ts';
import { jobErrorText } from '../../report/failure-text.ts';
import { linkResult } from '../../store/results.ts';
import { Builder } from '../../urd/builder.ts';
import { OptionValidator } from '../../urd/option-validator.ts';
import { enginePackage } from '../project/engine-package.ts';
import type { RunSettings } from './run-script-file.ts';

/** Jobs that may be started per worker thread: while one waits for the disk, another one can use the thread. */
const JOBS_PER_THREAD = 2;

/** A run that has begun. */
export interface OpenRun {
  /** Its number in the index; 0 for a dry run, which is not recorded. */
  readonly run: number;
  readonly engine: Engine;
  readonly builder: Builder;
  readonly workdirs: Workdirs;
  /** Records how the run ended. */
  recordEnd(exitCode: number): void;
  /** Ends threads and writes what is held back. */
  close(): Promise<void>;
}

/** What a run is made from. */
export interface OpenRunOptions {
  readonly project: Project;
  readonly settings: RunSettings;
  readonly catalog: MethodCatalog;
  /** Relative to the project. */
  readonly script: string;
  /** Methods that the script names. */
  readonly methods: readonly string[];
  readonly onEvent: OnEvent;
}

/** Opens the workdirs, records that a run began, and makes its engine. */
export function openRun(options: OpenRunOptions): OpenRun {
  const { project, settings, catalog, script, onEvent } = options;
  const files = FileDigests.open(project.cacheDirectory);
  const workdirs = new Workdirs({
    paths: project.workdirs,
    target: project.targetWorkdir,
    slices: project.slices,
    resultDirectory: project.resultDirectory,
  });
  const run = settings.dryRun ? 0 : recordStart(options, workdirs);
  onEvent({
    type: 'run_started',
    run,
    script,
    workdir: project.targetWorkdir,
    dryRun: settings.dryRun,
    methods: options.methods,
  });
  const { engine, builder } = wire(options, { files, workdirs, run });
  return {
    run,
    engine,
    builder,
    workdirs,
    recordEnd: (exitCode) => {
      if (settings.dryRun) return;
      const { counts } = engine.log;
      workdirs.target.endRun({ run, exitCode, counts, jobs: engine.log.jobs() });
    },
    close: async () => {
      await engine[Symbol.asyncDispose]();
      catalog.save();
      files.save();
      workdirs.flush();
    },
  };
}

function wire(
  { project, settings, catalog, script, onEvent }: OpenRunOptions,
  { files, workdirs, run }: { files: FileDigests; workdirs: Workdirs; run: number },
): Pick<OpenRun, 'engine' | 'builder'> {
  const methods = new MethodLookup(catalog);
  const engine = new Engine({
    workdirs,
    files,
    makeExecutor: () => makeExecutor(project.concurrency),
    surroundings: {
      inputDirectory: project.inputDirectory,
      resultDirectory: project.resultDirectory,
      projectDirectory: project.root,
      standardDirectory: enginePackage().standardMethods,
      script,
      run,
      accVersion: enginePackage().version,
    },
    concurrency: JOBS_PER_THREAD * (project.concurrency ?? availableParallelism()),
    dryRun: settings.dryRun,
    force: settings.force,
    currentMethod: (name) => methods.current(name),
    resolveSubjob: (request, parent) => builder.subjobRequest(request, parent),
    describeFailure: jobErrorText,
    onEvent,
  });
  const validator = new OptionValidator({
    memo: {
      get: (code, raw) => workdirs.target.getMemo(code, raw),
      put: (code, raw, json) => workdirs.target.putMemo(code, raw, json),
    },
    inputDirectory: project.inputDirectory,
  });
  const jobHost = scriptJobHost(project, workdirs, run);
  const builder = new Builder({ engine, methods, validator, jobHost, force: settings.force });
  return { engine, builder };
}

function recordStart({ settings, script }: OpenRunOptions, { target }: Workdirs): number {
  return target.startRun({
    script,
    argv: process.argv.slice(2),
    flags: settings.flags,
    accVersion: enginePackage().version,
  });
}

async function makeExecutor(concurrency: number | undefined): Promise<Executor> {
  const { Executor: Loaded } = await import('../../exec/executor.ts');
  const worker = pathToFileURL(join(enginePackage().directory, 'dist/worker.cjs'));
  return new Loaded({ worker, ...(concurrency === undefined ? {} : { concurrency }) });
}

/** What jobs can do in a build script: everything, and make result links. */
function scriptJobHost(project: Project, workdirs: Workdirs, run: number): JobHost {
  const { resultDirectory } = project;
  return {
    workdirs: project.workdirs,
    place: 'build_script',
    linkResult: ({ job, name, linkName, header, description }) => {
      const workdir = workdirs.named(splitJobId(job)?.workdir ?? '');
      const link = linkResult(workdir, {
        resultDirectory,
        job,
        file: name,
        run,
        ...(linkName === undefined ? {} : { linkName }),
        ...(header === undefined ? {} : { header }),
        ...(description === undefined ? {} : { description }),
      });
      return join(resultDirectory, link);
    },
  };
}
