// Cells of text as they lie in memory, and what becomes of them when they are read as values of a type.
// Every type that is no text passes through float64: an integer or a count of microseconds beyond 2^53 is kept aside.

/** Cell `i` is `bytes[starts[i * step + first], ends[i * step + first])`, for CSV fields and for text columns alike. */
export interface Cells {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  /** Exclusive. */
  readonly ends: Int32Array;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** A cell that has been read. */
export const READ = 0;

/** A cell without a value; its bytes are not looked at. */
export const NULL = 1;

/** A cell that is no value of the type. */
export const BAD = 2;

/** The values read from cells. Used again for the next batch. */
export class ParsedCells {
  /** Of cells that are `READ`; what stands in the others means nothing. */
  values: Float64Array = new Float64Array(0);
  /** `READ`, `NULL` or `BAD`. */
  states: Uint8Array = new Uint8Array(0);
  /** Exact values, by cell, where float64 is not exact: only there `values` is not the value. */
  readonly wide = new Map<number, bigint>();
  /** Cells that are `BAD`. */
  bad = 0;

  /** Makes room for `count` cells, all of them `READ`. */
  reset(count: number): void {
    if (count > this.states.length) {
      this.values = new Float64Array(count);
      this.states = new Uint8Array(count);
    }
    this.states.fill(READ, 0, count);
    this.wide.clear();
    this.bad = 0;
  }

  markBad(cell: number): void {
    this.states[cell] = BAD;
    this.bad++;
  }
}

/** Reads all cells that are not `NULL`. */
export type ReadCells = (cells: Cells, into: ParsedCells) => void;

/** Tells whether a byte is white space: tab, line feed, vertical tab, form feed, carriage return or space. */
export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** The first byte that is not white space. */
export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && isSpace(bytes[position] ?? 0)) position++;
  return position;
}

/** The end of what is before white space at the end. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let position = end;
  while (position > start && isSpace(bytes[position - 1] ?? 0)) position--;
  return position;
}

/** The bytes as text of one character each. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
