import { expect, test } from 'vitest';

import { Semaphore } from '../../src/util/semaphore.ts';

test('no more than the permitted number run at once, and all run in order of arrival', async () => {
  const semaphore = new Semaphore(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const work = (number: number) => async (): Promise<void> => {
    started.push(number);
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
  };
  await Promise.all([1, 2, 3, 4, 5].map((number) => semaphore.use(work(number))));
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a permit is given back when the work fails', async () => {
  const semaphore = new Semaphore(1);
  await expect(semaphore.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(semaphore.use(() => Promise.resolve('yes'))).resolves.toBe('yes');
});
