import { execSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs, { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

import { expect, test } from 'vitest';

import { z } from '../../../src/index.ts';
import { defineMethod } from '../../../src/method/definition/define-method.ts';
import { inputFile, jobFile } from '../../../src/method/definition/file-options.ts';
import type { OptionTypes } from '../../../src/method/definition/method-types.ts';
import { watchModules } from '../../../src/method/inputs/purity-watch.ts';
import type { ValidatedOptions } from '../../../src/method/inputs/validate-options.ts';
import { validateOptions } from '../../../src/method/inputs/validate-options.ts';
import { InputFile } from '../../../src/method/job/input-file.ts';
import type { JobHost } from '../../../src/method/job/job-host.ts';
import { Job } from '../../../src/method/job/job.ts';
import { jobId } from '../../../src/model/ids.ts';

watchModules();

const host: JobHost = { workdirs: { dev: '/dev' }, place: 'build_script' };
const job = new Job({ id: jobId('dev', 3), host });

function validate(options: OptionTypes, raw: Readonly<Record<string, unknown>>): ValidatedOptions {
  const method = defineMethod({ options, env: ['TZ'] });
  return validateOptions({ name: 'rank', method, raw, inputDirectory: '/data' });
}

/** The sentence about one wrong option, without its beginning. */
function complaint(type: z.ZodType, value: unknown): string {
  const messages = validate({ x: type }, { x: value }).problems.map(({ message, hint }) =>
    hint === undefined ? message : `${message} — ${hint}`,
  );
  return messages
    .join('\n')
    .replaceAll(' of method `rank`', '')
    .replaceAll('Option `x`: expected ', '');
}

test('options are defaulted, and an explicit default equals an omitted one', () => {
  const options = { limit: z.number().default(10), label: z.string().optional() };
  expect(validate(options, {})).toEqual({ options: { limit: 10 }, problems: [], pure: true });
  expect(validate(options, { limit: 10, label: undefined })).toEqual(validate(options, {}));
});

test('options keep the order of declaration, whatever the order in the call', () => {
  const options = { b: z.number(), a: z.number() };
  expect(Object.keys(validate(options, { a: 1, b: 2 }).options)).toEqual(['b', 'a']);
});

test('values that JSON lacks are written down', () => {
  const options = { when: z.date(), big: z.bigint(), tags: z.set(z.string()), nan: z.nan() };
  const raw = { when: new Date(5), big: 7n, tags: new Set(['b', 'a']), nan: Number.NaN };
  expect(validate(options, raw).options).toEqual({
    when: { $date: '1970-01-01T00:00:00.005Z' },
    big: { $bigint: '7' },
    tags: { $set: ['a', 'b'] },
    nan: { $number: 'NaN' },
  });
});

test('files are written by reference, also deep inside', () => {
  const options = {
    table: jobFile(),
    parts: z.array(z.object({ file: jobFile().optional() })),
    raw: inputFile(),
    again: inputFile().default(() => new InputFile('/data', 'd.csv')),
  };
  const raw = {
    table: job.withFile('t.json'),
    parts: [{ file: job.withFile('p', { sliced: true }) }, {}, { file: job }],
    raw: './a/../b.csv',
  };
  expect(validate(options, raw)).toEqual({
    options: {
      table: { $jobFile: { job: 'dev-3', name: 't.json', sliced: false } },
      parts: [
        { file: { $jobFile: { job: 'dev-3', name: 'p', sliced: true } } },
        {},
        { file: { $jobFile: { job: 'dev-3', name: 'result.msgpack', sliced: false } } },
      ],
      raw: { $inputFile: { path: 'b.csv' } },
      again: { $inputFile: { path: 'd.csv' } },
    },
    problems: [],
    pure: true,
  });
});

test('refinements see the input file where it is', () => {
  const seen: string[] = [];
  const raw = inputFile().refine((file) => seen.push(file.filename()) > 0);
  validate({ raw }, { raw: 'a.csv' });
  expect(seen).toEqual(['/data/a.csv']);
});

test('all problems of all options are reported at once', () => {
  const options = {
    retries: z.number().int().min(0),
    mode: z.enum(['mean', 'median']),
    list: z.array(z.number()),
    name: z.string(),
  };
  const { problems } = validate(options, { retries: '3', mode: 'medain', list: [1, 'b', null] });
  expect(problems).toEqual([
    {
      code: 'invalid_option',
      message:
        'Option `retries` of method `rank`: expected a non-negative integer, got "3" (string)',
      token: 'retries',
    },
    {
      code: 'invalid_option',
      message:
        'Option `mode` of method `rank`: expected one of "mean", "median", got "medain" (string)',
      token: 'mode',
      hint: 'Did you mean "median"?',
    },
    {
      code: 'invalid_option',
      message: 'Option `list[1]` of method `rank`: expected a number, got "b" (string)',
      token: 'list',
    },
    {
      code: 'invalid_option',
      message: 'Option `list[2]` of method `rank`: expected a number, got null',
      token: 'list',
    },
    {
      code: 'missing_option',
      message: 'Option `name` of method `rank`: expected a string, got nothing',
    },
  ]);
});

test.each<[z.ZodType, unknown, string]>([
  [z.number().int(), 3.5, 'an integer, got 3.5 (number)'],
  [z.int().positive(), 0, 'a positive integer, got 0 (number)'],
  [z.int().min(1), 0, 'a positive integer, got 0 (number)'],
  [z.number().gt(3).lte(7), 9, 'a number above 3 and of at most 7, got 9 (number)'],
  [z.number().min(2), 1, 'a number of at least 2, got 1 (number)'],
  [z.number().max(2).default(1), 3, 'a number of at most 2, got 3 (number)'],
  [z.number(), Number.NaN, 'a number, got NaN (number)'],
  [z.number().multipleOf(5), 3, 'a multiple of 5, got 3 (number)'],
  [z.bigint().min(3n), 1n, 'a bigint of at least 3, got 1n (bigint)'],
  [z.string().min(3), 'ab', 'a string of at least 3 characters, got "ab" (string)'],
  [z.string().length(3), 'ab', 'a string of exactly 3 characters, got "ab" (string)'],
  [z.array(z.number()).min(1), [], 'a list of at least 1 items, got an empty list'],
  [z.string().regex(/^a/u), 'b', 'a string that matches /^a/u, got "b" (string)'],
  [z.email(), 'b', 'a valid email, got "b" (string)'],
  [z.boolean(), 'yes', 'true or false, got "yes" (string)'],
  [z.date(), '2024', 'a Date, got "2024" (string)'],
  [
    z.date().min(new Date(1000)),
    new Date(0),
    'a Date of at least 1970-01-01T00:00:01.000Z, got 1970-01-01T00:00:00.000Z (Date)',
  ],
  [z.literal(3), 4, '3, got 4 (number)'],
  [z.union([z.string(), z.number()]), true, 'a string or a number, got true (boolean)'],
  [
    z.record(z.string(), z.number()),
    { a: 'b' },
    'Option `x.a`: expected a number, got "b" (string)',
  ],
  [
    z.map(z.string(), z.number()),
    new Map([['a', 'b']]),
    'Option `x.a`: expected a number, got "b" (string)',
  ],
  [
    z.object({ a: z.object({ deep: z.string() }) }),
    { a: {} },
    'Option `x.a.deep`: expected a string, got nothing',
  ],
  [
    z.strictObject({ alpha: z.number() }),
    { alpha: 1, alhpa: 2 },
    'Option `x`: unknown `alhpa` — Did you mean "alpha"?',
  ],
  [
    z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
    { k: 'c' },
    'Option `x.k`: expected one of "a", "b", got "c" (string)',
  ],
  [
    z.union([z.enum(['int32', 'float64']), z.object({ type: z.enum(['int32', 'float64']) })]),
    'flaot64',
    'one of "int32", "float64" or an object, got "flaot64" (string) — Did you mean "float64"?',
  ],
  [
    z.union([z.number(), z.object({ type: z.enum(['int32', 'float64']) })]),
    'flaot64',
    'a number or an object, got "flaot64" (string)',
  ],
  [z.string().refine(() => false, 'an even string'), 'b', 'an even string, got "b" (string)'],
  [jobFile(), 'a.txt', 'a file in a job, as `job.withFile(name)`, got "a.txt" (string)'],
  [
    inputFile(),
    '../a',
    'the name of a file, relative to the input directory and inside it, got "../a" (string)',
  ],
  [
    inputFile(),
    '/a',
    'the name of a file, relative to the input directory and inside it, got "/a" (string)',
  ],
  [
    z.array(inputFile()),
    [3],
    'Option `x[0]`: expected the name of a file, relative to the input directory and inside it, got 3 (number)',
  ],
  [z.any(), () => 1, 'Option `x`: expected a value that can be written down, got a function at x'],
  [
    z.any(),
    { a: [job] },
    'Option `x`: expected a value that can be written down, got a Job at x.a.0',
  ],
  [
    z.string().refine(() => Promise.resolve(true)),
    'a',
    'Option `x`: its type checks or transforms asynchronously, which options cannot',
  ],
])('problem %#: what was expected and what was got', (type, value, text) => {
  expect(complaint(type, value)).toBe(text.replace('Option `x`: expected ', ''));
});

test.each<[string, z.ZodType, boolean]>([
  ['a constant default', z.date().default(new Date(5)), true],
  ['new Date() in a default', z.date().default(() => new Date()), false],
  ['Date.now() in a default', z.number().default(() => Date.now()), false],
  ['Math.random() in a default', z.number().default(() => Math.random()), false],
  ['randomUUID() in a default', z.string().default(() => randomUUID()), false],
  ['crypto.randomUUID() in a default', z.string().default(() => crypto.randomUUID()), false],
  [
    'a date made from text',
    z
      .string()
      .default('1970')
      .transform((text) => new Date(text)),
    true,
  ],
  [
    'a hash',
    z
      .string()
      .default('x')
      .transform((text) => createHash('sha256').update(text).digest('hex')),
    true,
  ],
  ['a file that is read', z.string().default(() => readFileSync('/dev/null', 'utf8')), false],
  ['a file that is looked for', z.string().default('/').refine(existsSync), false],
  ['a directory', z.number().default(() => fs.readdirSync('/').length), false],
  ['a link', z.string().default(() => fs.realpathSync.native('/')), false],
  ['a program', z.string().default(() => execSync('true').toString()), false],
  ['the machine', z.string().default(() => hostname()), false],
  ['the environment', z.string().default(() => String(process.env['PATH'])), false],
  ['a look for a variable', z.boolean().default(() => 'PATH' in process.env), false],
  ['the whole environment', z.number().default(() => Object.keys(process.env).length), false],
  ['a declared variable', z.string().default(() => String(process.env['TZ'])), true],
  ['the working directory', z.string().default(() => process.cwd()), false],
  ['the command line', z.number().default(() => process.argv.length), false],
  ['the clock of the machine', z.number().default(() => performance.now()), false],
  ['random bytes', z.string().default(() => randomBytes(4).toString('hex')), false],
  ['an input file', inputFile().prefault('data.csv'), true],
  ['a coerced value', z.coerce.date().default(new Date(5)), true],
])('%s: pure is %3$s', (_name, type, pure) => {
  const validated = validate({ x: type }, {});
  expect([validated.problems, validated.pure]).toEqual([[], pure]);
});

function watched(): PropertyDescriptor[] {
  const descriptors = [
    Object.getOwnPropertyDescriptor(globalThis, 'Date'),
    Object.getOwnPropertyDescriptor(Math, 'random'),
    Object.getOwnPropertyDescriptor(performance, 'now'),
    ...['env', 'cwd', 'argv', 'pid'].map((name) => Object.getOwnPropertyDescriptor(process, name)),
  ];
  return descriptors.map((descriptor) => descriptor ?? {});
}

test('what is watched during validation is as before after it', () => {
  const before = watched();
  validate({ x: z.date().default(() => new Date()) }, {});
  for (const [index, { value }] of watched().entries()) expect(value).toBe(before[index]?.value);
  expect(new Date()).toBeInstanceOf(Date);
});
