// What can be wrong with the form of a method's definition. Unaware of types the compiler has seen:
// a definition may come from JavaScript, or from a module that was never checked.

import { memberProblems } from '../../data/manifest/column-members.ts';
import { COLUMN_TYPES, isColumnType } from '../../model/column-type.ts';
import type { Problem } from '../../model/errors.ts';
import { durationMs } from '../../util/duration.ts';
import { didYouMean } from '../../util/nearest.ts';
import { describeValue } from '../inputs/describe-value.ts';
import { DatasetInput, JobInput } from './input-declarations.ts';

type Check = (value: unknown, path: string) => readonly Problem[];

/** What each field of a definition must be. */
const CHECKS: ReadonlyMap<string, Check> = new Map(
  Object.entries<Check>({
    description: (value, path) => expect(typeof value === 'string', 'text', value, path),
    options: optionTypes,
    datasets: members('a dataset input, as `dataset()`', (value) => value instanceof DatasetInput),
    jobs: members('a job input, as `job()`', (value) => value instanceof JobInput),
    dependsOn: texts('a list of file names'),
    env: texts('a list of names of environment variables'),
    version: (value, path) =>
      expect(typeof value === 'string' || Number.isFinite(value), 'a number or text', value, path),
    equivalentTo: texts('a list of code digests, as `acc method` shows them', isDigest),
    concurrency: positive('a positive whole number of slices', Number.isSafeInteger),
    memoryLimitMb: positive('a positive number of megabytes', Number.isFinite),
    timeout: (value, path) =>
      expect(
        durationMs(value) !== undefined,
        'a length of time (milliseconds, or text such as "90s" or "5m")',
        value,
        path,
      ),
    prepare: stage,
    analysis: stage,
    synthesis: stage,
  }),
);

const GROUPS = ['options', 'datasets', 'jobs'] as const;

/** Finds everything that is wrong with a definition; empty when nothing is. */
export function definitionProblems(definition: unknown): readonly Problem[] {
  if (!isRecord(definition)) {
    return expect(false, 'an object, as `defineMethod({ … })`', definition, '');
  }
  const fields = Object.entries(definition).filter(([, value]) => value !== undefined);
  return [
    ...fields.flatMap(([name, value]) => CHECKS.get(name)?.(value, name) ?? [unknownField(name)]),
    ...nameClashes(definition),
    ...columnProblems(definition),
  ];
}

/** Names are unique over all groups, because a build call mixes them. */
function nameClashes(definition: Readonly<Record<string, unknown>>): readonly Problem[] {
  const firstGroup = new Map<string, string>();
  const problems: Problem[] = [];
  for (const group of GROUPS) {
    for (const name of Object.keys(asRecord(definition[group]))) {
      const first = firstGroup.get(name);
      if (first === undefined) firstGroup.set(name, group);
      else {
        problems.push({
          code: 'duplicate_input',
          message: `The name \`${name}\` is used in both \`${first}\` and \`${group}\` of the method`,
          hint: 'A build call gives all inputs by name, so names must be unique.',
          token: name,
        });
      }
    }
  }
  return problems;
}

function columnProblems(definition: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.entries(asRecord(definition['datasets'])).flatMap(([input, declared]) => {
    if (!(declared instanceof DatasetInput) || declared.columns === undefined) return [];
    return Object.entries(declared.columns).flatMap(([column, type]) => {
      const path = `datasets.${input}.columns.${column}`;
      const name: unknown = isRecord(type) ? type['type'] : type;
      if (isColumnType(name)) return memberProblems(`\`${path}\` of a method`, type);
      const hint = typeof name === 'string' ? didYouMean(name, COLUMN_TYPES) : undefined;
      const [problem] = expect(false, `a column type (${COLUMN_TYPES.join(', ')})`, name, path);
      return problem === undefined ? [] : [{ ...problem, hint }];
    });
  });
}

function members(expected: string, isRight: (value: unknown) => boolean): Check {
  return (value, path) => {
    if (!isRecord(value)) return expect(false, 'an object of inputs by name', value, path);
    return Object.entries(value).flatMap(([name, member]) =>
      expect(isRight(member), expected, member, `${path}.${name}`),
    );
  };
}

const eachOption = members('a zod type, as `z.number()`', isZodType);

/** A type of an object, as zod's users write first, has members of its own, none of which is an option. */
function optionTypes(value: unknown, path: string): readonly Problem[] {
  if (!isZodType(value)) return eachOption(value, path);
  return [
    {
      code: 'invalid_definition',
      message: `Expected \`${path}\` of a method to be an object of zod types by name, got one zod type`,
      hint: 'Give the members themselves, as `options: { from: z.string() }`.',
      token: path,
    },
  ];
}

function texts(expected: string, isOne: (text: string) => boolean = () => true): Check {
  return (value, path) => {
    const isRight =
      Array.isArray(value) && value.every((item) => typeof item === 'string' && isOne(item));
    return expect(isRight, expected, value, path);
  };
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function positive(expected: string, isKind: (value: unknown) => boolean): Check {
  return (value, path) => expect(isKind(value) && (value as number) > 0, expected, value, path);
}

function stage(value: unknown, path: string): readonly Problem[] {
  return expect(typeof value === 'function', 'a function', value, path);
}

function expect(
  isRight: boolean,
  expected: string,
  value: unknown,
  path: string,
): readonly Problem[] {
  if (isRight) return [];
  const subject = path === '' ? 'the definition of a method' : `\`${path}\` of a method`;
  return [
    {
      code: 'invalid_definition',
      message: `Expected ${subject} to be ${expected}, got ${describeValue(value)}`,
      ...(path === '' ? {} : { token: path.slice(path.lastIndexOf('.') + 1) }),
    },
  ];
}

function unknownField(name: string): Problem {
  return {
    code: 'unknown_field',
    message: `A method has no field \`${name}\``,
    token: name,
    hint: didYouMean(name, CHECKS.keys(), `The fields are: ${[...CHECKS.keys()].join(', ')}.`),
  };
}

/** Recognises types of any copy of zod 4, also one that a method imports by itself. */
function isZodType(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

function isRecord(value: unknown): value is Readonly<Record<string, never>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
