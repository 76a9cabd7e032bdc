// What is searched for, compiled: tests of texts and numbers, byte strings to search columns for, and where a text
// matches. Unaware of columns and datasets.

import { UsageError } from '../../model/errors.ts';
import { numericPattern, numericText } from './numeric-pattern.ts';

/** What is searched for, as data that travels between threads. */
export interface PatternSpec {
  /** A value matches when it matches one of them. */
  readonly patterns: readonly string[];
  /** Patterns are taken as they are, not as regular expressions. */
  readonly isFixed: boolean;
  readonly ignoresCase: boolean;
  /** Patterns are numbers, comparisons and ranges. */
  readonly isNumeric: boolean;
}

/** A start and an end (exclusive) in a text. */
export type Span = readonly [start: number, end: number];

/** Compiled patterns. */
export interface Patterns {
  readonly isNumeric: boolean;
  /** Everything matches: there is nothing to search. */
  readonly isEverything: boolean;
  /** The patterns as text, where a match is the occurrence of one of them; else `undefined`. */
  readonly literals: readonly string[] | undefined;
  matchesText(this: void, text: string): boolean;
  matchesNumber(this: void, value: number | bigint): boolean;
  /** Where a text matches, in order and without overlap. */
  spansOf(this: void, text: string): readonly Span[];
}

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/gu;

/** Compiles patterns. Throws `UsageError` for one that is no regular expression or number. */
export function compilePatterns(spec: PatternSpec): Patterns {
  return spec.isNumeric ? numericPatterns(spec) : textPatterns(spec);
}

function textPatterns({ patterns, isFixed, ignoresCase }: PatternSpec): Patterns {
  const flags = ignoresCase ? 'isu' : 'su';
  const expressions = patterns.map((pattern) =>
    expression(isFixed ? pattern.replaceAll(SPECIAL, String.raw`\$&`) : pattern, flags),
  );
  const isLiteral = !ignoresCase && (isFixed || patterns.every((one) => one.search(SPECIAL) < 0));
  const [first] = expressions;
  const globals = expressions.map(({ source }) => new RegExp(source, `g${flags}`));
  return {
    isNumeric: false,
    isEverything: patterns.includes(''),
    literals: isLiteral ? patterns : undefined,
    matchesText:
      expressions.length === 1 && first !== undefined
        ? (text) => first.test(text)
        : (text) => expressions.some((one) => one.test(text)),
    matchesNumber: () => false,
    spansOf: (text) => united(globals.flatMap((one) => matchesOf(one, text))),
  };
}

function numericPatterns({ patterns }: PatternSpec): Patterns {
  const tests = patterns.map((pattern) => numericPattern(pattern));
  const matchesNumber = (value: number | bigint): boolean => tests.some((test) => test(value));
  const matchesText = (text: string): boolean => {
    const value = numericText(text);
    return value !== undefined && matchesNumber(value);
  };
  return {
    isNumeric: true,
    isEverything: false,
    literals: undefined,
    matchesText,
    matchesNumber,
    spansOf: (text) => (matchesText(text) ? [[0, text.length]] : []),
  };
}

function expression(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : '').replace(/^.*: /u, '');
    throw new UsageError({
      code: 'invalid_pattern',
      message: `"${pattern}" is no regular expression: ${reason}`,
      hint: 'With --fixed-strings (-F) it is searched for as it is.',
    });
  }
}

function matchesOf(pattern: RegExp, text: string): Span[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }): Span => [
    index,
    index + match.length,
  ]).filter(([start, end]) => end > start);
}

function united(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last === undefined || span[0] > last[1]) result.push(span);
    else if (span[1] > last[1]) result[result.length - 1] = [last[0], span[1]];
  }
  return result;
}
