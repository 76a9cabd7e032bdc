import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { ALL_TYPES, DatasetRig } from '../../rig/datasets.ts';

const COLUMNS = { user: 'string', price: 'float64' } as const;

test('write, writeRow, writeBatch and columns make the same rows', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ columns: COLUMNS });
  writer.setSlice(0);

  writer.write('a', 1);
  writer.writeRow({ price: 2, user: 'b' });
  writer.writeBatch({ user: ['c', 'd'], price: Float64Array.of(3, 4) });
  writer.columns.price.append(5);
  writer.columns.user.appendBytes(Buffer.from('-e-'), 1, 2);
  writer.endRow();

  expect([...writer.finish().iterate(0, ['user', 'price'])]).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
    ['d', 4],
    ['e', 5],
  ]);
});

test('what batches gives, writeBatch takes', () => {
  using rig = new DatasetRig();
  const row = [true, 7, 8n, 0.5, new Date('1970-01-02'), new Date(1), 'é', Uint8Array.of(9), [1]];
  const source = rig.dataset({ columns: ALL_TYPES }, [[row, row]]);
  const { bool, int32, int64, float64, date, datetime, string } = ALL_TYPES;
  const columns = { bool, int32, int64, float64, date, datetime, string };
  const writer = rig.stage({ slices: 1 }).create({ columns });
  writer.setSlice(0);

  const names = Object.keys(columns) as (keyof typeof columns)[];

  for (const { columns: values } of source.batches(0, names)) {
    writer.writeBatch({ ...values, string: values.string.toArray() });
  }

  expect([...writer.finish().iterate(0, names)]).toEqual([...source.iterate(0, names)]);
});

test('a wrong value leaves the rows before it, and writing can go on', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ name: 'sales', columns: COLUMNS });
  writer.setSlice(0);
  writer.write('a', 1);
  const wrong: unknown = 'two';

  expect(() => writer.write('b', wrong as number)).toThrow(
    'Expected column "price" of dataset "sales" to get a number, got "two" (string) in row 1 of slice 0',
  );
  expect(() => writer.writeRow({ user: 'b', price: wrong as number })).toThrow(/in row 1 of/);
  expect(() => writer.writeBatch({ user: ['b', 'c'], price: [2, wrong as number] })).toThrow(
    /in row 2 of/,
  );
  writer.write('b', 2);

  expect([...writer.finish().iterate(0, 'user')]).toEqual(['a', 'b']);
});

test('the row of a wrong value counts over record batches', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ columns: { n: 'int32' } });
  writer.setSlice(0);
  writer.writeBatch({ n: new Int32Array(100_000) });

  expect(() => writer.write(0.5)).toThrow(/in row 100000 of slice 0/);
});

test('values for no column, too few and too many are refused', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ name: 'sales', columns: COLUMNS });
  writer.setSlice(0);

  expect(() => writer.write('a')).toThrow(
    'Expected 2 values for dataset "sales" ("user", "price"), got 1',
  );
  expect(() => writer.write('a', 1, 2)).toThrow('got 3');
  expect(() => writer.writeRow({ user: 'a', price: 1, extra: 2 } as never)).toThrow(
    /no column "extra"/,
  );
  expect(() => writer.writeRow({ user: 'a' } as never)).toThrow(/for column "price"/);
  expect(() => writer.writeBatch({ user: ['a'], price: [] })).toThrow(
    'Expected 1 values for column "price" of dataset "sales", as for the first column, got 0',
  );
});

test('a row that lacks the value of a column is found when the slice ends', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ name: 'sales', columns: COLUMNS });
  writer.setSlice(0);
  writer.columns.user.append('a');
  writer.endRow();

  expect(() => writer.finish()).toThrow(
    'Expected column "price" of dataset "sales" to hold 1 value in slice 0, one for each row, got 0',
  );
});

test('every slice must be visited, once, unless missing ones are allowed', () => {
  using rig = new DatasetRig();
  const stage = rig.stage({ slices: 3 });
  const strict = stage.create({ name: 'strict', columns: COLUMNS });
  strict.setSlice(1);
  strict.setSlice(1);
  strict.setSlice(0);
  const loose = stage.create({ name: 'loose', columns: COLUMNS, allowMissingSlices: true });

  expect(() => strict.setSlice(1)).toThrow(
    'Slice 1 of dataset "strict" has been written and left already',
  );
  expect(() => strict.setSlice(3)).toThrow('Expected a slice from 0 to 2 for `setSlice`, got 3');
  expect(() => strict.finish()).toThrow('Dataset "strict" was not written in slice 2');
  expect(() => loose.write('a', 1)).toThrow('No slice of dataset "loose" has been started');
  loose.setSlice(1);
  loose.write('a', 1);
  expect(loose.finish().lines).toEqual([0, 1, 0]);
});

test('what lacked a slice when it was to be finished is finished once that is written', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 2 }).create({ columns: COLUMNS });
  writer.setSlice(0);
  writer.write('a', 1);

  expect(() => writer.finish()).toThrow('Dataset "default" was not written in slice 1');
  expect(() => writer.finish()).toThrow('Dataset "default" was not written in slice 1');
  writer.setSlice(1);
  writer.write('b', 2);

  expect([...writer.finish().iterate(null, 'user')]).toEqual(['a', 'b']);
});

test('columns may be added before writing begins', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ columns: {} });
  expect(() => writer.setSlice(0)).toThrow('Dataset "default" has no columns');
  writer.add('n', { type: 'int32', nullable: true });

  expect(() => writer.add('n', 'bool')).toThrow('Dataset "default" already has a column "n"');
  expect(() => writer.add('m', 'int46' as never)).toThrow(
    'Expected the type of column "m" of dataset "default" to be one of bool, int8,',
  );
  writer.setSlice(0);
  writer.write(null as never);
  expect(() => writer.add('m', 'bool')).toThrow('Column "m" was added after writing began');
  const dataset: Dataset = writer.finish();
  expect([...dataset.iterate(0, 'n')]).toEqual([null]);
});

test('all mistakes of a declaration are reported together', () => {
  using rig = new DatasetRig();
  const columns = { a: 'strin', b: null, 'c\ud800': 'bool' } as never;

  expect(() => rig.stage().create({ name: 'x', columns })).toThrow(
    /column "a".*got "strin"[^]*valid Unicode[^]*Column "b".*null, which drops it, but it has no parent/,
  );
});

test('a finished writer gives its dataset again, and takes no more', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ columns: COLUMNS });
  writer.setSlice(0);

  expect(writer.finish()).toBe(writer.finish());
  expect(() => writer.write('a', 1)).toThrow('Dataset "default" is finished');
  expect(() => writer.setSlice(0)).toThrow('Dataset "default" is finished');
});

test('a dataset may have any name', () => {
  using rig = new DatasetRig();
  const names = ['', '.', '..', '\0', '\n', ' ', 'a/b', 'dataset.txt', 'ᚠᚢ', '🐦', 'x'.repeat(500)];
  const stage = rig.stage({ slices: 1 });

  for (const name of names) {
    const writer = stage.create({ name, columns: { s: 'string' } });
    writer.setSlice(0);
    writer.write(name);
  }
  const { finishedDatasets } = stage.end({ early: false });

  expect(finishedDatasets.map((record) => record.name)).toEqual(names);
  for (const name of names) {
    expect([...(stage.finished(name)?.iterate(0, 's') ?? [])]).toEqual([name]);
  }
  expect(readdirSync(join(rig.root, 'dev-1'))).toEqual(['DS']);
});
