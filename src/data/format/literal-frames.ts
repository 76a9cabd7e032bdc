// Makes zstd frames (RFC 8878) of ASCII text without looking for repetitions: all of it are Huffman-coded literals. Several
// times as fast as zstd's lowest level, and as small where text is digits, dates or single letters.

import { codeLengths } from './code-lengths.ts';
import { startKernels } from './frame-kernels.ts';
import type { FrameKernels } from './frame-kernels.ts';
import { BLOCK_BYTES, BLOCK_HEAD, writeBlockHead, writeFrameHead } from './zstd-frame.ts';

/** The most that zstd allows. */
const LONGEST_CODE = 11;
/** A shorter block is not encoded: four streams would hardly fit. */
const SHORTEST_BLOCK = 64;
const SYMBOLS = 128;

const COUNTS_AT = 64;
const COUNTS_BYTES = 4096;
const TABLE_AT = COUNTS_AT + COUNTS_BYTES;
const INPUT_AT = TABLE_AT + 1024;
/** What kernels write behind, and the head of a frame. */
const SLACK = 256;
/** Text in memory at a time, so that long text does not leave much memory behind; whole blocks. */
const WINDOW_BYTES = 16 * BLOCK_BYTES;
const OUTPUT_AT = INPUT_AT + WINDOW_BYTES + SLACK;
/** A block may become longer before it is given up. */
const MEMORY_BYTES = OUTPUT_AT + WINDOW_BYTES + 2 * BLOCK_BYTES;

const LITERALS_HEAD = 5;
const JUMP_TABLE = 6;
/** Types of literals: with a code of their own, and with that of the block before. */
const OWN_CODE = 2;
const SAME_CODE = 3;
/** Four streams, with lengths of 18 bits. */
const FOUR_STREAMS = 3;

/** How text will be encoded. */
interface Code {
  readonly lengths: Uint8Array;
  /** Bits of the longest code. */
  readonly longest: number;
  /** About the size of the frame. */
  readonly sizeBytes: number;
}

let coder: LiteralCoder | undefined;

/**
 * Gives a frame of at most `mostBytes`, valid until the next call; `undefined` when it would become longer, and for what
 * is no ASCII text of at least two different characters.
 */
export function literalFrame(bytes: Uint8Array, mostBytes: number): Uint8Array | undefined {
  coder ??= new LiteralCoder();
  return coder.frame(bytes, mostBytes);
}

class LiteralCoder {
  readonly #kernels: FrameKernels;
  readonly #bytes: Buffer;
  /** Whether a block of the frame has told the code. */
  #isKnown = false;

  constructor() {
    const { memory, kernels } = startKernels(MEMORY_BYTES);
    this.#kernels = kernels;
    this.#bytes = Buffer.from(memory.buffer);
  }

