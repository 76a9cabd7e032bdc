// Serves stages in an isolated process, with messages by IPC, under the eyes of a memory watchdog.

import type { StageTask } from '../../model/stage.ts';
import type { EngineMessage, ProcessRequest, WorkerMessage } from '../protocol.ts';
import { startMemoryWatchdog } from './memory-watchdog.ts';
import type { StageChannel } from './stage-host.ts';

const MB = 1_048_576;

/** Serves stages until the parent ends this process. The memory limit is the process's only argument. */
export function serveProcess(
  carryOut: (task: StageTask, channel: StageChannel) => Promise<void>,
): void {
  const limitMb = Number(process.argv[2]);
  const idle = process.memoryUsage.rss();
  startMemoryWatchdog(idle + limitMb * MB);
  // Garbage of this stage would count against the next one.
  const isBloated = (): boolean => process.memoryUsage.rss() - idle > (limitMb / 2) * MB;

  let receive: ((message: EngineMessage) => void) | undefined;
  const channel: StageChannel = {
    post: (message) =>
      tellParent(
        message.kind === 'end' ? { ...message, spoilt: message.spoilt || isBloated() } : message,
      ),
    onMessage: (handler) => {
      receive = handler;
    },
    poll: () => undefined,
  };
  process.on('message', (request: ProcessRequest) => {
    if (request.kind === 'run') void carryOut(request.task, channel);
    else receive?.(request);
  });
  // ^C goes to the whole process group, but it is the parent that decides what is stopped, and how.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}

function tellParent(message: WorkerMessage): void {
  process.send?.(message);
}
