// Reads values that are given as text, for columns declared as `parsed:T`. Whitespace around them is of no account.
// Text that stands for no value of the type is left as it is: the column refuses it by its own words.

import type { ParsedTarget } from '../../model/column-type.ts';

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NAMED = /^([+-]?)(nan|inf(?:inity)?)$/i;

/** Gives the value that text stands for; the text itself when it stands for none. */
export function parseText(type: ParsedTarget, text: string): unknown {
  if (type === 'json') return parseJson(text);
  const trimmed = text.trim();
  if (type === 'float32' || type === 'float64') return parseFloating(trimmed) ?? text;
  if (INTEGER.test(trimmed)) {
    const integer = Number(trimmed);
    return Number.isSafeInteger(integer) ? integer + 0 : BigInt(trimmed.replace('+', ''));
  }
  return type === 'number' ? (parseFloating(trimmed) ?? text) : text;
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
