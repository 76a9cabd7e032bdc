import { expect, test } from 'vitest';

import { Scheduler } from '../../src/exec/scheduler.ts';
import type { JobQueue } from '../../src/exec/scheduler.ts';

/** Tasks that run until they are told to end, and the order in which they started. */
class Tasks {
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();

  /** Queues tasks; returns when all have ended or were dropped. */
  queue(queue: JobQueue, ...names: readonly string[]): Promise<unknown> {
    return Promise.all(names.map((name) => queue.run(() => this.#start(name))));
  }

  /** Ends a running task and waits until its slot was given away. */
  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await new Promise(setImmediate);
  }

  #start(name: string): Promise<string> {
    this.started.push(name);
    return new Promise((resolve) => this.#ends.set(name, () => resolve(name)));
  }
}

test('a task starts at once while there is a free slot', () => {
  const tasks = new Tasks();
  const queue = new Scheduler(2).open();
  void tasks.queue(queue, 'a0', 'a1', 'a2');
  expect(tasks.started).toEqual(['a0', 'a1']);
});

test('the job with the fewest running tasks is next, the earliest of several', async () => {
  const tasks = new Tasks();
  const scheduler = new Scheduler(3);
  void tasks.queue(scheduler.open(), 'a0', 'a1', 'a2', 'a3', 'a4');
  void tasks.queue(scheduler.open(), 'b0', 'b1');
  void tasks.queue(scheduler.open(), 'c0');
  await tasks.end('a0');
  await tasks.end('a1');
  expect(tasks.started).toEqual(['a0', 'a1', 'a2', 'b0', 'c0']);
  // One task of each runs: of a and b the earlier one is next, then the one that has fewer.
  await tasks.end('c0');
  expect(tasks.started.at(-1)).toBe('a3');
  await tasks.end('a2');
  expect(tasks.started.at(-1)).toBe('a4');
  await tasks.end('b0');
  expect(tasks.started.at(-1)).toBe('b1');
});

test('a job keeps its place in the order when it had nothing to do for a while', async () => {
  const tasks = new Tasks();
  const scheduler = new Scheduler(1);
  const first = scheduler.open();
  void tasks.queue(first, 'a0');
  void tasks.queue(scheduler.open(), 'b0', 'b1');
  await tasks.end('a0');
  void tasks.queue(first, 'a1');
  await tasks.end('b0');
  expect(tasks.started).toEqual(['a0', 'b0', 'a1']);
});

test('a limit leaves slots to others', async () => {
  const tasks = new Tasks();
  const scheduler = new Scheduler(3);
  void tasks.queue(scheduler.open(1), 'a0', 'a1');
  void tasks.queue(scheduler.open(), 'b0');
  expect(tasks.started).toEqual(['a0', 'b0']);
  await tasks.end('a0');
  expect(tasks.started).toEqual(['a0', 'b0', 'a1']);
});

test('clearing a queue drops what waits and nothing else', async () => {
  const tasks = new Tasks();
  const scheduler = new Scheduler(1);
  const queue = scheduler.open();
  const ended = tasks.queue(queue, 'a0', 'a1');
  void tasks.queue(scheduler.open(), 'b0');
  queue.clear();
  await tasks.end('a0');
  expect(await ended).toEqual(['a0', undefined]);
  expect(tasks.started).toEqual(['a0', 'b0']);
});

test('a task that fails gives its slot back', async () => {
  const tasks = new Tasks();
  const queue = new Scheduler(1).open();
  const failed = queue.run(() => Promise.reject(new Error('no')));
  void tasks.queue(queue, 'a0');
  await expect(failed).rejects.toThrow('no');
  await tasks.end('nothing');
  expect(tasks.started).toEqual(['a0']);
});
