import { expect, test } from 'vitest';

import { Dataset } from '../../../src/method/dataset/dataset.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { ALL_TYPES, DatasetRig } from '../../rig/datasets.ts';

const FLIGHTS = { origin: 'string', delay: 'float64', seats: 'int32' } as const;
const SLICES = [
  [
    ['ARN', 1.5, 100],
    ['CPH', -2, 50],
  ],
  [['OSL', 0, 10]],
];

test('one column gives bare values, a list gives tuples, no list gives objects', () => {
  using rig = new DatasetRig();
  const flights = rig.dataset({ columns: FLIGHTS }, SLICES);

  expect([...flights.iterate(0, 'origin')]).toEqual(['ARN', 'CPH']);
  expect([...flights.iterate(0, ['origin'])]).toEqual([['ARN'], ['CPH']]);
  expect([...flights.iterate(0, ['seats', 'origin'])]).toEqual([
    [100, 'ARN'],
    [50, 'CPH'],
  ]);
  expect([...flights.iterate(1, ['seats', 'origin', 'delay'])]).toEqual([[10, 'OSL', 0]]);
  expect([...flights.iterate(0, [])]).toEqual([[], []]);
  expect([...flights.iterate(1)]).toEqual([{ origin: 'OSL', delay: 0, seats: 10 }]);
});

test('null goes through all slices in order', () => {
  using rig = new DatasetRig();
  const flights = rig.dataset({ columns: FLIGHTS }, [[['a', 0, 0]], [], [['b', 0, 0]]]);

  expect([...flights.iterate(null, 'origin')]).toEqual(['a', 'b']);
  expect([...flights.batches(null, ['origin'])].map((batch) => batch.length)).toEqual([1, 1]);
});

test('a handle knows shape, columns, lines, bounds and where it comes from', () => {
  using rig = new DatasetRig();
  const flights = rig.reopen(
    rig.dataset({ columns: FLIGHTS, caption: 'Flights of May', filename: 'may.csv' }, SLICES),
  );

  expect(flights.shape).toEqual([3, 3]);
  expect(flights.lines).toEqual([2, 1]);
  expect(Object.keys(flights.columns)).toEqual(['origin', 'delay', 'seats']);
  expect(flights.columns.delay).toMatchObject({ name: 'delay', type: 'float64', nullable: false });
  expect([flights.min('delay'), flights.max('delay')]).toEqual([-2, 1.5]);
  expect(flights.min('origin')).toBeNull();
  expect([flights.caption, flights.filename, flights.hashlabel]).toEqual([
    'Flights of May',
    'may.csv',
    null,
  ]);
  expect([flights.previous, flights.parent]).toEqual([null, null]);
  expect(flights.job.id).toBe('dev-1');
  expect(String(flights)).toBe('dev-1');
  expect(JSON.stringify({ flights })).toBe('{"flights":"dev-1"}');
});

test('the spec of a named dataset is job and name', () => {
  using rig = new DatasetRig();

  expect(String(rig.dataset({ name: 'a/b', columns: { x: 'bool' } }, [[]]))).toBe('dev-1/a/b');
});

test('every type comes back as it was written, nulls included', () => {
  using rig = new DatasetRig();
  const date = new Date('1815-12-10');
  const moment = new Date('2024-02-29T12:34:56.789Z');
  const row = [true, -1, 2 ** 53 - 1, -0, date, moment, 'ä', Uint8Array.of(1), { a: [null] }];
  const nulls = row.map(() => null);
  const dataset = rig.dataset({ columns: ALL_TYPES }, [[row, nulls]]);
  const names = Object.keys(ALL_TYPES) as (keyof typeof ALL_TYPES)[];

  const [first, second] = [...dataset.iterate(0, names)];

  expect(first).toEqual(row);
  expect(Object.is(first?.[3], -0)).toBe(true);
  expect(second).toEqual(nulls);
  expect(names.map((name) => dataset.min(name))).toEqual([
    true,
    -1,
    2 ** 53 - 1,
    -0,
    date,
    moment,
    null,
    null,
    null,
  ]);
});

