import { expectTypeOf, test } from 'vitest';

import type { CellOf, InputOf } from '../../src/data/column-values.ts';

type Columns = {
  readonly small: 'int8';
  readonly word: { readonly type: 'uint16'; readonly nullable: true };
  readonly single: 'float32';
  readonly any: 'number';
  readonly at: 'time';
};

test('values of columns are what their types hold', () => {
  expectTypeOf<CellOf<Columns, 'small'>>().toEqualTypeOf<number>();
  expectTypeOf<CellOf<Columns, 'word'>>().toEqualTypeOf<number | null>();
  expectTypeOf<CellOf<Columns, 'single'>>().toEqualTypeOf<number>();
  expectTypeOf<CellOf<Columns, 'any'>>().toEqualTypeOf<number | bigint>();
  expectTypeOf<CellOf<Columns, 'at'>>().toEqualTypeOf<number>();
  expectTypeOf<InputOf<'uint32'>>().toEqualTypeOf<number>();
  expectTypeOf<InputOf<'number'>>().toEqualTypeOf<number | bigint>();
  expectTypeOf<InputOf<{ type: 'time'; nullable: true }>>().toEqualTypeOf<number | null>();
});
