// Finds the narrowest type that all texts of a column are values of. Each candidate is tried on every text until one is
// no value of it; that text is kept as the reason. What is no text of a value but stands for none is left aside.

import { cellReader } from '../values/cell-reader.ts';
import type { ReadSettings } from '../values/cell-reader.ts';
import { BAD, NULL, ParsedCells, READ } from '../values/cells.ts';
import type { Cells, ReadCells } from '../values/cells.ts';
import { parseTypeSpec } from '../values/type-spec.ts';
import type { TextColumnLike } from './column-typer.ts';

/** Why a column is not of a type: the first text that is no value of it. */
export interface RuledOut {
  readonly text: string;
  readonly sliceno: number;
  readonly row: number;
}

/** What is known of a column after some rows. */
export interface Inference {
  readonly column: string;
  /** By candidate, narrowest first; `null` where every text is a value of it. */
  readonly candidates: readonly (readonly [type: string, ruledOut: RuledOut | null])[];
  /** Texts that are values. */
  readonly values: number;
  /** Nulls, and texts that stand for one. */
  readonly nulls: number;
}

/** What types are looked for. */
export interface InferenceSettings extends ReadSettings {
  /** Texts that stand for no value. */
  readonly nullLikes: readonly string[];
  /** Date patterns to try beside ISO 8601, as the argument of date, time and datetime: `date:%d.%m.%Y`. */
  readonly dateTypes: readonly string[];
}

/** Types that are always looked for, narrowest first. */
const NUMBER_TYPES = ['bool', 'int32', 'int64', 'float64'];
const ISO_TYPES = ['date', 'time', 'datetime'];
/** Texts that are tried before all others, because most candidates fall on the first one. */
const FIRST_LOOK = 64;
/** Most bytes of a text that are kept as a reason. */
const SHOWN_BYTES = 100;
const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const PLUS = 43;
const EXACT = 2 ** 53;

/** Goes through the texts of one column in one slice. */
export class TypeInference {
  readonly #column: string;
  readonly #sliceno: number;
  readonly #candidates: readonly Candidate[];
  readonly #nullLikes: readonly Uint8Array[];
  readonly #cells = new ParsedCells();
  #values = 0;
  #nulls = 0;
  #rows = 0;

  constructor(column: string, sliceno: number, settings: InferenceSettings) {
    this.#column = column;
    this.#sliceno = sliceno;
    this.#candidates = [...NUMBER_TYPES, ...ISO_TYPES, ...settings.dateTypes].map((type) => ({
      type,
      read: readerOf(type, settings),
      ruledOut: null,
    }));
    this.#nullLikes = settings.nullLikes.map((text) => new TextEncoder().encode(text));
  }

  /** Takes the texts of a batch. */
  look(column: TextColumnLike, rows: number, validity: Uint8Array | null): void {
    const { bytes, offsets } = plainText(column, rows);
    const whole: Cells = {
      bytes,
      starts: offsets,
      ends: offsets.subarray(1),
      first: 0,
      step: 1,
      count: rows,
    };
    const isNull = this.#nullsOf(whole, validity);
    for (const candidate of this.#candidates) {
      for (const count of rows > FIRST_LOOK ? [FIRST_LOOK, rows] : [rows]) {
        if (candidate.ruledOut !== null) break;
        this.#try(candidate, { ...whole, count }, isNull);
      }
    }
    this.#rows += rows;
  }

  /** What has been found. */
  get result(): Inference {
    return {
      column: this.#column,
      candidates: this.#candidates.map(({ type, ruledOut }) => [type, ruledOut] as const),
      values: this.#values,
      nulls: this.#nulls,
    };
  }

  #try(candidate: Candidate, cells: Cells, isNull: Uint8Array): void {
    this.#cells.reset(cells.count);
    this.#cells.states.set(isNull.subarray(0, cells.count));
    candidate.read(cells, this.#cells);
    if (this.#cells.bad === 0) return;
    const row = this.#cells.states.subarray(0, cells.count).indexOf(BAD);
    const start = cells.starts[row] ?? 0;
    const end = Math.min(cells.ends[row] ?? 0, start + SHOWN_BYTES);
    const text = Buffer.from(cells.bytes.subarray(start, end)).toString();
    candidate.ruledOut = { text, sliceno: this.#sliceno, row: this.#rows + row };
  }

  #nullsOf(cells: Cells, validity: Uint8Array | null): Uint8Array {
    const states = new Uint8Array(cells.count);
    let nulls = 0;
    for (let row = 0; row < cells.count; row++) {
      const isThere = validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
      if (isThere && !this.#isNullLike(cells, row)) continue;
      states[row] = NULL;
      nulls++;
    }
    this.#nulls += nulls;
    this.#values += cells.count - nulls;
    return states;
  }

  #isNullLike({ bytes, starts, ends }: Cells, row: number): boolean {
    const start = starts[row] ?? 0;
    const length = (ends[row] ?? 0) - start;
    for (const text of this.#nullLikes) {
      if (text.length !== length) continue;
      let i = 0;
      while (i < length && bytes[start + i] === text[i]) i++;
      if (i === length) return true;
    }
    return false;
  }
}

