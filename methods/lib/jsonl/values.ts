// Values of JSON lines as column types want them, and which type a member needs. Unaware of files and datasets.
// Whole numbers that a double cannot hold keep all their digits: they are marked before JSON is parsed.

import type { ColumnType } from 'acc-engine';

import { mistake } from '../mistake.ts';
import { readDate, readDatetime, readTime } from '../values/iso-values.ts';

/** Strings and numbers, of which those are marked that are whole and have more digits than a double is sure to hold. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gu;
const LONG_NUMBER = /^-?\d{16,}$/u;
const MARK = '\u0000int:';

/** A row of a file. */
export type JsonRow = Readonly<Record<string, unknown>>;

/** Parses one line. Throws for what is no JSON object. */
export function parseLine(line: string): JsonRow {
  const isLong = /\d{16}/u.test(line);
  const text = isLong
    ? line.replace(TOKENS, (token) =>
        LONG_NUMBER.test(token) ? JSON.stringify(MARK + token) : token,
      )
    : line;
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonRow;
  throw mistake(`expected an object, got ${line.slice(0, 40)}`);
}

/** Makes the reader of a column's values: `undefined` for what does not fit the type. */
export function valueReader(type: ColumnType): (value: unknown) => unknown {
  switch (type) {
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return (value) => (typeof value === 'number' ? value : longNumber(value));
    case 'float32':
    case 'float64':
      return (value) => {
        if (typeof value === 'number') return value;
        const long = longNumber(value);
        return long === undefined ? specialNumber(value) : Number(long);
      };
    case 'number':
      return (value) =>
        typeof value === 'number' ? value : (longNumber(value) ?? specialNumber(value));
    case 'date':
      return (value) => (typeof value === 'string' ? readDate(value) : undefined);
    case 'time':
      return (value) => (typeof value === 'string' ? readTime(value) : undefined);
    case 'datetime':
      return (value) => (typeof value === 'string' ? readDatetime(value) : undefined);
    case 'string':
      return (value) => (typeof value === 'string' && !value.startsWith(MARK) ? value : undefined);
    case 'bytes':
      return (value) => (typeof value === 'string' ? base64(value) : undefined);
    case 'json':
      return unmarked;
  }
}

/** What the values of a member are, over all rows. */
export class MemberKinds {
  #isBool = false;
  #isWhole = false;
  #isFraction = false;
  #isSpecial = false;
  #isText = false;
  #isOther = false;
  #present = 0;

  /** Takes one value; a null counts as missing. */
  add(value: unknown): void {
    if (value === null) return;
    this.#present++;
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#isWhole = true;
      else this.#isFraction = true;
    } else if (typeof value === 'boolean') this.#isBool = true;
    else if (typeof value !== 'string') this.#isOther = true;
    else if (value.startsWith(MARK)) this.#addLong(value);
    else if (specialNumber(value) === undefined) this.#isText = true;
    else this.#isSpecial = true;
  }

  /** The narrowest type for all values, and whether some row lacks one. */
  declaration(rows: number): { readonly type: ColumnType; readonly nullable: boolean } {
    return { type: this.#type(), nullable: this.#present < rows };
  }

  #addLong(value: string): void {
    const long = longNumber(value) ?? 0n;
    if (BigInt.asIntN(64, BigInt(long)) === BigInt(long)) this.#isWhole = true;
    else this.#isFraction = true;
  }

  #type(): ColumnType {
    const isNumber = this.#isWhole || this.#isFraction;
    if (this.#isOther || Number(this.#isBool) + Number(isNumber) + Number(this.#isText) > 1) {
      return 'json';
    }
    if (this.#isBool) return this.#isSpecial ? 'json' : 'bool';
    if (isNumber && !this.#isText) return this.#isFraction || this.#isSpecial ? 'float64' : 'int64';
    return 'string';
  }
}

function longNumber(value: unknown): number | bigint | undefined {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return undefined;
  const whole = BigInt(value.slice(MARK.length));
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

function specialNumber(value: unknown): number | undefined {
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  return value === '-Infinity' ? Number.NEGATIVE_INFINITY : undefined;
}

function base64(text: string): Uint8Array | undefined {
  return /^[\w+/-]*={0,2}$/u.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}

/** A JSON value as it was before long numbers were marked; it holds them as doubles. */
function unmarked(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value;
  }
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unmarked(part)]));
}
