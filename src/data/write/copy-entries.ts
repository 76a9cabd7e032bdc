// Copies texts of a dictionary that rows refer to by number. Looks everything up in one go, because what is far apart in
// memory is what takes the time; texts that are all of one length need no looking up but of themselves.

import type { CodedText } from './coded-text.ts';
import type { InputPart } from './column-input.ts';
import { nullsOf } from './column-input.ts';
import { SLACK_BYTES, viewOf } from './copy-slices.ts';
import type { SliceTarget } from './copy-slices.ts';
import { entryLengths } from './entry-lengths.ts';
import { isNull } from './validity.ts';

const WORD_BYTES = 4;
const LONG_BYTES = 8;
/** Up to here a loop is faster than a call into native code. */
const SHORT = 64;

/** Copies entries, as a rule from and to the same memory many times. */
export class EntryCopier {
  #source: DataView = new DataView(new ArrayBuffer(0));
  #target: DataView = new DataView(new ArrayBuffer(0));

  /** Copies the text of each row of a part, nothing for nulls; returns where the last one ends. */
  copy(text: CodedText, part: InputPart, target: SliceTarget): number {
    const { dictionary } = text;
    const { longest, isUniform } = entryLengths(dictionary);
    const { byteOffset } = dictionary.bytes;
    const positions = [longest, target.size, target.bytes.byteOffset, byteOffset];
    const areMultiples = (bytes: number): boolean => positions.every((at) => at % bytes === 0);
    if (!isUniform || longest > SHORT || !areMultiples(WORD_BYTES) || nullsOf(part) !== null) {
      return this.#copyAny(text, part, target);
    }
    if (longest === LONG_BYTES && areMultiples(LONG_BYTES)) copyLongs(text, part, target);
    else copyWords(text, part, target, longest / WORD_BYTES);
    return endRows(part, target, longest);
  }

  #copyAny({ codes, dictionary }: CodedText, part: InputPart, target: SliceTarget): number {
    const { rows, start, end } = part;
    const nulls = nullsOf(part);
    const source = dictionary.bytes;
    this.#source = viewOf(source, this.#source);
    this.#target = viewOf(target.bytes, this.#target);
    const [input, output, { offsets }] = [this.#source, this.#target, dictionary];
    const lastWord = source.length - SLACK_BYTES;
    let { size } = target;
    for (let i = start; i < end; i++) {
      const row = rows === null ? i : (rows[i] ?? 0);
      const code = codes[row] ?? 0;
      const from = offsets[code] ?? 0;
      const to = nulls !== null && isNull(nulls, row) ? from : (offsets[code + 1] ?? 0);
      if (to - from > SHORT || to > lastWord) target.bytes.set(source.subarray(from, to), size);
      else {
        const shift = size - from;
        for (let at = from; at < to; at += WORD_BYTES) {
          output.setInt32(at + shift, input.getInt32(at));
        }
      }
      size += to - from;
      target.offsets[target.row + 1 + i - start] = size;
    }
    return size;
  }
}

/** Copies texts of eight bytes. */
function copyLongs({ codes, dictionary }: CodedText, part: InputPart, target: SliceTarget): void {
  const { rows, start, end } = part;
  const source = longsOf(dictionary.bytes);
  const output = longsOf(target.bytes).subarray(target.size / LONG_BYTES);
  if (rows === null) pickLongs(source, codes.subarray(start, end), output);
  else pickLongsOf(source, codes, rows.subarray(start, end), output);
}

// Loops that do nothing else have most of their look-ups under way at a time, and get nothing but arrays of known kinds:
// code that was compiled for objects is thrown away when one of another shape comes.

function pickLongs(source: BigUint64Array, codes: Int32Array, output: BigUint64Array): void {
  for (let i = 0; i < codes.length; i++) output[i] = source[codes[i] ?? 0] ?? 0n;
}

function pickLongsOf(
  source: BigUint64Array,
  codes: Int32Array,
  rows: Int32Array | Uint32Array,
  output: BigUint64Array,
): void {
  for (let i = 0; i < rows.length; i++) output[i] = source[codes[rows[i] ?? 0] ?? 0] ?? 0n;
}

/** Copies texts of so many words each. */
function copyWords(
  { codes, dictionary }: CodedText,
  { rows, start, end }: InputPart,
  target: SliceTarget,
  words: number,
): void {
  const source = wordsOf(dictionary.bytes);
  const output = wordsOf(target.bytes);
  let at = target.size / WORD_BYTES;
  for (let i = start; i < end; i++) {
    const row = rows === null ? i : (rows[i] ?? 0);
    const from = (codes[row] ?? 0) * words;
    for (let word = 0; word < words; word++) output[at + word] = source[from + word] ?? 0;
    at += words;
  }
}

/** Notes where texts end that are all of one length; returns where the last one does. */
function endRows({ start, end }: InputPart, target: SliceTarget, length: number): number {
  const { offsets, row, size } = target;
  fillEnds(offsets.subarray(row + 1, row + 1 + end - start), size, length);
  return size + (end - start) * length;
}

function fillEnds(ends: Int32Array, start: number, length: number): void {
  let end = start;
  for (let i = 0; i < ends.length; i++) {
    end += length;
    ends[i] = end;
  }
}

function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, Math.floor(length / WORD_BYTES));
}

function longsOf({ buffer, byteOffset, length }: Uint8Array): BigUint64Array {
  return new BigUint64Array(buffer, byteOffset, Math.floor(length / LONG_BYTES));
}
