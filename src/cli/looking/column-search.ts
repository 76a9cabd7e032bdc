// Marks the rows of a batch in which a column matches. Text is searched as bytes where the patterns are plain text,
// and each entry of a dictionary once; a column whose type cannot hold a pattern's characters is not looked at.

import { cellReader, valueReader } from './cell-text.ts';
import type { BatchColumn } from './cell-text.ts';
import type { Patterns } from './patterns.ts';

/** A column of a batch as it is searched. */
export interface SearchedColumn {
  readonly values: BatchColumn;
  readonly type: string;
  /** Arrow bitmap; `null` when there are no nulls. */
  readonly validity: Uint8Array | null;
}

/** Text as a batch holds it. */
interface TextColumn {
  readonly length: number;
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
  readonly codes?: ArrayLike<number> | undefined | null;
  readonly dictionary?: TextColumn | undefined | null;
  get(row: number): string | null;
}

/** Characters that the text of a type can have; of other types, any. */
const CHARACTERS: Readonly<Record<string, RegExp>> = {
  bool: /^[aeflrstu]*$/u,
  float32: /^[-+.\daefinyINt]*$/u,
  float64: /^[-+.\daefinyINt]*$/u,
  date: /^[-+\d]*$/u,
  time: /^[:.\d]*$/u,
  datetime: /^[-+:.\dTZ]*$/u,
};
const INTEGER = /^u?int(?:8|16|32|64)$/u;
const NUMERIC = /^(?:u?int(?:8|16|32|64)|float32|float64|number)$/u;

/** Sets `hits[row]` to 1 where the column matches; leaves all others as they are. */
export function markMatches(column: SearchedColumn, patterns: Patterns, hits: Uint8Array): void {
  const { values, type, validity } = column;
  if (validity !== null && !patterns.isNumeric && patterns.matchesText('null')) {
    markNulls(validity, hits);
  }
  if (patterns.isNumeric) markNumbers(column, patterns, hits);
  else if (patterns.literals !== undefined && !canHold(type, patterns.literals)) return;
  else if (type === 'string') markText(values as unknown as TextColumn, patterns, hits);
  else markTexts(column, patterns, hits);
}

function markText(column: TextColumn, patterns: Patterns, hits: Uint8Array): void {
  const { codes, dictionary } = column;
  if (codes !== undefined && codes !== null && dictionary !== undefined && dictionary !== null) {
    const entries = new Uint8Array(dictionary.length);
    markText(dictionary, patterns, entries);
    for (let row = 0; row < hits.length; row++) {
      if (entries[codes[row] ?? 0] === 1) hits[row] = 1;
    }
  } else if (patterns.literals === undefined) {
    markTexts({ values: column, type: 'string', validity: null }, patterns, hits);
  } else {
    for (const literal of patterns.literals) markLiteral(column, Buffer.from(literal), hits);
  }
}

/** Searches all rows at once: their texts lie one after another. */
function markLiteral({ bytes, offsets }: TextColumn, literal: Buffer, hits: Uint8Array): void {
  const end = offsets[hits.length] ?? 0;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  let row = 0;
  for (let at = text.indexOf(literal); at >= 0;) {
    row = rowAt(offsets, at, row);
    const rowEnd = offsets[row + 1] ?? end;
    const isWithin = at + literal.length <= rowEnd;
    if (isWithin) hits[row] = 1;
    at = text.indexOf(literal, isWithin ? rowEnd : at + 1);
  }
}

/** The row that byte `at` lies in, searched from `from` on in steps that double. */
function rowAt(offsets: Int32Array, at: number, from: number): number {
  let step = 1;
  while (from + step < offsets.length && (offsets[from + step] ?? 0) <= at) step *= 2;
  let low = from + (step >> 1);
  let high = Math.min(from + step, offsets.length - 1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low;
}

function markTexts(
  { values, type, validity }: SearchedColumn,
  patterns: Patterns,
  hits: Uint8Array,
): void {
  const textAt = cellReader(values, { type, validity, form: 'text' });
  const { matchesText } = patterns;
  for (let row = 0; row < hits.length; row++) {
    if (hits[row] === 1) continue;
    const text = textAt(row);
    if (text !== null && matchesText(text)) hits[row] = 1;
  }
}

function markNumbers(column: SearchedColumn, patterns: Patterns, hits: Uint8Array): void {
  const { values, type, validity } = column;
  if (!NUMERIC.test(type)) {
    markTexts(column, patterns, hits);
    return;
  }
  const valueAt = valueReader(values);
  const { matchesNumber } = patterns;
  for (let row = 0; row < hits.length; row++) {
    const isNull = validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
    const value = isNull ? null : valueAt(row);
    if (value !== null && matchesNumber(value as number | bigint)) hits[row] = 1;
  }
}

function markNulls(validity: Uint8Array, hits: Uint8Array): void {
  for (let row = 0; row < hits.length; row++) {
    if (((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) hits[row] = 1;
  }
}

function canHold(type: string, literals: readonly string[]): boolean {
  const characters = INTEGER.test(type) ? /^[-\d]*$/u : CHARACTERS[type];
  return characters === undefined || literals.some((literal) => characters.test(literal));
}
