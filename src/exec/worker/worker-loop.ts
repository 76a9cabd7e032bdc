// The worker's side: carries out the stages that the engine's thread hands to this thread or process, one at a time.
// Unaware of what a stage is; `runStage` knows. Errors outside a stage's own promise end the worker, because
// whatever caused them may still be running.

import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMainThread, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

import { InvalidOutputError } from '../../model/invalid-output.ts';
import type { RunStage, StageReply, StageTask } from '../../model/stage.ts';
import type { EngineMessage, ReportedEnd, ThreadRequest } from '../protocol.ts';
import { outputFile } from '../stage-output.ts';
import { captureOutput } from './capture-output.ts';
import { serveProcess } from './process-worker.ts';
import { StageDoors } from './stage-host.ts';
import type { StageChannel } from './stage-host.ts';
import { describeThrown } from './thrown-error.ts';

/** The stage that this worker carries out now. */
interface CurrentStage {
  readonly task: StageTask;
  readonly doors: StageDoors;
  readonly channel: StageChannel;
}

/**
 * Makes this thread or isolated process a worker, and returns the function that Piscina calls in a thread.
 * To be called once, while the worker's module is loaded.
 */
export function serveStages(runStage: RunStage): (request: ThreadRequest) => Promise<void> {
  const output = captureOutput();
  let current: CurrentStage | undefined;

  const carryOut = async (task: StageTask, channel: StageChannel): Promise<void> => {
    const doors = new StageDoors(channel);
    current = { task, doors, channel };
    output.begin({ file: outputFile(task.job.path, task.stage), forward: doors.host.output });
    const end = await endOf(current, runStage);
    output.end();
    doors.end();
    current = undefined;
    channel.post({ kind: 'end', end, spoilt: false });
  };

  watchForExit(() => current);
  watchForCrash(() => current);
  if (isMainThread) serveProcess(carryOut);
  return ({ task, port }) => carryOut(task, threadChannel(port));
}

async function endOf(current: CurrentStage, runStage: RunStage): Promise<ReportedEnd> {
  const startedAt = performance.now();
  try {
    const reply = await runStage(current.task, current.doors.host);
    // A rejection that the stage left unhandled shows itself now, while it is known whose it is.
    await nextTurn();
    return { kind: 'ended', reply: compact(reply), execMs: performance.now() - startedAt };
  } catch (error) {
    return failedEnd(error, current);
  }
}

function failedEnd(error: unknown, { task, doors }: CurrentStage): ReportedEnd {
  if (error instanceof InvalidOutputError)
    return { kind: 'invalid_output', message: error.message };
  return { kind: 'threw', error: describeThrown(error, task.job.bundle), status: doors.status };
}

/** A view into a larger buffer would travel with all of it, and the buffer of a view is not ours to give away. */
function compact(reply: StageReply): StageReply {
  return reply.result === undefined ? reply : { ...reply, result: new Uint8Array(reply.result) };
}

function threadChannel(port: MessagePort): StageChannel {
  let receive: ((message: EngineMessage) => void) | undefined;
  return {
    post: (message) => {
      const result =
        message.kind === 'end' && message.end.kind === 'ended'
          ? message.end.reply.result
          : undefined;
      port.postMessage(message, result === undefined ? [] : [result.buffer as ArrayBuffer]);
    },
    onMessage: (handler) => {
      receive = handler;
      port.on('message', handler);
    },
    poll: () => {
      for (;;) {
        const arrived = receiveMessageOnPort(port);
        if (arrived === undefined) return;
        receive?.(arrived.message as EngineMessage);
      }
    },
  };
}

/** Lets the engine's thread know the code with which a method ends its worker. */
function watchForExit(current: () => CurrentStage | undefined): void {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    const exitCode = Number(code ?? process.exitCode ?? 0);
    current()?.channel.post({ kind: 'exiting', exitCode });
    return exit(code);
  };
}

function watchForCrash(current: () => CurrentStage | undefined): void {
  const exit = process.exit.bind(process);
  const crash = (error: unknown): void => {
    const stage = current();
    if (stage === undefined) return exit(1);
    if (isLeftBehind(error, stage.task.job.bundle)) {
      process.stderr.write(`An earlier job left behind what throws now: ${String(error)}\n`);
      return;
    }
    stage.doors.end();
    stage.channel.post({ kind: 'end', end: failedEnd(error, stage), spoilt: true });
    // An isolated process is ended by its parent, which must have read the message before.
    if (!isMainThread) exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

/** Names of bundles in a stack. */
const BUNDLE = /[0-9a-f]{64}\.mjs/gu;

/** Tells whether an exception comes from the code of another method: from a timer or a promise that it forgot. */
function isLeftBehind(error: unknown, bundle: string): boolean {
  const stack = error instanceof Error ? String(error.stack) : '';
  const bundles: readonly string[] = stack.match(BUNDLE) ?? [];
  return bundles.length > 0 && !bundles.includes(basename(bundle));
}
