// Makes job directories by hand, as the engine leaves them, and hosts to look at them with.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { JobHost } from '../../src/method/job/job-host.ts';
import { Job } from '../../src/method/job/job.ts';
import type { JobId, JobKey } from '../../src/model/ids.ts';
import { digest, jobId } from '../../src/model/ids.ts';
import type { FileRecord, InputRefs, Post, Setup } from '../../src/model/manifest.ts';
import type { JobTask, StageHost, StageState } from '../../src/model/stage.ts';
import { sha256 } from '../../src/util/sha256.ts';
import { testSetup } from '../rig/setup.ts';

/** A workdir in a temporary directory that is removed with it. */
export class TestWorkdir {
  readonly path = mkdtempSync(join(tmpdir(), 'acc-method-'));
  readonly scriptHost: JobHost = { workdirs: { dev: this.path }, place: 'build_script' };
  readonly stageHost: JobHost = { workdirs: { dev: this.path }, place: 'stage' };

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }

  /** Makes the directory of a job with its `setup.json`. */
  begin(number: number, facts: Partial<Setup> = {}): Setup {
    const setup = exampleSetup(number, { inputDirectory: this.path, ...facts });
    this.write(setup.id, 'setup.json', JSON.stringify(setup));
    return setup;
  }

  /** Makes a finished job with some files. */
  finish(
    number: number,
    facts: {
      setup?: Partial<Setup>;
      inputs?: Partial<InputRefs>;
      files?: Record<string, string>;
    } = {},
  ): JobId {
    const { files = {} } = facts;
    const inputs = { options: {}, datasets: {}, jobs: {}, ...facts.inputs };
    const { id } = this.begin(number, { ...facts.setup, inputs });
    const records = Object.entries(files).map(([name, content]): [string, FileRecord] => {
      this.write(id, name, content);
      return [name, { sizeBytes: content.length, digest: digest(sha256(content)) }];
    });
    this.write(id, 'post.json', JSON.stringify(testPost(id, Object.fromEntries(records))));
    return id;
  }

  /** Writes a file into the directory of a job. */
  write(id: string, name: string, content: string | Uint8Array): void {
    const path = join(this.path, id, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** Gives a job as a build script sees it, or as a stage sees one of its inputs. */
  job(number: number, place: 'script' | 'stage' = 'script'): Job {
    const host = place === 'script' ? this.scriptHost : this.stageHost;
    return new Job({ id: jobId('dev', number), host });
  }

  /** What all stages of a job are given. */
  task(setup: Setup, facts: Partial<JobTask> = {}): JobTask {
    return {
      setup,
      path: join(this.path, setup.id),
      bundle: '',
      stages: [],
      datasets: {},
      jobs: {},
      workdirs: { dev: this.path },
      resultDirectory: join(this.path, 'results'),
      projectDirectory: this.path,
      ...facts,
    };
  }
}

/** What a job has before its first stage. */
export const NO_STATE: StageState = {
  openDatasets: [],
  finishedDatasets: [],
  files: {},
  tempFiles: [],
};

/** Doors of a stage that lead nowhere, but for those that are given. */
export function testHost(doors: Partial<StageHost> = {}): StageHost {
  return {
    output: () => {},
    status: () => {},
    rows: () => {},
    planned: () => {},
    build: () => Promise.reject(new Error('no build in this test')),
    signal: new AbortController().signal,
    ...doors,
  };
}

/** A record of what went into a job, with plain values for what does not matter. */
function exampleSetup(number: number, facts: Partial<Setup> = {}): Setup {
  const key = sha256(`key ${number}`) as JobKey;
  return testSetup({ id: jobId('dev', number), method: 'example', key, ...facts });
}

function testPost(id: string, files: Post['files']): Post {
  return {
    version: 1,
    digest: digest(sha256(`outputs of ${id}`)),
    endedAt: '2024-05-06T07:08:10.000Z',
    execMs: { total: 1 },
    files,
    datasets: [],
    subjobs: [],
  };
}
