// Makes zstd frames (RFC 8878) of values of one width, such as 64-bit integers, whose higher bytes are often those of a
// value before. Looks for these bytes and nothing else: several times as fast as zstd's lowest level, and smaller.

import { startKernels } from './frame-kernels.ts';
import type { FrameKernels } from './frame-kernels.ts';
import { STATE_TABLE_BYTES, stateBits, stateTable } from './state-tables.ts';
import type { StateTable } from './state-tables.ts';
import { BLOCK_BYTES, BLOCK_HEAD, writeBlockHead, writeFrameHead } from './zstd-frame.ts';

/** Which bytes of each value may repeat: `length` from byte `start` on, of which the last may be the next value's first. */
export interface RepeatShape {
  readonly width: 4 | 8;
  readonly start: number;
  readonly length: number;
}

/** The values of a usual record batch; more bytes are not taken. */
const MOST_BYTES = 65_536 * 8 + 64;
/** A shorter block stays as it is. */
const SHORTEST_BLOCK = 256;
const SLACK = 64;
const SEQUENCE_BYTES = 8;

const COUNTS_AT = 64;
const LITERAL_CODES = 64;
const DISTANCE_CODES = 32;

const LITERALS_TABLE_AT = 512;
const DISTANCE_TABLE_AT = LITERALS_TABLE_AT + STATE_TABLE_BYTES;
const SEEN_AT = 4096;
const SEEN_BYTES = 4096 * 4;
const INPUT_AT = SEEN_AT + SEEN_BYTES;
const SEQUENCES_AT = INPUT_AT + MOST_BYTES + SLACK;
/** Of values of 4 bytes each may be a sequence. */
const LITERALS_AT = SEQUENCES_AT + 2 * MOST_BYTES + SLACK;
const OUTPUT_AT = LITERALS_AT + MOST_BYTES + SLACK;
const MEMORY_BYTES = OUTPUT_AT + 2 * MOST_BYTES;

/** Literals as they are, with a length of 20 bits. */
const RAW_LITERALS = 3 << 2;
/** The table of lengths of repeats: a single code, which is the length less 3. */
const SINGLE = 1;
const SHORTEST_REPEAT = 3;
/** From here on the number of sequences takes another form. */
const MANY = 0x7f_00;

/** What was found in a block. */
interface Block {
  readonly from: number;
  readonly size: number;
  /** Number of repeats. */
  readonly count: number;
  /** Where these and the literals are. */
  readonly sequences: number;
  readonly literals: number;
  readonly literalBytes: number;
}

let coder: RepeatCoder | undefined;

/** Finds the bytes whose repeats are of most use in such values; `undefined` for what cannot be made a frame of. */
export function repeatShape(bytes: Uint8Array, width: 4 | 8): RepeatShape | undefined {
  coder ??= new RepeatCoder();
  return coder.shape(bytes, width);
}

/** Gives a frame of at most `mostBytes`, valid until the next call; `undefined` when it would become longer. */
export function repeatFrame(
  bytes: Uint8Array,
  shape: RepeatShape,
  mostBytes: number,
): Uint8Array | undefined {
  coder ??= new RepeatCoder();
  return coder.frame(bytes, shape, mostBytes);
}

class RepeatCoder {
  readonly #kernels: FrameKernels;
  readonly #bytes: Buffer;
  readonly #counts: Uint32Array;

  constructor() {
    const { memory, kernels } = startKernels(MEMORY_BYTES);
    this.#kernels = kernels;
    this.#bytes = Buffer.from(memory.buffer);
    this.#counts = new Uint32Array(memory.buffer, COUNTS_AT, LITERAL_CODES + DISTANCE_CODES);
  }

