// The text of a value as people search for it and see it, and its form as JSON. The text is what csvexport writes.
// Bytes are shown as UTF-8; each byte that is none becomes the lone surrogate U+DC80 + byte − 0x80, so nothing is lost.

import { MS_PER_DAY } from '../../util/units.ts';

const US_PER_SECOND = 1_000_000;
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** U+DC80 stands for byte 0x80. */
const FIRST_ESCAPE = 0xdc80;
const LONE_ESCAPE = /[\uDC80-\uDCFF]/u;

/** Gives a value of a row; `null` for a null. */
export type CellReader = (row: number) => string | null;

/** A column of a batch, whatever its type: a typed array, or decoded by `get`. */
export type BatchColumn =
  | { readonly length: number; get(row: number): unknown }
  | { readonly length: number; readonly [row: number]: unknown };

/** Makes the reader of a column's texts in a batch, or of its JSON fragments. */
export function cellReader(
  column: BatchColumn,
  { type, validity, form }: { type: string; validity: Uint8Array | null; form: 'text' | 'json' },
): CellReader {
  const valueAt = valueReader(column);
  const convert = form === 'text' ? batchText(type) : batchJson(type);
  if (validity === null) {
    return (row) => {
      const value = valueAt(row);
      return value === null ? null : convert(value);
    };
  }
  return (row) => {
    if (((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) return null;
    const value = valueAt(row);
    return value === null ? null : convert(value);
  };
}

/** Gives the plain values of a batch's column: microseconds and days where types have them. */
export function valueReader(column: BatchColumn): (row: number) => unknown {
  if ('get' in column && typeof column.get === 'function') {
    const decoded = column as { get(row: number): unknown };
    return (row) => decoded.get(row);
  }
  const values = column as { readonly [row: number]: unknown };
  return (row) => values[row];
}

/** The text of a value as iterating or a bound gives it. A null is `null`. */
export function valueText(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) {
    return type === 'date' ? dayText(value.getTime() / MS_PER_DAY) : value.toISOString();
  }
  return batchText(type)(value);
}

/** A value as JSON has it: what JSON lacks becomes text, bytes become text as in `bytesText`. */
export function plainValue(value: unknown, type: string): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'json' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && type !== 'time' && Number.isFinite(value)) return value;
  return valueText(value, type);
}

/** A value in the form of batches as JSON. */
export function valueJson(value: unknown, type: string): string {
  return value === null ? 'null' : batchJson(type)(value);
}

/** Reads bytes as UTF-8; bytes that are none become lone surrogates. */
function bytesText(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return [...escapedPieces(bytes)].join('');
  }
}

/** Encodes text as UTF-8; lone surrogates of `bytesText` become the bytes they stand for. */
export function textBytes(text: string): Buffer {
  if (!LONE_ESCAPE.test(text)) return Buffer.from(text);
  const pieces = text.split(/([\uDC80-\uDCFF])/u);
  return Buffer.concat(
    pieces.map((piece, i) =>
      i % 2 === 0 ? Buffer.from(piece) : Buffer.of(piece.charCodeAt(0) - FIRST_ESCAPE + 0x80),
    ),
  );
}

function batchText(type: string): (value: unknown) => string {
  switch (type) {
    case 'string':
      return String;
    case 'bool':
      return (value) => (value === 1 || value === true ? 'true' : 'false');
    case 'float32':
      return (value) => floatText(value as number);
    case 'date':
      return (value) => dayText(Number(value));
    case 'time':
      return (value) => clockText(Number(value), 0);
    case 'datetime':
      return (value) => microsecondText(BigInt(value as bigint | number));
    case 'bytes':
      return (value) => bytesText(value as Uint8Array);
    case 'json':
      return (value) => JSON.stringify(value);
    default:
      return numberText;
  }
}

function batchJson(type: string): (value: unknown) => string {
  const text = batchText(type);
  switch (type) {
    case 'bool':
    case 'json':
      return text;
    case 'string':
    case 'bytes':
    case 'date':
    case 'time':
    case 'datetime':
      return (value) => JSON.stringify(text(value));
    default:
      return (value) =>
        typeof value === 'number' && !Number.isFinite(value) ? `"${value}"` : text(value);
  }
}

function numberText(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The shortest decimal that is this 32-bit float. */
function floatText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return numberText(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

let lastDay = Number.NaN;
let lastDayText = '';

/** Rows that follow each other are often of one day. */
function dayText(day: number): string {
  if (day !== lastDay) {
    lastDayText = new Date(day * MS_PER_DAY).toISOString().slice(0, -'T00:00:00.000Z'.length);
    lastDay = day;
  }
  return lastDayText;
}

function microsecondText(value: bigint): string {
  const perDay = 86_400n * BigInt(US_PER_SECOND);
  const within = ((value % perDay) + perDay) % perDay;
  const day = Number((value - within) / perDay);
  if (Math.abs(day) > 100_000_000) return `${value} µs`;
  return `${dayText(day)}T${clockText(Number(within), 3)}Z`;
}

/** `12:00:00`, with at least `least` digits of a second (0 or 3), and six where it needs them. */
function clockText(microseconds: number, least: 0 | 3): string {
  const seconds = Math.floor(microseconds / US_PER_SECOND);
  const rest = microseconds - seconds * US_PER_SECOND;
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (rest === 0 && least === 0) return clock;
  const digits = String(rest).padStart(6, '0');
  return `${clock}.${rest % 1000 === 0 ? digits.slice(0, 3) : digits}`;
}

function* escapedPieces(bytes: Uint8Array): Generator<string> {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      const byte = bytes[at] ?? 0;
      yield String.fromCharCode(FIRST_ESCAPE + byte - 0x80);
      at++;
    } else {
      yield STRICT_UTF8.decode(bytes.subarray(at, at + length));
      at += length;
    }
  }
}

/** Bytes of the character that begins at `at`; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      STRICT_UTF8.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      if ((bytes[at] ?? 0) < 0xc2) return 0;
    }
  }
  return 0;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
