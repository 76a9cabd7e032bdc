import { expect, test } from 'vitest';

import { sortInPasses } from '../../methods/lib/sorting/sort-passes.ts';
import { isNullAt } from '../../methods/lib/tables/column-view.ts';
import type { ColumnView, TableBatch, TextValues } from '../../methods/lib/tables/column-view.ts';
import { randomFrom } from '../rig/random.ts';

const ROWS = 150_000;
const BATCH = 25_000;
const NO_BATCHES: readonly TableBatch[] = [];
const COLUMNS = [
  { name: 'key', type: 'datetime', nullable: true },
  { name: 'code', type: 'string', nullable: true },
  { name: 'text', type: 'string', nullable: true },
  { name: 'at', type: 'int32', nullable: false },
  { name: 'small', type: 'int16', nullable: false },
  { name: 'flag', type: 'bool', nullable: false },
] as const;
const SORT_COLUMNS = [
  { name: 'key', type: 'datetime', descending: false, nullsFirst: false },
] as const;
const WORDS = ['', 'a', 'bb', 'ccc', 'dddd', 'long '.repeat(20)];

interface Table {
  readonly keys: readonly (number | null)[];
  readonly codes: readonly number[];
  readonly texts: readonly (string | null)[];
  /** Tells whether a batch has other words, or texts instead of codes. */
  readonly form: (batch: number) => 'same' | 'other' | 'text';
}

test.each(['same', 'other', 'text'] as const)(
  'rows are put in their places in as many passes as they need, with dictionaries: %s',
  (form) => {
    const random = randomFrom(7);
    const table: Table = {
      keys: draw(() => (random() < 0.01 ? null : Math.floor(random() * 1e5) * 1e6 - 3e10)),
      codes: draw(() => (random() < 0.1 ? -1 : Math.floor(random() * WORDS.length))),
      texts: draw(() => (random() < 0.1 ? null : 'xyz'.repeat(random() * 6))),
      form: (batch) => (batch < 3 ? 'same' : form),
    };
    const order = [...table.keys.keys()].toSorted(
      (a, b) => (table.keys[a] ?? 1e300) - (table.keys[b] ?? 1e300),
    );
    const expected = order.map((row) => rowOf(table, row));
    for (const [bytes, reads] of [
      [30e6, 3],
      [5e6, 4],
    ] as const) {
      const { done, rows, passes } = sorted(table, bytes);
      expect(done).toBe(true);
      expect(passes).toBe(reads);
      expect(rows).toEqual(expected);
    }
    expect(sorted(table, 1e6)).toEqual({ done: false, rows: [], passes: 1 });
  },
);

test('rows that are larger than the first ones take more passes, or are left to others', () => {
  const random = randomFrom(8);
  const long = 'x'.repeat(2000);
  const short = 'x'.repeat(30);
  const keys = draw((at) => (at * 7919) % ROWS);
  const codes = draw(() => 1);
  const isLate = (at: number): boolean => at >= BATCH && (keys[at] ?? 0) > ROWS * 0.9;
  const late = {
    keys,
    codes,
    texts: draw((at) => (isLate(at) && random() < 0.5 ? long : short)),
    form: () => 'same' as const,
  };
  const { done, rows, passes } = sorted(late, 7_500_000);
  expect(done).toBe(true);
  expect(passes).toBeGreaterThan(4);
  expect(rows.length).toBe(ROWS);
  expect(rows.every(([key], place) => Number(key) === place)).toBe(true);
  expect(rows.filter(([, , text]) => text === long)).toHaveLength(
    late.texts.filter((text) => text === long).length,
  );

  const all = { ...late, texts: draw((at) => (at >= BATCH ? long : short)) };
  expect(sorted(all, 7_500_000)).toMatchObject({ done: false, rows: [] });
});

test('rows that are sorted by text without a dictionary are left to others', () => {
  const table = {
    keys: draw(() => 1),
    codes: draw(() => 1),
    texts: draw(String),
    form: () => 'same' as const,
  };
  const request = { columns: COLUMNS, rows: ROWS, bytes: 1e9 };
  const sortColumns = [
    { name: 'text', type: 'string', descending: false, nullsFirst: true },
  ] as const;
  const read = (names: readonly string[]) => batchesOf(table, names);
  expect(sortInPasses({ ...request, sortColumns, read }, () => {})).toBe(false);
});

