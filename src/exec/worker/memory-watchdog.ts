// A thread that ends its own process when that uses more memory than it may, or when its parent is gone.
// The heap's limit is V8's own affair, but buffers and typed arrays lie outside the heap; and a stage that never
// awaits can only be watched from another thread.

import { Worker } from 'node:worker_threads';

/** Words that are on the process's real stderr after it died for want of memory, from V8 or from the watchdog. */
export const OUT_OF_MEMORY = 'out of memory';

/** Memory that the runtime may use beside the heap: young generation, code, garbage not yet given back. */
const RUNTIME_ALLOWANCE_BYTES = 64 * 1_048_576;

/** A pipe from the parent on which nothing is ever sent: it closes when the parent ends, in whatever way. */
export const PARENT_FD = 4;

/** Plain script text: a thread cannot be made from a function, and loading the worker's module again costs memory. */
const SCRIPT = `
  const { writeSync } = require('node:fs');
  const { Socket } = require('node:net');
  const { limitBytes } = require('node:worker_threads').workerData;
  const end = () => process.kill(process.pid, 'SIGKILL');
  new Socket({ fd: ${PARENT_FD} }).resume().on('close', end).on('error', end);
  setInterval(() => {
    if (process.memoryUsage.rss() < limitBytes) return;
    writeSync(2, ${JSON.stringify(`acc: ${OUT_OF_MEMORY}
`)});
    end();
  }, 20);
`;

/** Watches this process for the rest of its life; it may use `limitBytes` and what the runtime itself needs. */
export function startMemoryWatchdog(limitBytes: number): void {
  const workerData = { limitBytes: limitBytes + RUNTIME_ALLOWANCE_BYTES };
  new Worker(SCRIPT, { eval: true, workerData, execArgv: [] }).unref();
}