  frame(bytes: Uint8Array, mostBytes: number): Uint8Array | undefined {
    const code = this.#code(bytes);
    if (code === undefined || code.sizeBytes > mostBytes) return undefined;
    this.#writeTable(code);
    this.#isKnown = false;
    const { length } = bytes;
    let to = writeFrameHead(this.#bytes, length, OUTPUT_AT);
    if (length <= WINDOW_BYTES) {
      to = this.#writeBlocks(length, code, { to, isEnd: true });
      return new Uint8Array(this.#bytes.buffer, OUTPUT_AT, to - OUTPUT_AT);
    }
    const frame = new Uint8Array(Math.ceil(code.sizeBytes));
    let size = 0;
    for (let at = 0; at < length; at += WINDOW_BYTES) {
      const loaded = this.#load(bytes, at);
      to = this.#writeBlocks(loaded, code, { to, isEnd: at + loaded === length });
      frame.set(this.#bytes.subarray(OUTPUT_AT, to), size);
      size += to - OUTPUT_AT;
      to = OUTPUT_AT;
    }
    return frame.subarray(0, size);
  }

  /** Brings a part of the text into memory; gives its length. */
  #load(bytes: Uint8Array, at: number): number {
    const part = bytes.subarray(at, at + WINDOW_BYTES);
    this.#bytes.set(part, INPUT_AT);
    return part.length;
  }

  /** The best code for text, of which the last part is in memory then. */
  #code(bytes: Uint8Array): Code | undefined {
    const { length } = bytes;
    this.#bytes.fill(0, COUNTS_AT, COUNTS_AT + COUNTS_BYTES);
    for (let at = 0; at < length; at += WINDOW_BYTES) {
      this.#kernels.countBytes(INPUT_AT, this.#load(bytes, at), COUNTS_AT);
    }
    const tables = new Uint32Array(this.#bytes.buffer, COUNTS_AT, COUNTS_BYTES / 4);
    const counts = new Float64Array(256);
    for (const [i, count] of tables.entries()) counts[i & 255] = (counts[i & 255] ?? 0) + count;
    const isAscii = counts.every((count, byte) => byte < SYMBOLS || count === 0);
    if (!isAscii || counts.filter((count) => count > 0).length < 2) return undefined;
    const lengths = codeLengths(counts.subarray(0, SYMBOLS), LONGEST_CODE);
    const bits = counts.reduce((sum, count, byte) => sum + count * (lengths[byte] ?? 0), 0);
    const heads = SLACK + (length / BLOCK_BYTES) * 24;
    return { lengths, longest: Math.max(...lengths), sizeBytes: bits / 8 + heads };
  }

  /** Codes in canonical order: the longest first, and among equally long ones by symbol. */
  #writeTable({ lengths, longest }: Code): void {
    let code = 0;
    for (let bits = longest; bits > 0; bits--) {
      for (const [symbol, length] of lengths.entries()) {
        if (length !== bits) continue;
        this.#bytes.writeUInt32LE(code * 256 + bits, TABLE_AT + symbol * 4);
        code++;
      }
      code >>= 1;
    }
  }

  /** Writes what is in memory; gives where it ends. With `isEnd` the last block is that of the frame. */
  #writeBlocks(
    length: number,
    code: Code,
    { to: start, isEnd }: { readonly to: number; readonly isEnd: boolean },
  ): number {
    const bytes = this.#bytes;
    let to = start;
    for (let at = 0; at < length; at += BLOCK_BYTES) {
      const size = Math.min(BLOCK_BYTES, length - at);
      const isLast = isEnd && at + size === length;
      const body = to + BLOCK_HEAD;
      let end =
        size < SHORTEST_BLOCK
          ? 0
          : this.#writeLiterals(at, size, this.#isKnown ? null : code, body);
      const isRaw = end === 0 || end - body >= size;
      if (isRaw) end = body + bytes.copy(bytes, body, INPUT_AT + at, INPUT_AT + at + size);
      else this.#isKnown = true;
      writeBlockHead(bytes, to, { size: end - body, isRaw, isLast });
      to = end;
    }
    return to;
  }

  /** Writes the content of a block, with the code if it is not known; gives where it ends. */
  #writeLiterals(from: number, length: number, code: Code | null, target: number): number {
    const bytes = this.#bytes;
    const jumps =
      code === null ? target + LITERALS_HEAD : writeCode(bytes, code, target + LITERALS_HEAD);
    const part = (length + 3) >> 2;
    let to = jumps + JUMP_TABLE;
    for (let stream = 0; stream < 4; stream++) {
      const at = INPUT_AT + from + stream * part;
      const size = stream < 3 ? part : length - 3 * part;
      const written = this.#kernels.encodeBytes(at, size, TABLE_AT, to);
      if (stream < 3) bytes.writeUInt16LE(written, jumps + stream * 2);
      to += written;
    }
    const type = code === null ? SAME_CODE : OWN_CODE;
    const compressed = to - target - LITERALS_HEAD;
    // 40 bits: type 2, format 2, length 18, compressed length 18.
    bytes.writeUInt32LE(
      (type | (FOUR_STREAMS << 2) | (length << 4) | (compressed << 22)) >>> 0,
      target,
    );
    bytes[target + 4] = compressed >>> 10;
    // No sequences.
    bytes[to] = 0;
    return to + 1;
  }
}

/** Writes the weights of all symbols but the last, which follows from them, in 4 bits each; gives where they end. */
function writeCode(bytes: Buffer, { lengths, longest }: Code, target: number): number {
  const last = lengths.findLastIndex((length) => length > 0);
  const weight = (symbol: number): number => {
    const length = symbol < last ? (lengths[symbol] ?? 0) : 0;
    return length === 0 ? 0 : longest + 1 - length;
  };
  bytes[target] = 127 + last;
  const size = (last + 1) >> 1;
  for (let i = 0; i < size; i++) {
    bytes[target + 1 + i] = (weight(2 * i) << 4) | weight(2 * i + 1);
  }
  return target + 1 + size;
}
