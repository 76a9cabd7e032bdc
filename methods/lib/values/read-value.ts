// Reads one text as a value, by the same code that reads whole columns. For texts that come one at a time.

import { cellReader } from './cell-reader.ts';
import { ParsedCells } from './cells.ts';
import { TextSink } from './text-codecs.ts';
import { parseTypeSpec } from './type-spec.ts';

type ReadOne = (text: Buffer) => number | bigint | undefined;

const READERS = new Map<string, ReadOne>();
const INTEGER = /^-?\d+$/;

/**
 * Reads a text as a value of a type of fixed width, as it is stored (days of a date, microseconds of a time or datetime,
 * 0 or 1 of a bool), or of type number; `undefined` when it is none. A bigint where a number is not exact.
 */
export function readValue(type: string, text: Buffer): number | bigint | undefined {
  let read = READERS.get(type);
  if (read === undefined) {
    read = makeReader(type);
    READERS.set(type, read);
  }
  return read(text);
}

function makeReader(type: string): ReadOne {
  const reader = cellReader(parseTypeSpec(type), { hasComma: false });
  if (reader.kind === 'text') {
    const sink = new TextSink();
    return (text) => {
      sink.length = 0;
      if (!reader.append(sink, text, 0, text.length)) return undefined;
      return exactNumber(Buffer.from(sink.bytes.subarray(0, sink.length)).toString());
    };
  }
  const parsed = new ParsedCells();
  const starts = new Int32Array(1);
  return (text) => {
    parsed.reset(1);
    const ends = Int32Array.of(text.length);
    reader.read({ bytes: text, starts, ends, first: 0, step: 1, count: 1 }, parsed);
    return parsed.bad > 0 ? undefined : (parsed.wide.get(0) ?? parsed.values[0]);
  };
}

/** A number in decimal text: a bigint where it is an integer beyond what numbers hold. */
export function exactNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) || !INTEGER.test(text) ? value : BigInt(text);
}
