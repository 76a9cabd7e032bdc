// Patterns for numbers: a number, a comparison (`<3`, `>=0x10`) or a range (`1:5`, end excluded; `1:=5`, end included;
// `1<:5`, start excluded). Whole numbers of any size are compared exactly, also with fractions.

import { UsageError } from '../../model/errors.ts';

type Numeric = number | bigint;

const NUMBER = String.raw`[+-]?(?:0x[0-9a-f]+|\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf(?:inity)?|nan)`;
const COMPARISON = new RegExp(`^\\s*(<=|>=|==?|<|>)?\\s*(${NUMBER})\\s*$`, 'iu');
const RANGE = new RegExp(`^\\s*(${NUMBER})?\\s*(<)?:(=)?\\s*(${NUMBER})?\\s*$`, 'iu');
const WHOLE = new RegExp(`^\\s*${NUMBER}\\s*$`, 'iu');

/** Makes the test of one pattern; an empty one takes every number. Throws `UsageError` for what is no pattern. */
export function numericPattern(pattern: string): (value: Numeric) => boolean {
  if (pattern.trim() === '') return () => true;
  const comparison = COMPARISON.exec(pattern);
  if (comparison !== null) {
    const [, operator = '=', digits = ''] = comparison;
    return comparing(operator, parsed(digits));
  }
  const range = RANGE.exec(pattern);
  if (range !== null) {
    const [, start, startSign, endSign, end] = range;
    const above =
      start === undefined
        ? () => true
        : comparing(startSign === undefined ? '>=' : '>', parsed(start));
    const below =
      end === undefined ? () => true : comparing(endSign === undefined ? '<' : '<=', parsed(end));
    return (value) => above(value) && below(value);
  }
  throw new UsageError({
    code: 'invalid_pattern',
    message: `Expected a number, a comparison or a range as the numeric pattern, got "${pattern}"`,
    hint: 'As in 7, "<1.5", ">=0x10", 1:5 (5 excluded), 1:=5, or "1<:5" (1 excluded).',
  });
}

/** Reads text that is a number from end to end; `undefined` for any other. */
export function numericText(text: string): Numeric | undefined {
  return WHOLE.test(text) ? parsed(text.trim()) : undefined;
}

function comparing(operator: string, bound: Numeric): (value: Numeric) => boolean {
  switch (operator) {
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      // Of mixed kinds, which `===` takes for different; NaN is found by NaN.
      return Number.isNaN(bound) ? (value) => Number.isNaN(value) : (value) => value == bound;
  }
}

function parsed(digits: string): Numeric {
  const text = digits.toLowerCase().replaceAll('_', '');
  const sign = text.startsWith('-') ? -1 : 1;
  const bare = text.replace(/^[+-]/u, '');
  if (bare === 'nan') return Number.NaN;
  if (bare.startsWith('inf')) return sign * Number.POSITIVE_INFINITY;
  if (/^(?:0x[0-9a-f]+|\d+)$/u.test(bare)) {
    const whole = BigInt(bare) * BigInt(sign);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  return sign * Number(bare);
}
