// Cuts text files into consecutive parts that begin where lines do, and reads the lines of a part in blocks.

import { closeSync, openSync, readSync } from 'node:fs';

import { mistake } from '../mistake.ts';

const BLOCK_BYTES = 1 << 20;
const NEWLINE = 10;

/** A run of bytes of a text file. */
export interface LinePart {
  /** As it is named in messages. */
  readonly name: string;
  readonly path: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Gives each of `count` slices its parts, all together everything in order. */
export function lineParts(
  files: readonly LinePart[],
  count: number,
): readonly (readonly LinePart[])[] {
  const total = files.reduce((sum, { start, end }) => sum + end - start, 0);
  const slices: LinePart[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const file of files) {
    const size = file.end - file.start;
    let start = file.start;
    for (let slice = 0; slice < count; slice++) {
      const target = file.start + Math.round((total * (slice + 1)) / count) - before;
      const end = target >= file.start + size ? file.end : lineStart(file, Math.max(target, start));
      if (end > start) slices[slice]?.push({ ...file, start, end });
      start = Math.max(start, end);
    }
    before += size;
  }
  return slices;
}

/** Gives the lines of a part in blocks; throws for text that is no UTF-8. */
export function* linesOf({ name, path, start, end }: LinePart): Generator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (bytes: Uint8Array): string => {
    try {
      return decoder.decode(bytes);
    } catch {
      throw mistake(`${name} is damaged: it is not UTF-8 throughout`);
    }
  };
  let buffer: Buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  let held = 0;
  const fd = openSync(path, 'r');
  try {
    for (let at = start; at < end;) {
      if (buffer.length - held < BLOCK_BYTES) buffer = grown(buffer, held);
      const count = readSync(fd, buffer, held, Math.min(BLOCK_BYTES, end - at), at);
      if (count === 0) break;
      at += count;
      held += count;
      const last = buffer.lastIndexOf(NEWLINE, held - 1);
      if (last < held - count) continue;
      yield decode(buffer.subarray(0, last)).split('\n');
      buffer.copyWithin(0, last + 1, held);
      held -= last + 1;
    }
    if (held > 0) yield decode(buffer.subarray(0, held)).split('\n');
  } finally {
    closeSync(fd);
  }
}

/** Number of lines before a part, for messages. */
export function linesBefore({ name, path, start }: LinePart): number {
  let lines = 0;
  for (const block of linesOf({ name, path, start: 0, end: start })) lines += block.length;
  return lines;
}

/** The first byte of the line that begins at `target` or after it. */
function lineStart({ path, start, end }: LinePart, target: number): number {
  if (target <= start) return start;
  const buffer = Buffer.allocUnsafe(1 << 16);
  const fd = openSync(path, 'r');
  try {
    for (let at = target - 1; at < end; at += buffer.length) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, end - at), at);
      const found = buffer.subarray(0, count).indexOf(NEWLINE);
      if (found >= 0) return at + found + 1;
    }
    return end;
  } finally {
    closeSync(fd);
  }
}

function grown(buffer: Buffer, used: number): Buffer {
  const larger = Buffer.allocUnsafe(buffer.length * 2);
  buffer.copy(larger, 0, 0, used);
  return larger;
}
