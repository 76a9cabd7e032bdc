// A worker whose stages are plain functions of a bundle, so that the exec room can be tested without methods.
// A stage function is given the host and its task; what it returns travels as JSON.

import { pathToFileURL } from 'node:url';

import type { ThreadRequest } from '../../src/exec/protocol.ts';
import { serveStages } from '../../src/exec/worker/worker-loop.ts';
import { InvalidOutputError } from '../../src/model/invalid-output.ts';
import type { StageHost, StageReply, StageTask } from '../../src/model/stage.ts';

/** What a stage function of a fixture bundle is given. */
export interface FixtureContext {
  readonly host: StageHost;
  readonly task: StageTask;
  readonly sliceno: number | undefined;
  /** Decodes what an earlier stage returned. */
  readonly decode: (bytes: Uint8Array | undefined) => unknown;
  /** Returned by a stage that finishes early. */
  readonly early: (result?: unknown) => unknown;
  readonly InvalidOutputError: typeof InvalidOutputError;
}

class Early {
  readonly result: unknown;

  constructor(result: unknown) {
    this.result = result;
  }
}

async function runStage(task: StageTask, host: StageHost): Promise<StageReply> {
  if (task.sealOnly) return reply(task, undefined, false);
  const module = (await import(pathToFileURL(task.job.bundle).href)) as Record<
    string,
    (context: FixtureContext) => unknown
  >;
  const value = await module[task.stage.name]?.({
    host,
    task,
    sliceno: task.stage.name === 'analysis' ? task.stage.sliceno : undefined,
    decode,
    early: (result) => new Early(result),
    InvalidOutputError,
  });
  return value instanceof Early ? reply(task, value.result, true) : reply(task, value, false);
}

/** Results are shown as registered files as well, because the engine's thread is not given them. */
function reply(task: StageTask, value: unknown, finishedEarly: boolean): StageReply {
  const files = { ...task.state.files };
  if (value !== undefined) files[JSON.stringify(value)] = null;
  return {
    ...(value === undefined ? {} : { result: Buffer.from(JSON.stringify(value)) }),
    finishedEarly,
    openDatasets: [],
    finishedDatasets: [],
    files,
    tempFiles: [],
  };
}

function decode(bytes: Uint8Array | undefined): unknown {
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
}

const carryOut: (request: ThreadRequest) => Promise<void> = serveStages(runStage);
// Piscina calls the default export.
// oxlint-disable-next-line import/no-default-export
export default carryOut;
