import { expect, test } from 'vitest';
import { z } from 'zod';

import { describeOptions } from '../../../src/method/definition/describe-options.ts';
import { inputFile, jobFile } from '../../../src/method/definition/file-options.ts';
import type { OptionSchema } from '../../../src/method/inputs/option-schema.ts';

function typeOf(schema: OptionSchema): string | undefined {
  return describeOptions({ option: schema })[0]?.type;
}

test('a type is said in words, however it is nested', () => {
  expect(typeOf(z.int().min(1))).toBe('positive integer');
  expect(typeOf(z.enum(['a', 'b']).optional())).toBe('"a" | "b"');
  expect(typeOf(z.array(z.union([z.string(), z.bigint()])))).toBe('list of (string or bigint)');
  expect(typeOf(z.record(z.string(), z.date().nullable()))).toBe('record of (date or null)');
  expect(typeOf(z.object({ a: z.string(), b: z.boolean().default(true) }))).toBe(
    '{ a: string, b?: boolean }',
  );
  expect(typeOf(z.tuple([z.literal(1), z.unknown()]))).toBe('[1, unknown]');
  expect(typeOf(z.string().transform(Number))).toBe('string');
  expect(typeOf(inputFile())).toMatch(/^the name of a file/u);
});

test('an option is required unless it may be left out, and says its default', () => {
  const facts = describeOptions({
    must: z.string().nullable(),
    may: z.string().optional(),
    set: z.bigint().default(5n),
    deep: z.object({ list: z.array(z.string()) }).default({ list: ['x'] }),
  });
  expect(facts.map((one) => [one.required, one.default])).toEqual([
    [true, null],
    [false, null],
    [false, '5n'],
    [false, '{ list: ["x"] }'],
  ]);
});

test('what the author says of an option is found below optional and default', () => {
  const [first, second] = describeOptions({
    inside: z.string().describe('what for').default('a'),
    outside: z.string().optional().describe('why'),
  });
  expect([first?.description, second?.description]).toEqual(['what for', 'why']);
});

test('an example has the form of the type', () => {
  const examples = describeOptions({
    shape: z.object({ a: z.int(), b: z.string().optional() }),
    names: z.array(z.enum(['x', 'y'])),
    file: jobFile(),
  }).map(({ example }) => example);
  expect(examples).toEqual(['{ a: 1 }', '["x"]', 'job.withFile(name)']);
});
