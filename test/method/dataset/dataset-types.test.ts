import { expectTypeOf, test } from 'vitest';

import type { StringColumn } from '../../../src/data/read/text-columns.ts';
import type { DatasetWriter } from '../../../src/method/dataset/dataset-writer.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';

type Columns = {
  readonly user: 'string';
  readonly price: { readonly type: 'float64'; readonly nullable: true };
  readonly count: 'int64';
  readonly when: 'datetime';
};

// Only compiled, never called.
function read(dataset: Dataset<Columns>): void {
  for (const user of dataset.iterate(0, 'user')) expectTypeOf(user).toEqualTypeOf<string>();
  for (const row of dataset.iterate(0, ['price', 'user'])) {
    expectTypeOf(row).toEqualTypeOf<[number | null, string]>();
  }
  for (const row of dataset.chain().iterate(null)) {
    expectTypeOf(row.count).toEqualTypeOf<number | bigint>();
    expectTypeOf(row.when).toEqualTypeOf<Date | bigint>();
  }
  for (const [count, when] of dataset.iterate(0, ['count', 'when'], {
    int64: 'number',
    datetime: 'date',
  })) {
    expectTypeOf(count).toEqualTypeOf<number>();
    expectTypeOf(when).toEqualTypeOf<Date>();
  }
  for (const batch of dataset.batches(0, ['user', 'price'])) {
    expectTypeOf(batch.columns.user).toEqualTypeOf<StringColumn>();
    expectTypeOf(batch.columns.price).toEqualTypeOf<Float64Array>();
    // @ts-expect-error not asked for
    void batch.columns.count;
  }
  // @ts-expect-error no such column
  dataset.iterate(0, 'usr');
  // @ts-expect-error no such column
  dataset.iterate(0, ['user', 'prize']);
  // @ts-expect-error no such form
  dataset.iterate(0, 'count', { int64: 'text' });
}

function readUndeclared(dataset: Dataset): void {
  for (const [airport, delay] of dataset.iterate(0, ['airport', 'delay'])) {
    expectTypeOf(airport).toBeAny();
    expectTypeOf(delay).toBeAny();
  }
  for (const row of dataset.iterate(0)) expectTypeOf(row['anything']).toBeAny();
}

function write(writer: DatasetWriter<Columns>): void {
  writer.write('a', 1, 2n, new Date());
  writer.writeRow({ user: 'a', price: null, count: 1, when: 5n });
  writer.writeBatch({ user: ['a'], price: Float64Array.of(1), count: [1n], when: [new Date()] });
  // @ts-expect-error no column takes a symbol
  writer.write(Symbol('a'));
  // @ts-expect-error null in a column that is not nullable
  writer.writeRow({ user: null, price: null, count: 1, when: 5n });
  // @ts-expect-error a column is missing
  writer.writeRow({ user: 'a', price: null, count: 1 });
  // @ts-expect-error wrong typed array
  writer.writeBatch({ user: ['a'], price: Int32Array.of(1), count: [1n], when: [new Date()] });
  // @ts-expect-error no such column
  void writer.columns.usr;
  expectTypeOf(writer.finish()).toEqualTypeOf<Dataset<Columns>>();
}

test('reading and writing are typed by the declared columns', () => {
  expectTypeOf(read).parameters.toEqualTypeOf<[Dataset<Columns>]>();
  expectTypeOf(readUndeclared).parameters.toEqualTypeOf<[Dataset]>();
  expectTypeOf(write).parameters.toEqualTypeOf<[DatasetWriter<Columns>]>();
  expectTypeOf<Dataset<Columns>>().toExtend<Dataset>();
  expectTypeOf<DatasetWriter<Columns>>().toExtend<DatasetWriter>();
});
