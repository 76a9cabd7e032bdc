// A temporary directory with a built fixture worker, an executor on it, and jobs whose stages are given as text.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import { Executor } from '../../src/exec/executor.ts';
import type { ExecutorOptions } from '../../src/exec/executor.ts';
import type { JobNotice, JobOutcome, JobRun } from '../../src/exec/job-run.ts';
import type { StageName } from '../../src/model/method-shape.ts';
import type { JobTask } from '../../src/model/stage.ts';

/** What a test says about a job; the rest has defaults. */
export interface FixtureJob extends Partial<Omit<JobRun, 'task'>> {
  /** Text of the module; a stage is run if its name is exported. */
  readonly code: string;
  readonly slices?: number;
}

/** A job that has been started. */
export interface StartedJob {
  readonly outcome: Promise<JobOutcome>;
  readonly notices: JobNotice[];
  readonly path: string;
  /** Waits until the job has printed a text. */
  printed(text: string): Promise<void>;
  /** Text of a file below `OUTPUT`. */
  output(name: string): Promise<string>;
}

/** Statement of a stage that waits until it is told to stop; to be put into an async function with `host`. */
export const UNTIL_STOPPED = `
  await new Promise((resolve) => {
    if (host.signal.aborted) resolve();
    host.signal.addEventListener('abort', resolve);
  });
`;

const STAGES: readonly StageName[] = ['prepare', 'analysis', 'synthesis'];

/** An executor on a fixture worker. */
export class ExecRig {
  readonly directory: string;
  readonly executor: Executor;
  #jobs = 0;

  private constructor(directory: string, executor: Executor) {
    this.directory = directory;
    this.executor = executor;
  }

  /** Builds the fixture worker and makes an executor; no thread is started yet. */
  static async create(options: Partial<ExecutorOptions> = {}): Promise<ExecRig> {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'acc-exec-')));
    const worker = join(directory, 'worker', 'worker.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'fixture-worker.ts')],
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      outfile: worker,
      logLevel: 'error',
    });
    const url = pathToFileURL(worker);
    return new ExecRig(directory, new Executor({ worker: url, concurrency: 2, ...options }));
  }

  /** Runs a job and returns how it ended. */
  run(job: FixtureJob): Promise<JobOutcome> {
    return this.start(job).outcome;
  }

  /** Starts a job. */
  start({ code, slices = 2, ...run }: FixtureJob): StartedJob {
    const number = this.#jobs++;
    const path = join(this.directory, `job-${number}`);
    mkdirSync(path);
    const bundle = join(this.directory, `bundle-${number}.mjs`);
    writeFileSync(bundle, code);
    const notices: JobNotice[] = [];
    const waiting: { text: string; resolve: () => void }[] = [];
    const outcome = this.executor.run({
      task: fixtureTask({ path, bundle, slices, code }),
      limits: {},
      depth: 0,
      build: () => Promise.reject(new Error('no subjobs here')),
      ...run,
      onNotice: (notice) => {
        notices.push(notice);
        if (waiting.length === 0) return;
        const text = printedText(notices);
        for (const wait of waiting) if (text.includes(wait.text)) wait.resolve();
      },
    });
    return {
      outcome,
      notices,
      path,
      printed: (text) =>
        new Promise((resolve) => {
          if (printedText(notices).includes(text)) resolve();
          else waiting.push({ text, resolve });
        }),
      output: (name) => readFile(join(path, 'OUTPUT', name), 'utf8'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.executor[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** All that was printed, in the order in which it arrived. */
export function printedText(notices: readonly JobNotice[]): string {
  return notices.map((notice) => (notice.kind === 'output' ? notice.text : '')).join('');
}

function fixtureTask(facts: {
  path: string;
  bundle: string;
  slices: number;
  code: string;
}): JobTask {
  const { path, bundle, slices, code } = facts;
  return {
    // The exec room reads nothing else of a setup.
    setup: { slices } as JobTask['setup'],
    path,
    bundle,
    stages: STAGES.filter((stage) => code.includes(`function ${stage}(`)),
    datasets: {},
    jobs: {},
    workdirs: {},
    resultDirectory: '',
    projectDirectory: '',
  };
}