/** Puts together what was found in slices, in their order. */
export function mergeInferences(parts: readonly Inference[]): Inference {
  const [first] = parts;
  if (first === undefined) throw new Error('Internal error: no slices to put together');
  return {
    column: first.column,
    candidates: first.candidates.map(([type], i) => {
      const ruledOut = parts.map((part) => part.candidates[i]?.[1] ?? null);
      return [type, ruledOut.find((reason) => reason !== null) ?? null] as const;
    }),
    values: parts.reduce((sum, part) => sum + part.values, 0),
    nulls: parts.reduce((sum, part) => sum + part.nulls, 0),
  };
}

/** The narrowest type left; `undefined` when the column stays as it is. */
export function inferredType({ candidates, values }: Inference): string | undefined {
  if (values === 0) return undefined;
  return candidates.find(([, ruledOut]) => ruledOut === null)?.[0];
}

interface Candidate {
  readonly type: string;
  readonly read: ReadCells;
  ruledOut: RuledOut | null;
}

function readerOf(type: string, settings: InferenceSettings): ReadCells {
  const reader = cellReader(parseTypeSpec(type), settings);
  if (reader.kind === 'text') throw new Error(`Internal error: ${type} is no type to look for`);
  const { read } = reader;
  switch (type) {
    case 'bool':
      return (cells, into) => checked(cells, into, read, isDigitText);
    case 'int32':
    case 'int64':
      return (cells, into) => checked(cells, into, read, hasLeadingZero);
    case 'float64':
      return (cells, into) => checked(cells, into, read, losesDigits);
    default:
      return read;
  }
}

/** Tells of a text that is a value whether it is better left as text. */
type Objection = (cells: Cells, cell: number, value: number) => boolean;

function checked(cells: Cells, into: ParsedCells, read: ReadCells, objects: Objection): void {
  read(cells, into);
  for (let cell = 0; cell < cells.count; cell++) {
    if (into.states[cell] === READ && objects(cells, cell, into.values[cell] ?? 0))
      into.markBad(cell);
  }
}

/** Of the words for bool, 0 and 1 are taken for numbers. */
function isDigitText({ starts, ends, bytes }: Cells, cell: number): boolean {
  const start = starts[cell] ?? 0;
  return (ends[cell] ?? 0) > start && (bytes[start] ?? 0) <= NINE;
}

/** `007` is a name rather than a number. */
function hasLeadingZero({ starts, ends, bytes }: Cells, cell: number): boolean {
  let start = starts[cell] ?? 0;
  const sign = bytes[start];
  if (sign === MINUS || sign === PLUS) start++;
  const second = start + 1 < (ends[cell] ?? 0) ? (bytes[start + 1] ?? 0) : 0;
  return bytes[start] === ZERO && second >= ZERO && second <= NINE;
}

/** An integer that float64 does not hold exactly may be one of which every digit counts. */
function losesDigits(cells: Cells, cell: number, value: number): boolean {
  if (hasLeadingZero(cells, cell)) return true;
  if (Math.abs(value) < EXACT) return false;
  const start = cells.starts[cell] ?? 0;
  const text = Buffer.from(cells.bytes.subarray(start, cells.ends[cell])).toString('latin1').trim();
  return /^[+-]?\d+$/.test(text) && BigInt(text.replace('+', '')) !== BigInt(value);
}

function plainText(
  column: TextColumnLike,
  rows: number,
): { bytes: Uint8Array; offsets: Int32Array } {
  const { codes, dictionary } = column;
  if (codes === undefined || codes === null || dictionary === undefined || dictionary === null) {
    return column;
  }
  const offsets = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? 0;
    const length = (dictionary.offsets[code + 1] ?? 0) - (dictionary.offsets[code] ?? 0);
    offsets[row + 1] = (offsets[row] ?? 0) + length;
  }
  const bytes = new Uint8Array(offsets[rows] ?? 0);
  for (let row = 0; row < rows; row++) {
    const start = dictionary.offsets[codes[row] ?? 0] ?? 0;
    const length = (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
    bytes.set(dictionary.bytes.subarray(start, start + length), offsets[row]);
  }
  return { bytes, offsets };
}
