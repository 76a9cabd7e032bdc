import { Builder } from 'flatbuffers';
import { expect, test } from 'vitest';

import { FlatTable } from '../../../src/data/format/flat-table.ts';

/** A table with an int32, a text, a list of tables, a list of structs of two int64, and a byte. */
function message(): Uint8Array {
  const builder = new Builder(16);
  const inner = [7, 8].map((number) => {
    builder.startObject(1);
    builder.addFieldInt32(0, number, 0);
    return builder.endObject();
  });
  const text = builder.createString('grün');
  builder.startVector(4, 2, 4);
  for (const offset of inner.toReversed()) builder.addOffset(offset);
  const tables = builder.endVector();
  builder.startVector(16, 1, 8);
  builder.writeInt64(2n);
  builder.writeInt64(2n ** 40n);
  const structs = builder.endVector();
  builder.startObject(6);
  builder.addFieldInt32(0, -5, 0);
  builder.addFieldOffset(1, text, 0);
  builder.addFieldOffset(2, tables, 0);
  builder.addFieldOffset(3, structs, 0);
  builder.addFieldInt8(4, 9, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

test('fields are read as they were written', () => {
  const table = FlatTable.root(message());
  const [struct = 0] = table.structs(3, 16);

  expect(table.int32(0)).toBe(-5);
  expect(table.text(1)).toBe('grün');
  expect(table.tables(2).map((inner) => inner.int32(0))).toEqual([7, 8]);
  expect([table.int64At(struct), table.int64At(struct + 8)]).toEqual([2 ** 40, 2]);
  expect(table.uint8(4)).toBe(9);
});

test('absent fields have a default, but for tables', () => {
  const table = FlatTable.root(message());

  for (const field of [5, 60]) {
    expect([table.uint8(field), table.int32(field), table.int64(field)]).toEqual([0, 0, 0]);
    expect([table.text(field), table.tables(field), table.structs(field, 8)]).toEqual(['', [], []]);
    expect(() => table.table(field)).toThrow(`field ${field} is missing`);
  }
});

test('a message that is cut off anywhere throws instead of reading elsewhere', () => {
  const bytes = message();

  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.slice(0, length);
    const readAll = (): unknown => {
      const table = FlatTable.root(cut);
      const places = table.structs(3, 16);
      return [table.text(1), table.tables(2).map((inner) => inner.int32(0)), places];
    };
    expect(readAll).toThrow(RangeError);
  }
});