test('batches give typed arrays, with zeros and a bitmap where there are nulls', () => {
  using rig = new DatasetRig();
  const row = [true, 7, 8n, 0.5, new Date('1970-01-02'), new Date(1), 'é', Uint8Array.of(9), [1]];
  const dataset = rig.dataset({ columns: ALL_TYPES }, [[row.map(() => null), row]]);

  const [batch] = [...dataset.batches(0)];

  expect(batch?.length).toBe(2);
  expect(batch?.columns).toMatchObject({
    bool: Uint8Array.of(0, 1),
    int32: Int32Array.of(0, 7),
    int64: BigInt64Array.of(0n, 8n),
    float64: Float64Array.of(0, 0.5),
    date: Int32Array.of(0, 1),
    datetime: BigInt64Array.of(0n, 1000n),
  });
  expect(batch?.validity.int32).toEqual(Uint8Array.of(0b10));
  expect(batch?.columns.string.toArray()).toEqual([null, 'é']);
  expect([batch?.columns.string.get(0), batch?.columns.string.get(1)]).toEqual([null, 'é']);
  expect([batch?.columns.bytes.get(0), batch?.columns.bytes.get(1)]).toEqual([
    null,
    Uint8Array.of(9),
  ]);
  expect([batch?.columns.json.get(0), batch?.columns.json.get(1)]).toEqual([null, [1]]);
});

test('a column without nulls has no bitmap', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { x: { type: 'int32', nullable: true } } }, [[[1]]]);

  const [batch] = [...dataset.batches(0, ['x'])];

  expect(batch?.validity).toEqual({ x: null });
});

test('rows keep their order over many batches, and text of mixed scripts stays whole', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 150_000 }, (_, i) => [
    i,
    i % 97 === 0 ? `ü${i}🐦` : `text ${i}`,
  ]);
  const dataset = rig.dataset({ columns: { n: 'int32', s: 'string' } }, [rows]);

  expect([...dataset.iterate(0, ['n', 's'])]).toEqual(rows);
  expect(rig.rowsRead).toEqual([65_536, 65_536, 18_928]);
});

test('64-bit integers are numbers if all that are read fit, bigints if not, and as asked for', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { n: 'int64' } }, [[[1n]], [[2n ** 53n]]]);

  expect([...dataset.iterate(0, 'n')]).toEqual([1]);
  expect([...dataset.iterate(1, 'n')]).toEqual([2n ** 53n]);
  expect([...dataset.iterate(null, 'n')]).toEqual([1n, 2n ** 53n]);
  expect([...dataset.iterate(0, 'n', { int64: 'bigint' })]).toEqual([1n]);
  expect(() => dataset.iterate(null, 'n', { int64: 'number' })).toThrow(
    'Column "n" holds values in [1, 9007199254740992] that are not exact as number',
  );
});

test('datetimes are Dates if all that are read are in whole milliseconds, else bigints', () => {
  using rig = new DatasetRig();
  const far = new Date(8.64e15);
  const dataset = rig.dataset({ columns: { t: 'datetime' } }, [[[far], [new Date(-1)]], [[1n]]]);

  expect([...dataset.iterate(0, 't')]).toEqual([far, new Date(-1)]);
  expect([...dataset.iterate(null, 't')]).toEqual([8_640_000_000_000_000_000n, -1000n, 1n]);
  expect([...dataset.iterate(0, 't', { datetime: 'bigint' })]).toEqual([
    8_640_000_000_000_000_000n,
    -1000n,
  ]);
  expect(() => dataset.iterate(1, 't', { datetime: 'date' })).toThrow(/not exact as date/);
  expect([dataset.min('t'), dataset.max('t')]).toEqual([new Date(-1), far]);
});

