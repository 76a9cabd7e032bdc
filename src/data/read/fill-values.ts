// Turns chunks of a column into JavaScript values, a run of rows at a time: one plain loop per type.

import { isAscii } from 'node:buffer';

import type { ColumnType } from '../../model/column-type.ts';
import { decodeNumber } from '../../util/number-text.ts';
import { MS_PER_DAY, WORD } from '../../util/units.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { codesOf } from '../format/text-dictionary.ts';
import type { TextDictionary } from '../format/text-dictionary.ts';
import { isNull } from '../write/validity.ts';
import { bigints, floats, integers, plainNumbers } from './typed-values.ts';
import type { PlainNumberType } from './typed-values.ts';

/** Puts the values of `count` rows from `start` on into the beginning of `out`. */
export type FillValues = (
  chunk: ColumnChunk,
  out: unknown[],
  range: { readonly start: number; readonly count: number },
) => void;

/** Whether 64-bit integers become bigints, or what is usual for their type: numbers, and Dates for datetime. */
export type Int64Form = 'usual' | 'bigint';

/** Strings that are decoded in one piece. All of the piece stays in memory while one of them does. */
const PIECE_ROWS = 32;

/** Gives the loop for a type. With `usual`, all values must be representable: see `choose-form.ts`. */
export function fillValues(type: ColumnType, form: Int64Form): FillValues {
  switch (type) {
    case 'float64':
      return withNulls(fillFloats);
    case 'int32':
      return withNulls(fillIntegers);
    case 'int8':
    case 'int16':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
      return withNulls(fillPlainNumbers(type));
    case 'number':
      return withNulls(fillNumbers);
    case 'time':
      return withNulls(fillSafeIntegers);
    case 'bool':
      return withNulls(fillBools);
    case 'date':
      return withNulls(fillDates);
    case 'int64':
      return withNulls(form === 'bigint' ? fillBigints : fillSafeIntegers);
    case 'datetime':
      return withNulls(form === 'bigint' ? fillBigints : fillDatetimes);
    case 'string':
      return withNulls(fillStrings);
    case 'bytes':
      return withNulls(fillBytes);
    case 'json':
      return fillJson;
  }
}

function withNulls(fill: FillValues): FillValues {
  return (chunk, out, range) => {
    fill(chunk, out, range);
    const { validity } = chunk;
    if (validity === null) return;
    for (let i = 0; i < range.count; i++) if (isNull(validity, range.start + i)) out[i] = null;
  };
}

const fillFloats: FillValues = (chunk, out, { start, count }) => {
  const values = floats(chunk);
  for (let i = 0; i < count; i++) out[i] = values[start + i];
};

const fillIntegers: FillValues = (chunk, out, { start, count }) => {
  const values = integers(chunk);
  for (let i = 0; i < count; i++) out[i] = values[start + i];
};

function fillPlainNumbers(type: PlainNumberType): FillValues {
  return (chunk, out, { start, count }) => {
    const values = plainNumbers(type, chunk);
    for (let i = 0; i < count; i++) out[i] = values[start + i];
  };
}

const fillNumbers: FillValues = ({ bytes, offsets }, out, { start, count }) => {
  for (let i = 0; i < count; i++) {
    out[i] = decodeNumber(bytes, offsets[start + i] ?? 0, offsets[start + i + 1] ?? 0);
  }
};

const fillBools: FillValues = ({ bytes }, out, { start, count }) => {
  for (let i = 0; i < count; i++) out[i] = !isNull(bytes, start + i);
};

const fillDates: FillValues = (chunk, out, { start, count }) => {
  const values = integers(chunk);
  for (let i = 0; i < count; i++) out[i] = new Date((values[start + i] ?? 0) * MS_PER_DAY);
};

const fillBigints: FillValues = (chunk, out, { start, count }) => {
  const values = bigints(chunk);
  for (let i = 0; i < count; i++) out[i] = values[start + i];
};

const fillSafeIntegers: FillValues = (chunk, out, { start, count }) => {
  const words = integers(chunk);
  for (let i = 0; i < count; i++) out[i] = numberAt(words, start + i);
};

const fillDatetimes: FillValues = (chunk, out, { start, count }) => {
  const words = integers(chunk);
  const values = bigints(chunk);
  for (let i = 0; i < count; i++) {
    const micros = numberAt(words, start + i);
    const ms = Number.isSafeInteger(micros)
      ? micros / 1000
      : Number((values[start + i] ?? 0n) / 1000n);
    out[i] = new Date(ms);
  }
};

const fillStrings: FillValues = (chunk, out, range) => {
  if (chunk.dictionary === null) fillPlainStrings(chunk, out, range);
  else fillFromDictionary(chunk, chunk.dictionary, out, range);
};

function fillFromDictionary(
  chunk: ColumnChunk,
  { strings }: TextDictionary,
  out: unknown[],
  { start, count }: Parameters<FillValues>[2],
): void {
  const codes = codesOf(chunk);
  for (let i = 0; i < count; i++) out[i] = strings[codes[start + i] ?? 0];
}

const fillPlainStrings: FillValues = (chunk, out, { start, count }) => {
  const { bytes, offsets } = chunk;
  for (let at = 0; at < count; at += PIECE_ROWS) {
    const rows = Math.min(PIECE_ROWS, count - at);
    const from = offsets[start + at] ?? 0;
    const to = offsets[start + at + rows] ?? 0;
    if (isAscii(bytes.subarray(from, to))) {
      const text = bytes.toString('latin1', from, to);
      for (let i = at; i < at + rows; i++) {
        out[i] = text.slice((offsets[start + i] ?? 0) - from, (offsets[start + i + 1] ?? 0) - from);
      }
    } else {
      for (let i = at; i < at + rows; i++) {
        out[i] = bytes.toString('utf8', offsets[start + i], offsets[start + i + 1]);
      }
    }
  }
};

const fillBytes: FillValues = ({ bytes, offsets }, out, { start, count }) => {
  for (let i = start; i < start + count; i++) {
    out[i - start] = new Uint8Array(bytes.subarray(offsets[i], offsets[i + 1]));
  }
};

const fillJson: FillValues = ({ bytes, offsets, validity }, out, { start, count }) => {
  for (let i = start; i < start + count; i++) {
    const isValue = validity === null || !isNull(validity, i);
    out[i - start] = isValue
      ? JSON.parse(bytes.toString('utf8', offsets[i], offsets[i + 1]))
      : null;
  }
};

/** Gives a 64-bit integer as a number: exact up to ±2^53. */
function numberAt(words: Int32Array, row: number): number {
  return (words[row * 2 + 1] ?? 0) * WORD + ((words[row * 2] ?? 0) >>> 0);
}
