import { expect, test } from 'vitest';

import { z } from '../../../src/index.ts';
import { defineMethod } from '../../../src/method/definition/define-method.ts';
import { describeMethod } from '../../../src/method/definition/describe-method.ts';
import { inputFile } from '../../../src/method/definition/file-options.ts';
import { dataset, job } from '../../../src/method/definition/input-declarations.ts';

/** What `defineMethod` says about a definition that the compiler would refuse. */
function complaints(definition: unknown): readonly string[] {
  try {
    (defineMethod as (definition: unknown) => unknown)(definition);
    return [];
  } catch (error) {
    const { problems } = error as { problems: readonly { message: string; hint?: string }[] };
    return problems.map(({ message, hint }) =>
      hint === undefined ? message : `${message} — ${hint}`,
    );
  }
}

test('a definition becomes a shape of plain facts', () => {
  const method = defineMethod({
    description: 'Mean delay',
    options: { minFlights: z.number().default(10), raw: inputFile() },
    datasets: {
      source: dataset({ columns: { user: 'string', price: { type: 'int32', nullable: true } } }),
      previous: dataset().optional(),
      many: dataset().array().optional(),
    },
    jobs: { model: job({ lineage: true }), all: job().array() },
    dependsOn: ['../table.json'],
    env: ['TZ'],
    version: 3,
    equivalentTo: ['a'.repeat(64)],
    concurrency: 2,
    memoryLimitMb: 512,
    timeout: '1.5m',
    synthesis: () => 1,
    prepare: () => 2,
  });
  expect(JSON.parse(JSON.stringify(describeMethod({ default: method }, 'delays.ts')))).toEqual({
    description: 'Mean delay',
    options: ['minFlights', 'raw'],
    datasets: {
      source: { array: false, optional: false, columns: { user: 'string', price: 'int32?' } },
      previous: { array: false, optional: true },
      many: { array: true, optional: true },
    },
    jobs: {
      model: { array: false, optional: false, lineage: true },
      all: { array: true, optional: false, lineage: false },
    },
    stages: ['prepare', 'synthesis'],
    dependsOn: ['../table.json'],
    env: ['TZ'],
    version: 3,
    equivalentTo: ['a'.repeat(64)],
    concurrency: 2,
    memoryLimitMb: 512,
    timeoutMs: 90_000,
  });
});

test('nothing has to be defined', () => {
  expect(describeMethod({ default: defineMethod({}) }, 'empty.ts')).toEqual({
    description: '',
    options: [],
    datasets: {},
    jobs: {},
    stages: [],
    dependsOn: [],
    env: [],
    equivalentTo: [],
  });
});

test('names are unique over options, datasets and jobs', () => {
  expect(
    complaints({
      options: { source: z.number(), model: z.string() },
      datasets: { source: dataset() },
      jobs: { model: job() },
    }),
  ).toEqual([
    'The name `source` is used in both `options` and `datasets` of the method — A build call gives all inputs by name, so names must be unique.',
    'The name `model` is used in both `options` and `jobs` of the method — A build call gives all inputs by name, so names must be unique.',
  ]);
});

test('unknown fields are refused, with the nearest name', () => {
  expect(
    complaints({ dataset: {}, sythesis: () => 1, constructor: 1, synthesis: undefined }),
  ).toEqual([
    'A method has no field `dataset` — Did you mean "datasets"?',
    'A method has no field `sythesis` — Did you mean "synthesis"?',
    'A method has no field `constructor` — The fields are: description, options, datasets, jobs, dependsOn, env, version, equivalentTo, concurrency, memoryLimitMb, timeout, prepare, analysis, synthesis.',
  ]);
});

test.each<[unknown, string]>([
  [
    undefined,
    'Expected the definition of a method to be an object, as `defineMethod({ … })`, got nothing',
  ],
  [
    [],
    'Expected the definition of a method to be an object, as `defineMethod({ … })`, got an empty list',
  ],
  [
    { synthesis: 'later' },
    'Expected `synthesis` of a method to be a function, got "later" (string)',
  ],
  [
    { options: [] },
    'Expected `options` of a method to be an object of inputs by name, got an empty list',
  ],
  [
    { options: { limit: 3 } },
    'Expected `options.limit` of a method to be a zod type, as `z.number()`, got 3 (number)',
  ],
  [
    { datasets: { source: job() } },
    'Expected `datasets.source` of a method to be a dataset input, as `dataset()`, got a job declaration',
  ],
  [
    { jobs: { model: null } },
    'Expected `jobs.model` of a method to be a job input, as `job()`, got null',
  ],
  [
    { env: 'TZ' },
    'Expected `env` of a method to be a list of names of environment variables, got "TZ" (string)',
  ],
  [
    { dependsOn: [1] },
    'Expected `dependsOn` of a method to be a list of file names, got a list of 1',
  ],
  [
    { version: Number.NaN },
    'Expected `version` of a method to be a number or text, got NaN (number)',
  ],
  [
    { concurrency: 0 },
    'Expected `concurrency` of a method to be a positive whole number of slices, got 0 (number)',
  ],
  [
    { timeout: 'soon' },
    'Expected `timeout` of a method to be a length of time (milliseconds, or text such as "90s" or "5m"), got "soon" (string)',
  ],
  [{ description: 3 }, 'Expected `description` of a method to be text, got 3 (number)'],
])('a field of the wrong kind is shown: %#', (definition, message) => {
  expect(complaints(definition)).toEqual([message]);
});

test('a column type that does not exist is refused, with the nearest name', () => {
  const columns = { price: 'flaot64' } as unknown as { price: 'float64' };
  const [complaint] = complaints({ datasets: { source: dataset({ columns }) } });
  expect(complaint).toMatch(
    /^Expected `datasets.source.columns.price` of a method to be a column type \(bool, /u,
  );
  expect(complaint).toMatch(/got "flaot64" \(string\) — Did you mean "float64"\?$/u);
});

test('a module without a method is an error that names the file', () => {
  expect(() => describeMethod({ default: { synthesis: 1 } }, '/p/methods/x.ts')).toThrow(
    'Expected the default export of /p/methods/x.ts to be a method, got an object with synthesis',
  );
  expect(() => describeMethod({}, 'x.ts')).toThrow('to be a method, got nothing');
});