test('a column that is not there is an error with the nearest name', () => {
  using rig = new DatasetRig();
  const flights = rig.dataset({ columns: FLIGHTS }, [[]]);
  const wrong: string = 'orgin';

  const read = (): unknown => flights.iterate(0, wrong as 'origin');

  expect(read).toThrow('Dataset dev-1 has no column "orgin"');
  expect(problemOf(read)).toMatchObject({ code: 'unknown_column', hint: 'Did you mean "origin"?' });
});

test('a handle with declared columns reads and shows no others', () => {
  using rig = new DatasetRig();
  const all = rig.dataset({ columns: FLIGHTS }, SLICES);
  const flights = rig.reopen(all, ['origin', 'seats']);

  expect(Object.keys(flights.columns)).toEqual(['origin', 'seats']);
  expect(flights.shape).toEqual([2, 3]);
  expect([...flights.iterate(1)]).toEqual([{ origin: 'OSL', seats: 10 }]);
  expect(() => flights.iterate(0, 'delay')).toThrow(
    'Column "delay" of dev-1 is not among the columns that the method declares for this input',
  );
  expect(() => flights.max('delay')).toThrow(UsageError);
  expect(() => flights.batches(0, ['delay'])).toThrow(UsageError);
});

test('a slice that is not there is an error', () => {
  using rig = new DatasetRig();
  const flights = rig.dataset({ columns: FLIGHTS }, SLICES);

  for (const sliceno of [2, -1, 0.5]) {
    expect(() => flights.iterate(sliceno, 'origin')).toThrow(
      `Expected a slice of dev-1 from 0 to 1, or null for all, got ${sliceno}`,
    );
  }
});

test('a dataset that is not there is an error that lists what is', () => {
  using rig = new DatasetRig();
  const flights = rig.dataset({ name: 'flights', columns: FLIGHTS }, SLICES);
  const lost = new Dataset({ ...flights.ref, name: 'flihgts' }, rig.host);

  expect(() => lost.shape).toThrow('Job dev-1 has no dataset named "flihgts"');
  expect(problemOf(() => lost.shape)).toMatchObject({ hint: 'Did you mean "flights"?' });
});

test('a loop that is left early tells where it was', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 70_000 }, (_, i) => [i]);
  const dataset = rig.dataset({ columns: { x: 'int32' } }, [[], rows]);

  expect(() => {
    for (const x of dataset.iterate(null, 'x')) if (x === 69_000) throw new Error('no');
  }).toThrow('no');
  for (const _ of dataset.iterate(null, 'x'));

  expect(rig.left).toEqual([{ dataset: 'dev-1', sliceno: 1, row: 69_000 }]);
});

test('names of columns keep the order in which they were added, numbers too', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: 1 }).create({ columns: {} });
  for (const name of ['b', '2', 'a', '1']) writer.add(name, 'int32');
  writer.setSlice(0);

  expect(writer.finish().columnNames).toEqual(['b', '2', 'a', '1']);
});

test('a column may have any name', () => {
  using rig = new DatasetRig();
  const names = ['', '__proto__', 'constructor', 'a b', '42', '-', 'ß', 'next'];
  const columns = Object.fromEntries(names.map((name) => [name, 'string'] as const));
  const values = Object.keys(columns).map((name) => `of ${name}`);
  const dataset = rig.dataset({ columns }, [[values]]);

  const [row] = [...dataset.iterate(0)];

  expect(dataset.columnNames).toEqual(names.toSorted(integersFirst));
  expect(Object.entries(row ?? {})).toEqual(
    names.toSorted(integersFirst).map((name) => [name, `of ${name}`]),
  );
  for (const name of names) expect([...dataset.iterate(0, name)]).toEqual([`of ${name}`]);
});

/** As objects order their members. */
function integersFirst(a: string, b: string): number {
  return Number(b === '42') - Number(a === '42');
}

function problemOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof UsageError ? error.problems[0] : error;
  }
  return undefined;
}