test('no rows are no rows', () => {
  const request = { columns: COLUMNS, sortColumns: SORT_COLUMNS, rows: 0, bytes: 1e6 };
  const taken: unknown[] = [];
  expect(sortInPasses({ ...request, read: () => NO_BATCHES }, (views) => taken.push(views))).toBe(
    true,
  );
  expect(taken).toEqual([]);
});

function sorted(table: Table, bytes: number): { done: boolean; rows: unknown[][]; passes: number } {
  let passes = 0;
  const rows: unknown[][] = [];
  const read = (names: readonly string[]): Iterable<TableBatch> => {
    passes++;
    return batchesOf(table, names);
  };
  const request = { columns: COLUMNS, sortColumns: SORT_COLUMNS, rows: ROWS, bytes, read };
  const done = sortInPasses(request, (views) => {
    const length = views[0]?.length ?? 0;
    for (let i = 0; i < length; i++) rows.push(views.map((view) => valueAt(view, i)));
  });
  return { done, rows, passes };
}

function draw<T>(make: (at: number) => T): T[] {
  return Array.from({ length: ROWS }, (_, at) => make(at));
}

function rowOf({ keys, codes, texts }: Table, row: number): unknown[] {
  const key = keys[row] ?? null;
  return [
    key === null ? null : BigInt(key),
    WORDS[codes[row] ?? 0] ?? null,
    texts[row] ?? null,
    row,
    row % 1000,
    row & 1,
  ];
}

function* batchesOf(table: Table, names?: readonly string[]): Generator<TableBatch> {
  const [words, others] = [textsOf(WORDS), textsOf(WORDS.toReversed())];
  for (let start = 0; start < ROWS; start += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, i) => rowOf(table, start + i));
    const form = table.form(start / BATCH);
    const fixed = (i: number, values: BigInt64Array | Int32Array | Int16Array | Uint8Array) =>
      ({ kind: 'fixed', length: BATCH, validity: validityOf(rows, i), values }) as const;
    const text = (i: number): ColumnView => ({
      kind: 'text',
      length: BATCH,
      validity: validityOf(rows, i),
      text: textsOf(rows.map((row) => (row[i] as string | null) ?? '')),
    });
    const codes = Uint32Array.from({ length: BATCH }, (_, i) => {
      const code = Math.max(0, table.codes[start + i] ?? 0);
      return form === 'other' ? WORDS.length - 1 - code : code;
    });
    const dictionary = form === 'other' ? others : words;
    const views: Record<string, ColumnView> = {
      key: fixed(
        0,
        BigInt64Array.from(rows, (row) => (row[0] as bigint | null) ?? 0n),
      ),
      code:
        form === 'text'
          ? text(1)
          : { kind: 'codes', length: BATCH, validity: validityOf(rows, 1), codes, dictionary },
      text: text(2),
      at: fixed(
        3,
        Int32Array.from(rows, (row) => Number(row[3])),
      ),
      small: fixed(
        4,
        Int16Array.from(rows, (row) => Number(row[4])),
      ),
      flag: fixed(
        5,
        Uint8Array.from(rows, (row) => Number(row[5])),
      ),
    };
    const wanted = names ?? COLUMNS.map(({ name }) => name);
    yield { length: BATCH, views: wanted.flatMap((name) => views[name] ?? []) };
  }
}

function validityOf(rows: readonly unknown[][], i: number): Uint8Array | null {
  if (rows.every((row) => row[i] !== null)) return null;
  const bits = new Uint8Array((rows.length + 7) >> 3);
  rows.forEach((row, at) => {
    if (row[i] !== null) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  });
  return bits;
}

function textsOf(values: readonly string[]): TextValues {
  const offsets = new Int32Array(values.length + 1);
  values.forEach((value, i) => (offsets[i + 1] = (offsets[i] ?? 0) + value.length));
  return { offsets, bytes: new Uint8Array(Buffer.from(values.join(''))) };
}

function valueAt(view: ColumnView, row: number): unknown {
  if (isNullAt(view.validity, row)) return null;
  if (view.kind === 'fixed') return view.values[row];
  const { offsets, bytes } = view.kind === 'text' ? view.text : view.dictionary;
  const at = view.kind === 'text' ? row : (view.codes[row] ?? 0);
  return Buffer.from(bytes.subarray(offsets[at], offsets[at + 1])).toString();
}
