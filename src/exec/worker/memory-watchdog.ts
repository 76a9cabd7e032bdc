// A thread that ends its own process when that uses more memory than it may, or when its parent is gone.
// The heap's limit is V8's own affair, but buffers and typed arrays lie outside the heap; and a stage that never
// awaits can only be watched from another thread.

import { Worker } from 'node:worker_threads';

/** Words that are on the process's real stderr after it died for want of memory, from V8 or from the watchdog. */
export const OUT_OF_MEMORY = 'out of memory';

/** Memory that the runtime may use beside the heap: young generation, code, garbage not yet given back. */
const RUNTIME_ALLOWANCE_BYTES = 64 * 1_048_576;

/** Plain script text: a thread cannot be made from a function, and loading the worker's module again costs memory. */
const SCRIPT = `
  const { writeSync } = require('node:fs');
  const { limitBytes } = require('node:worker_threads').workerData;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    if (process.memoryUsage.rss() < limitBytes) return;
    writeSync(2, ${JSON.stringify(`acc: ${OUT_OF_MEMORY}\n`)});
    process.kill(process.pid, 'SIGKILL');
  }, 20);
`;

/** Watches this process for the rest of its life; it may use `limitBytes` and what the runtime itself needs. */
export function startMemoryWatchdog(limitBytes: number): void {
  const workerData = { limitBytes: limitBytes + RUNTIME_ALLOWANCE_BYTES };
  new Worker(SCRIPT, { eval: true, workerData, execArgv: [] }).unref();
}
