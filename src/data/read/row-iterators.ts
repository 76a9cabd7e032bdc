// The iterators over rows: bare values, tuples and objects. Written by hand because generators take twice as long,
// and one class per shape because each then stays simple enough to be inlined into the loop that uses it.

import type { RowShape } from './mapped-rows.ts';
import type { RowRuns } from './row-runs.ts';

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Makes the iterator for the columns asked for: one name, a list, or all as an object (`null`). */
export function iterateRows(
  source: RowRuns,
  columns: string | readonly string[] | null,
  names: readonly string[],
): IterableIterator<unknown> {
  if (typeof columns === 'string') return new ValueRows(source);
  if (columns === null) return new RecordRows(source, names);
  return columns.length === 2 ? new PairRows(source) : new TupleRows(source);
}

/** The same shapes for rows that are made one by one. */
export function rowShape(
  columns: string | readonly string[] | null,
  names: readonly string[],
): RowShape {
  if (typeof columns === 'string') return { make: ([value]) => value, cell: (row) => row };
  if (columns !== null) {
    return {
      make: (cells) => [...cells],
      cell: (row, column) => (Array.isArray(row) ? row[column] : undefined),
    };
  }
  const template = Object.fromEntries(names.map((name): [string, unknown] => [name, null]));
  return {
    make: (cells) => {
      const record = { ...template };
      for (let i = 0; i < cells.length; i++) record[names[i] ?? ''] = cells[i];
      return record;
    },
    cell: (row, column) =>
      typeof row === 'object' && row !== null
        ? Object.entries(row).find(([name]) => name === names[column])?.[1]
        : undefined,
  };
}

class ValueRows implements IterableIterator<unknown> {
  readonly #source: RowRuns;
  readonly #values: readonly unknown[];

  constructor(source: RowRuns) {
    this.#source = source;
    this.#values = source.values[0] ?? [];
  }

  next(): IteratorResult<unknown> {
    const source = this.#source;
    if (source.index === source.count && !source.load()) return END;
    return { done: false, value: this.#values[source.index++] };
  }

  return(): IteratorResult<unknown> {
    this.#source.leave();
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

class PairRows implements IterableIterator<unknown> {
  readonly #source: RowRuns;
  readonly #first: readonly unknown[];
  readonly #second: readonly unknown[];

  constructor(source: RowRuns) {
    this.#source = source;
    this.#first = source.values[0] ?? [];
    this.#second = source.values[1] ?? [];
  }

  next(): IteratorResult<unknown> {
    const source = this.#source;
    if (source.index === source.count && !source.load()) return END;
    const row = source.index++;
    return { done: false, value: [this.#first[row], this.#second[row]] };
  }

  return(): IteratorResult<unknown> {
    this.#source.leave();
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

class TupleRows implements IterableIterator<unknown> {
  readonly #source: RowRuns;
  readonly #values: readonly (readonly unknown[])[];

  readonly #a: readonly unknown[];
  readonly #b: readonly unknown[];
  readonly #c: readonly unknown[];
  readonly #d: readonly unknown[];
  readonly #e: readonly unknown[];
  readonly #f: readonly unknown[];

  constructor(source: RowRuns) {
    this.#source = source;
    this.#values = source.values;
    const [a = [], b = [], c = [], d = [], e = [], f = []] = source.values;
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    this.#e = e;
    this.#f = f;
  }

  next(): IteratorResult<unknown> {
    const source = this.#source;
    if (source.index === source.count && !source.load()) return END;
    const row = source.index++;
    return { done: false, value: this.#tuple(row) };
  }

  /** Literals up to six columns: an array that grows value by value takes twice as long. */
  #tuple(row: number): unknown[] {
    const a = this.#a;
    const b = this.#b;
    const c = this.#c;
    switch (this.#values.length) {
      case 3:
        return [a[row], b[row], c[row]];
      case 4:
        return [a[row], b[row], c[row], this.#d[row]];
      case 5:
        return [a[row], b[row], c[row], this.#d[row], this.#e[row]];
      case 6:
        return [a[row], b[row], c[row], this.#d[row], this.#e[row], this.#f[row]];
      default:
        return this.#values.map((column) => column[row]);
    }
  }

  return(): IteratorResult<unknown> {
    this.#source.leave();
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

class RecordRows implements IterableIterator<unknown> {
  readonly #source: RowRuns;
  readonly #names: readonly string[];
  /** Has all names as its own members, `__proto__` too, so that assigning to a copy never meets a setter. */
  readonly #template: Readonly<Record<string, unknown>>;

  constructor(source: RowRuns, names: readonly string[]) {
    this.#source = source;
    this.#names = names;
    this.#template = Object.fromEntries(names.map((name) => [name, null]));
  }

  next(): IteratorResult<unknown> {
    const source = this.#source;
    if (source.index === source.count && !source.load()) return END;
    const row = source.index++;
    const record: Record<string, unknown> = { ...this.#template };
    const { values } = source;
    for (let i = 0; i < values.length; i++) record[this.#names[i] ?? ''] = values[i]?.[row];
    return { done: false, value: record };
  }

  return(): IteratorResult<unknown> {
    this.#source.leave();
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }
}
