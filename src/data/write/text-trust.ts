// Which columnar text may be copied into a column as it is: what a column of the same type gave has been checked before.

import type { ColumnarText } from './column-input.ts';

/** Types whose values vary in length. */
export type VaryingType = 'number' | 'string' | 'bytes' | 'json';

/** How columnar text is taken into a column of a type. */
export type Trust = 'as it is' | 'as bytes' | 'value by value' | 'refused';

/** Tells how to take text into a column. */
export function trustOf(type: VaryingType, text: ColumnarText): Trust {
  const source = text.type ?? 'bytes';
  if (source === type) {
    return type === 'bytes' && text.type === undefined ? 'as bytes' : 'as it is';
  }
  if (source === 'json' || source === 'number' || type === 'number') return 'refused';
  if (type === 'json') return 'value by value';
  return type === 'bytes' ? 'as it is' : 'as bytes';
}
