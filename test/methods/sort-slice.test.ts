import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { mergeRuns } from '../../methods/lib/sorting/merge-runs.ts';
import { RunFile } from '../../methods/lib/sorting/run-file.ts';
import { sortKeysOf, sortRows, writeSortedRuns } from '../../methods/lib/sorting/sort-slice.ts';
import { isNullAt, pickRows } from '../../methods/lib/tables/column-view.ts';
import type { ColumnView, TableBatch } from '../../methods/lib/tables/column-view.ts';
import { randomFrom } from '../rig/random.ts';

const directory = mkdtempSync(join(tmpdir(), 'acc-sort-'));
afterAll(() => rmSync(directory, { recursive: true }));

type Row = readonly [text: string | null, code: string | null, float: number | null, at: number];

const COLUMNS = [
  { name: 'text', type: 'string', nullable: true },
  { name: 'code', type: 'string', nullable: true },
  { name: 'float', type: 'float64', nullable: true },
  { name: 'at', type: 'int32', nullable: false },
] as const;

it.each([200, 3000, 1e9])(
  'rows in runs of %d bytes are merged as they would be sorted at once',
  (runBytes) => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = randomFrom(seed);
      const rows = Array.from({ length: Math.floor(random() * 400) }, (_, at): Row => {
        const text = `${'x'.repeat(Math.floor(random() * 12))}${Math.floor(random() * 5)}`;
        const code = ['a', 'bb', 'ccc', ''][Math.floor(random() * 4)] ?? null;
        const float = [Number.NaN, -1, 0, 2.5, Infinity][Math.floor(random() * 5)] ?? null;
        const orNull = <T>(value: T): T | null => (random() < 0.2 ? null : value);
        return [orNull(text), orNull(code), orNull(float), at];
      });
      const keys = [0, 1, 2].toSorted(() => random() - 0.5).slice(0, 1 + Math.floor(random() * 3));
      const sortColumns = keys.map((index) => {
        const { name, type } = COLUMNS[index] ?? COLUMNS[0];
        return { index, name, type, descending: random() < 0.5, nullsFirst: random() < 0.5 };
      });
      const request = { columns: COLUMNS, sortColumns, rows: rows.length, runBytes };
      const expected = rows.toSorted((a, b) => {
        for (const { index, descending, nullsFirst } of sortColumns) {
          const order = naive(a[index] ?? null, b[index] ?? null, descending, nullsFirst);
          if (order !== 0) return order;
        }
        return 0;
      });

      const sorted: Row[] = [];
      const path = join(directory, String(seed));
      const take = (views: readonly ColumnView[], picks: Uint32Array): void => {
        const picked = views.map((view) => pickRows(view, picks));
        for (let i = 0; i < picks.length; i++)
          sorted.push(picked.map((view) => valueAt(view, i)) as unknown as Row);
      };
      sortRows(request, batchesOf(rows), () => new RunFile(path, 'w+'), take);
      expect(sorted).toEqual(expected);

      // The same through runs of several files, as over several slices.
      sorted.length = 0;
      const half = rows.length >> 1;
      const files = [rows.slice(0, half), rows.slice(half)].map((part, i) => {
        const file = new RunFile(`${path}-${i}`, 'w+');
        return { file, ...writeSortedRuns(request, batchesOf(part), file) };
      });
      const runs = files.flatMap(({ file, runs: all }) => all.map((run) => ({ file, run })));
      const blockRows = Math.max(...files.map((file) => file.blockRows));
      mergeRuns({ runs, blockRows, keys: sortKeysOf(request) }, take);
      expect(sorted).toEqual(expected);
      for (const { file } of files) file[Symbol.dispose]();
    }
  },
);

function naive(a: Row[number], b: Row[number], descending: boolean, nullsFirst: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
  const up =
    Number.isNaN(a) || Number.isNaN(b)
      ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
      : a < b
        ? -1
        : a > b
          ? 1
          : 0;
  return descending ? -up : up;
}

/** Batches of seven rows; the dictionary of the second column changes after each twenty batches. */
function* batchesOf(rows: readonly Row[]): Generator<TableBatch> {
  let dictionary = texts(['', 'a', 'bb', 'ccc']);
  for (let start = 0; start < rows.length; start += 7) {
    if (start % 140 === 133) dictionary = texts(['', 'a', 'bb', 'ccc']);
    const part = rows.slice(start, start + 7);
    const validity = (i: number): Uint8Array | null => {
      if (part.every((row) => row[i] !== null)) return null;
      return Uint8Array.of(
        part.reduce((bits, row, at) => bits | (row[i] === null ? 0 : 1 << at), 0),
      );
    };
    const { length } = part;
    yield {
      length,
      views: [
        {
          kind: 'text',
          length,
          validity: validity(0),
          text: texts(part.map(([text]) => text ?? '')),
        },
        {
          kind: 'codes',
          length,
          validity: validity(1),
          codes: Uint32Array.from(part, ([, code]) => ['', 'a', 'bb', 'ccc'].indexOf(code ?? '')),
          dictionary,
        },
        {
          kind: 'fixed',
          length,
          validity: validity(2),
          values: Float64Array.from(part, (row) => row[2] ?? 0),
        },
        { kind: 'fixed', length, validity: null, values: Int32Array.from(part, (row) => row[3]) },
      ],
    };
  }
}

function texts(values: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } {
  const ends = values.map((_, i) => values.slice(0, i + 1).join('').length);
  return {
    offsets: Int32Array.from([0, ...ends]),
    bytes: new Uint8Array(Buffer.from(values.join(''))),
  };
}

function valueAt(view: ColumnView, row: number): unknown {
  if (isNullAt(view.validity, row)) return null;
  if (view.kind === 'fixed') return view.values[row];
  const { offsets, bytes } = view.kind === 'text' ? view.text : view.dictionary;
  const at = view.kind === 'text' ? row : (view.codes[row] ?? 0);
  return Buffer.from(bytes.subarray(offsets[at], offsets[at + 1])).toString();
}
