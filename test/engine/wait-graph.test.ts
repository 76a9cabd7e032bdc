import { expect, test } from 'vitest';

import { WaitGraph } from '../../src/engine/wait-graph.ts';
import { digest, jobKey } from '../../src/model/ids.ts';
import { sha256 } from '../../src/util/sha256.ts';

const key = (name: string): ReturnType<typeof jobKey> => jobKey(digest(sha256(name)));

test('a job waits for itself, for its subjobs and for theirs, only as long as they are made', async () => {
  const graph = new WaitGraph();
  expect(graph.waits(key('a'), key('a'))).toBe(true);
  await graph.during(key('a'), key('b'), () =>
    graph.during(key('b'), key('c'), () => {
      expect(graph.waits(key('a'), key('c'))).toBe(true);
      expect(graph.waits(key('c'), key('a'))).toBe(false);
      return Promise.resolve();
    }),
  );
  expect(graph.waits(key('a'), key('b'))).toBe(false);
});

test('two waits for one job end one after the other', async () => {
  const graph = new WaitGraph();
  await graph.during(key('a'), key('b'), async () => {
    await graph.during(key('a'), key('b'), () => Promise.resolve());
    expect(graph.waits(key('a'), key('b'))).toBe(true);
  });
  expect(graph.waits(key('a'), key('b'))).toBe(false);
});

test('the edge is gone when the work fails', async () => {
  const graph = new WaitGraph();
  const failing = graph.during(key('a'), key('b'), () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(graph.waits(key('a'), key('b'))).toBe(false);
});
