// Puts what zod found wrong with an option into the sentence of the house:
// "Option `retries` of method `rank`: expected a non-negative integer, got "3" (string)".

import type { z } from 'zod';

import type { Problem } from '../../model/errors.ts';
import { didYouMean, nearest } from '../../util/nearest.ts';
import { describeValue } from './describe-value.ts';
import { keysOf, numberPhrase, schemaAt } from './option-schema.ts';
import type { OptionSchema } from './option-schema.ts';

type Issue = z.core.$ZodIssue;

/** The option in which an issue was found. */
export interface FaultyOption {
  readonly method: string;
  readonly option: string;
  /** As given; `undefined` when it was left out. */
  readonly given: unknown;
  readonly schema: OptionSchema;
}

/** Turns an issue into a problem with path, what was expected and what was got. */
export function optionProblem(issue: Issue, faulty: FaultyOption): Problem {
  const { method, option, given, schema } = faulty;
  const path = option + issue.path.map(step).join('');
  const value = valueAt(given, issue.path);
  const subject = `Option \`${path}\` of method \`${method}\``;
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, { subject, schema });
  const expected = expectation(issue, schemaAt(schema, issue.path));
  const near = nearestValue(valuesOf(issue), value);
  return {
    code: value === undefined ? 'missing_option' : 'invalid_option',
    message: `${subject}: expected ${expected}, got ${describeValue(value)}`,
    // A name that was left out is not there to be pointed at.
    ...(given === undefined ? {} : { token: option }),
    ...(near === undefined ? {} : { hint: `Did you mean ${JSON.stringify(near)}?` }),
  };
}

function unknownKeys(
  issue: Issue & { readonly code: 'unrecognized_keys' },
  { subject, schema }: { subject: string; schema: OptionSchema },
): Problem {
  const [first = ''] = issue.keys;
  return {
    code: 'invalid_option',
    message: `${subject}: unknown ${issue.keys.map((key) => `\`${key}\``).join(', ')}`,
    token: first,
    hint: didYouMean(first, keysOf(schemaAt(schema, issue.path))),
  };
}

function expectation(issue: Issue, schema: OptionSchema | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return numberPhrase(schema) ?? TYPE_PHRASES[issue.expected] ?? `a ${issue.expected}`;
    case 'too_small':
      return numberPhrase(schema) ?? sizePhrase(issue.origin, { atLeast: issue.minimum, ...issue });
    case 'too_big':
      return numberPhrase(schema) ?? sizePhrase(issue.origin, { atMost: issue.maximum, ...issue });
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return formatPhrase(issue);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return unionPhrase(issue);
    case 'invalid_key':
      return `another key: ${issue.issues.map((inner) => inner.message).join('; ')}`;
    case 'invalid_element':
      return `another element: ${issue.issues.map((inner) => inner.message).join('; ')}`;
    case 'custom':
      return issue.message === 'Invalid input'
        ? 'a value that its own check accepts'
        : issue.message;
    case 'unrecognized_keys':
      return 'no other names';
  }
}

const TYPE_PHRASES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  bigint: 'a bigint',
  date: 'a Date',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'a Map',
  set: 'a Set',
  null: 'null',
  undefined: 'nothing',
  never: 'nothing',
  nan: 'NaN',
};

const SIZE_UNITS: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'items',
  set: 'items',
  map: 'entries',
};

function sizePhrase(
  origin: string,
  limit: {
    readonly atLeast?: number | bigint;
    readonly atMost?: number | bigint;
    readonly exact?: boolean;
    readonly inclusive?: boolean;
  },
): string {
  const what = TYPE_PHRASES[origin] ?? `a ${origin}`;
  const size = limit.atLeast ?? limit.atMost ?? 0;
  const shown = origin === 'date' ? new Date(Number(size)).toISOString() : String(size);
  const unit = SIZE_UNITS[origin];
  if (unit !== undefined) {
    const bound =
      limit.exact === true ? 'exactly' : limit.atLeast === undefined ? 'at most' : 'at least';
    return `${what} of ${bound} ${shown} ${unit}`;
  }
  if (limit.inclusive === false)
    return `${what} ${limit.atLeast === undefined ? 'below' : 'above'} ${shown}`;
  return `${what} of ${limit.atLeast === undefined ? 'at most' : 'at least'} ${shown}`;
}

function formatPhrase(issue: Issue & { readonly code: 'invalid_format' }): string {
  const isOwnText = issue.format === 'regex' && !issue.message.startsWith('Invalid string');
  if (isOwnText) return issue.message;
  if (issue.format === 'regex' || issue.format === 'template_literal') {
    return `a string that matches ${issue.pattern ?? 'its pattern'}`;
  }
  return issue.message === `Invalid ${issue.format}`
    ? `a string in the form ${issue.format}`
    : `a valid ${issue.format}`;
}

function unionPhrase(issue: Issue & { readonly code: 'invalid_union' }): string {
  const phrases = issue.errors.flatMap(([first]) => {
    if (first === undefined) return [];
    const place = first.path.length === 0 ? '' : ` at ${first.path.map(String).join('.')}`;
    return [`${expectation(first, undefined)}${place}`];
  });
  if (phrases.length > 0) return [...new Set(phrases)].join(' or ');
  const { options } = issue as { readonly options?: readonly unknown[] };
  return options === undefined ? 'exactly one of several forms' : oneOf(options);
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) =>
    typeof value === 'string' ? JSON.stringify(value) : String(value),
  );
  return shown.length === 1 ? shown.join('') : `one of ${shown.join(', ')}`;
}

/** The values that are listed for the place of an issue, in whatever form it may have. */
function valuesOf(issue: Issue): readonly unknown[] {
  if (issue.code === 'invalid_value') return issue.values;
  if (issue.code !== 'invalid_union') return [];
  return issue.errors
    .flat()
    .filter(({ path }) => path.length === 0)
    .flatMap(valuesOf);
}

function nearestValue(values: readonly unknown[], value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return nearest(
    value,
    values.filter((one) => typeof one === 'string'),
  );
}

function step(key: PropertyKey): string {
  return typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    if (found instanceof Map) found = (found as ReadonlyMap<unknown, unknown>).get(key);
    else found = (found as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return found;
}
