import { expect, it } from 'vitest';

import { widerType } from '../../methods/lib/tables/wider-type.ts';

it('integers and floats of all widths have a type that holds both', () => {
  expect(widerType('int8', 'int32')).toBe('int32');
  expect(widerType('uint8', 'uint32')).toBe('uint32');
  expect(widerType('uint8', 'int8')).toBe('int16');
  expect(widerType('uint32', 'int8')).toBe('int64');
  expect(widerType('int64', 'uint32')).toBe('int64');
  expect(widerType('float32', 'float64')).toBe('float64');
  expect(widerType('int32', 'float64')).toBe('number');
  expect(widerType('number', 'int8')).toBe('number');
  expect(widerType('string', 'string')).toBe('string');
  expect(widerType('string', 'bytes')).toBeUndefined();
  expect(widerType('bool', 'int8')).toBeUndefined();
  expect(widerType('date', 'datetime')).toBeUndefined();
});
