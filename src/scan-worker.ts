// The entry of threads that look into datasets for a command: each takes the next slice until there are no more.
// Waits when what it found is not taken up as fast as it finds it, so that nothing piles up.

import { parentPort, workerData } from 'node:worker_threads';

import { encodeScanError } from './cli/looking/scan-error.ts';
import type { ScanMessage, ScanThreadData } from './cli/looking/scan-run.ts';
import { carryOut } from './cli/looking/scan-tasks.ts';

/** Results that may wait to be taken up. */
const MOST_WAITING = 8;

const { tasks, work, next, waiting, rows, thread } = workerData as ScanThreadData;

for (let index = Atomics.add(next, 0, 1); index < tasks.length; index = Atomics.add(next, 0, 1)) {
  const task = tasks[index];
  if (task === undefined) break;
  try {
    for (const result of carryOut(task, work, (count) => Atomics.add(rows, 0, BigInt(count)))) {
      if (Object.keys(result).length > 0) send({ index, thread, result });
    }
  } catch (error) {
    post({ index, thread, error: encodeScanError(error) });
    break;
  }
  post({ index, thread, isEnd: true });
}

function send(message: ScanMessage): void {
  for (let count = Atomics.load(waiting, thread); count >= MOST_WAITING;) {
    Atomics.wait(waiting, thread, count);
    count = Atomics.load(waiting, thread);
  }
  Atomics.add(waiting, thread, 1);
  post(message);
}

function post(message: ScanMessage): void {
  parentPort?.postMessage(message);
}
