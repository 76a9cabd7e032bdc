import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { BufferedOutput } from '../../src/util/buffered-output.ts';
import { guardStream } from '../../src/util/guard-stream.ts';

test('what is written to a guarded stream goes to the guard, and back to the stream afterwards', () => {
  const stream = new PassThrough({ encoding: 'utf8' });
  const seen: string[] = [];
  const guarded = guardStream(stream, (text) => seen.push(text));
  stream.write('one');
  guarded.write('two');
  guarded.release();
  guarded.release();
  stream.write('three');
  expect(seen).toEqual(['one']);
  expect(stream.read()).toBe('twothree');
});

test('a character that arrives in two pieces is put together', () => {
  const stream = new PassThrough();
  const seen: string[] = [];
  const guarded = guardStream(stream, (text) => seen.push(text));
  const bytes = Buffer.from('空');
  stream.write(bytes.subarray(0, 1));
  stream.write(bytes.subarray(1));
  guarded.release();
  expect(seen.join('')).toBe('空');
});

test('who waits for a write to a guarded stream is called back', async () => {
  const stream = new PassThrough();
  const guarded = guardStream(stream, () => undefined);
  await new Promise<void>((resolve) => {
    stream.write('text', 'utf8', () => resolve());
  });
  await new Promise<void>((resolve) => {
    stream.write('text', () => resolve());
  });
  guarded.release();
});

test('buffered text is one write for each turn of the event loop', async () => {
  const writes: string[] = [];
  const output = new BufferedOutput({ write: (text) => writes.push(text) });
  output.write('a');
  output.write('b');
  expect(writes).toEqual([]);
  await setImmediate();
  await setImmediate();
  expect(writes).toEqual(['ab']);
  output.write('c');
  output.flush();
  output.flush();
  await setImmediate();
  expect(writes).toEqual(['ab', 'c']);
});
