// Runs the stages of a job one by one, from a method that is given as text.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runStage } from '../../src/method/stage/run-stage.ts';
import { decodeValue } from '../../src/method/stage/stage-codec.ts';
import type { Setup } from '../../src/model/manifest.ts';
import type {
  JobTask,
  StageHost,
  StageReply,
  StageState,
  StageTask,
} from '../../src/model/stage.ts';
import { NO_STATE, testHost } from './job-fixture.ts';
import type { TestWorkdir } from './job-fixture.ts';

let number = 0;

/** A job whose stages are run one by one. */
export class RunningJob {
  readonly task: JobTask;
  readonly #workdir: TestWorkdir;
  state: StageState = NO_STATE;

  /** `definition` is what stands between the braces of `defineMethod({…})`. */
  constructor(
    workdir: TestWorkdir,
    definition: string,
    facts: { setup?: Partial<Setup>; task?: Partial<JobTask> } = {},
  ) {
    this.#workdir = workdir;
    number++;
    const bundle = join(workdir.path, `bundle-${number}.mjs`);
    const engine = join(import.meta.dirname, '../../src/index.ts');
    const imports = `import { dataset, defineMethod, inputFile, job, jobFile, merge, z } from '${engine}';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';`;
    writeFileSync(bundle, `${imports}\nexport default defineMethod({${definition}});`);
    const setup = workdir.begin(number, facts.setup);
    this.task = workdir.task(setup, { bundle, ...facts.task });
  }

  /** Runs one stage. */
  run(
    stage: StageTask['stage'],
    settings: { host?: Partial<StageHost>; sealOnly?: boolean } = {},
  ): Promise<StageReply> {
    const { host = {}, sealOnly = false } = settings;
    return runStage({ job: this.task, stage, sealOnly, state: this.state }, testHost(host));
  }

  /** Runs synthesis. */
  synthesis(host: Partial<StageHost> = {}): Promise<StageReply> {
    return this.run({ name: 'synthesis' }, { host });
  }

  /** What a stage returned. */
  value(reply: { readonly result?: Uint8Array }): unknown {
    return reply.result === undefined
      ? undefined
      : decodeValue(reply.result, this.#workdir.stageHost);
  }

  /** What the job keeps as its result. */
  result(): unknown {
    return decodeValue(readFileSync(this.path('result.msgpack')), this.#workdir.stageHost);
  }

  /** Absolute path of a file in the job. */
  path(name: string): string {
    return join(this.task.path, name);
  }

  /** Text of a file in the job. */
  file(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }
}
