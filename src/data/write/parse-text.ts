// Reads values that are given as text, for columns declared as `parsed:T`. Whitespace around them is of no account.
// Unaware of columns: who asks refuses text that stands for no value.

import type { ParsedTarget } from '../../model/column-type.ts';
import { parseDate, parseDatetime, parseTime } from './parse-moment.ts';

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** As csvimport reads them. */
const BOOLS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);
const NAMED = /^([+-]?)(nan|inf(?:inity)?)$/i;

/** Gives the value that text stands for; the text itself, or `undefined`, when it stands for none. */
export function parseText(type: ParsedTarget, text: string): unknown {
  const trimmed = text.trim();
  switch (type) {
    case 'json':
      return parseJson(text);
    case 'bool':
      return BOOLS.get(trimmed.toLowerCase());
    case 'date':
      return parseDate(trimmed);
    case 'time':
      return parseTime(trimmed);
    case 'datetime':
      return parseDatetime(trimmed);
    case 'float32':
    case 'float64':
      return parseFloating(trimmed) ?? text;
    case 'number':
      return parseInteger(trimmed) ?? parseFloating(trimmed) ?? text;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return parseInteger(trimmed) ?? text;
  }
}

function parseInteger(text: string): number | bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const integer = Number(text);
  return Number.isSafeInteger(integer) ? integer + 0 : BigInt(text.replace('+', ''));
}

/** A finite text never becomes infinite. */
function parseFloating(text: string): number | undefined {
  const [, sign, name] = NAMED.exec(text) ?? [];
  if (name !== undefined) {
    const value = name.toLowerCase() === 'nan' ? Number.NaN : Infinity;
    return sign === '-' ? -value : value;
  }
  const value = DECIMAL.test(text) ? Number(text) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}

/** What is no JSON comes out as a value that no column of JSON takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