  shape(bytes: Uint8Array, width: 4 | 8): RepeatShape | undefined {
    if (bytes.length > MOST_BYTES || bytes.length < width * 2) return undefined;
    const sample = bytes.subarray(0, BLOCK_BYTES);
    const sizes = shapesOf(width).map((shape) => {
      const blocks = this.#find(sample, shape);
      return { shape, sizeBytes: this.#sizeOf(blocks) };
    });
    return sizes.reduce((best, next) => (next.sizeBytes < best.sizeBytes ? next : best)).shape;
  }

  frame(bytes: Uint8Array, shape: RepeatShape, mostBytes: number): Uint8Array | undefined {
    if (bytes.length > MOST_BYTES) return undefined;
    const blocks = this.#find(bytes, shape);
    if (blocks.every(({ count }) => count === 0) || this.#sizeOf(blocks) > mostBytes) {
      return undefined;
    }
    const literals = stateTable(this.#counts.slice(0, LITERAL_CODES));
    const distances = stateTable(this.#counts.slice(LITERAL_CODES));
    this.#bytes.set(literals.memory, LITERALS_TABLE_AT);
    this.#bytes.set(distances.memory, DISTANCE_TABLE_AT);
    const tables = { literals, distances, repeatLength: shape.length };
    const end = this.#writeFrame(bytes.length, blocks, tables);
    // No Buffer, whose `slice` would not copy.
    const { buffer } = this.#bytes;
    return end === undefined ? undefined : new Uint8Array(buffer, OUTPUT_AT, end - OUTPUT_AT);
  }

  /** Finds the repeats of all blocks, and counts their codes. */
  #find(bytes: Uint8Array, { width, start, length }: RepeatShape): readonly Block[] {
    this.#bytes.set(bytes, INPUT_AT);
    this.#bytes.fill(0, SEEN_AT, SEEN_AT + SEEN_BYTES);
    const blocks: Block[] = [];
    let sequences = SEQUENCES_AT;
    let literals = LITERALS_AT;
    let last = 1;
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const size = Math.min(BLOCK_BYTES, bytes.length - at);
      const [from, end] = [INPUT_AT + at, INPUT_AT + at + size];
      const where = [from, end, from + start, width, length, last, SEEN_AT, sequences, literals];
      const count = size < SHORTEST_BLOCK ? 0 : this.#kernels.findRepeats(...where);
      const literalBytes = size - count * length;
      blocks.push({ from, size, count, sequences, literals, literalBytes });
      sequences += count * SEQUENCE_BYTES;
      literals += literalBytes;
      last = this.#kernels.lastOffset();
    }
    this.#counts.fill(0);
    const count = (sequences - SEQUENCES_AT) / SEQUENCE_BYTES;
    this.#kernels.countCodes(SEQUENCES_AT, count, COUNTS_AT);
    return blocks;
  }

  /** About what a frame of these blocks takes. */
  #sizeOf(blocks: readonly Block[]): number {
    const distances = this.#counts.slice(LITERAL_CODES);
    const rest = distances.reduce((sum, count, code) => sum + count * code, 0);
    const bits = stateBits(this.#counts.slice(0, LITERAL_CODES)) + stateBits(distances) + rest;
    return blocks.reduce((sum, block) => sum + block.literalBytes + SLACK, bits / 8);
  }

  /** Gives where the frame ends; `undefined` where a block would become longer. */
  #writeFrame(length: number, blocks: readonly Block[], tables: Tables): number | undefined {
    const bytes = this.#bytes;
    let to = writeFrameHead(bytes, length, OUTPUT_AT);
    for (const block of blocks) {
      const body = to + BLOCK_HEAD;
      const { from, size, count } = block;
      const end =
        count === 0
          ? body + bytes.copy(bytes, body, from, from + size)
          : this.#writeBlock(block, tables, body);
      if (count > 0 && end - body >= size) return undefined;
      const isLast = block === blocks.at(-1);
      writeBlockHead(bytes, to, { size: end - body, isRaw: count === 0, isLast });
      to = end;
    }
    return to;
  }

  /** Writes literals and sequences; gives where they end. */
  #writeBlock(block: Block, tables: Tables, target: number): number {
    const bytes = this.#bytes;
    const { count, sequences, literals, literalBytes } = block;
    bytes.writeUIntLE(RAW_LITERALS | (literalBytes << 4), target, 3);
    let to = target + 3;
    to += bytes.copy(bytes, to, literals, literals + literalBytes);
    to = writeCount(bytes, count, to);
    const { literals: literalTable, distances, repeatLength } = tables;
    bytes[to++] = (literalTable.mode << 6) | (distances.mode << 4) | (SINGLE << 2);
    for (const { description } of [literalTable, distances]) {
      bytes.set(description, to);
      to += description.length;
    }
    bytes[to++] = repeatLength - SHORTEST_REPEAT;
    const { encodeSequences } = this.#kernels;
    return (
      to +
      encodeSequences(
        sequences,
        count,
        LITERALS_TABLE_AT,
        literalTable.log,
        DISTANCE_TABLE_AT,
        distances.log,
        to,
      )
    );
  }
}

/** What sequences are encoded with. */
interface Tables {
  readonly literals: StateTable;
  readonly distances: StateTable;
  readonly repeatLength: number;
}

/** The bytes of a value that may be looked for: the higher ones, and these with the lowest of the next value. */
function shapesOf(width: 4 | 8): readonly RepeatShape[] {
  const starts = Array.from({ length: width - 2 }, (_, i) => i + 1);
  return starts.flatMap((start) => {
    const length = width - start;
    const shapes = [length, length + 1].map((size) => ({ width, start, length: size }));
    return shapes.filter((shape) => shape.length >= SHORTEST_REPEAT && shape.length < width);
  });
}

/** Writes a number of sequences; gives where it ends. */
function writeCount(bytes: Buffer, count: number, target: number): number {
  if (count < 128) return bytes.writeUInt8(count, target);
  if (count < MANY) return bytes.writeUInt16BE(count | 0x80_00, target);
  bytes[target] = 0xff;
  return bytes.writeUInt16LE(count - MANY, target + 1);
}
