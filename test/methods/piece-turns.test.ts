import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { PieceTurns } from '../../methods/lib/csv/piece-turns.ts';
import type { TurnPaths } from '../../methods/lib/csv/piece-turns.ts';

const directory = mkdtempSync(join(tmpdir(), 'acc-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const allocated = (length: number): Buffer => Buffer.alloc(length);

function turnsOf(name: string, slices: number): PieceTurns[] {
  const paths: TurnPaths = [
    join(directory, `${name}-1`),
    join(directory, `${name}-2`),
    join(directory, `${name}-3`),
  ];
  PieceTurns.prepare(paths);
  return Array.from({ length: slices }, (_, sliceno) => new PieceTurns(paths, sliceno));
}

test('each piece is taken once, in order, by whoever comes', () => {
  const [a, b, c] = turnsOf('taken', 3);
  expect([a?.take(), b?.take(), b?.take(), a?.take(), c?.take(), a?.take()]).toEqual([
    0, 1, 2, 3, 4, 5,
  ]);
  for (let i = 6; i < 5000; i++) expect((i % 3 === 0 ? a : b)?.take()).toBe(i);
  expect(c?.take()).toBe(5000);
});

test('text is received as it was given, and waited for, as is room for it', async () => {
  const [receiver, giver] = turnsOf('given', 2);
  const given: number[] = [];
  const giving = (async () => {
    for (let piece = 0; piece < 40; piece++) {
      await giver?.give(piece, [Buffer.from(`${piece}`), Buffer.alloc(piece, 'x')]);
      given.push(piece);
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  for (let piece = 0; piece < 40; piece++) {
    const text = await receiver?.receive(piece, allocated);
    expect(text?.toString()).toBe(`${piece}${'x'.repeat(piece)}`);
    receiver?.setReceived(piece + 1);
  }
  await giving;
});

test('nobody waits for a slice that has failed', async () => {
  const [receiver, failing] = turnsOf('failed', 2);
  const receiving = receiver?.receive(0, allocated);
  failing?.fail();
  await expect(receiving).rejects.toThrow('Another slice failed');
});
