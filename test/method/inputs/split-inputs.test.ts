import { expect, test } from 'vitest';

import { Dataset } from '../../../src/method/dataset/dataset.ts';
import { splitInputs } from '../../../src/method/inputs/split-inputs.ts';
import { JobFile } from '../../../src/method/job/job-file.ts';
import type { JobHost } from '../../../src/method/job/job-host.ts';
import { datasetHost, Job } from '../../../src/method/job/job.ts';
import { jobId } from '../../../src/model/ids.ts';
import type { MethodShape } from '../../../src/model/method-shape.ts';

const host: JobHost = { workdirs: { dev: '/dev' }, place: 'build_script' };
const job = new Job({ id: jobId('dev', 3), host });
const parts = new Dataset({ job: job.id, name: 'parts' }, datasetHost(host));

const shape: MethodShape = {
  description: '',
  options: ['limit', 'label'],
  datasets: {
    source: { array: false, optional: false },
    previous: { array: false, optional: true },
    more: { array: true, optional: true },
  },
  jobs: {
    model: { array: false, optional: true, lineage: false },
    all: { array: true, optional: true, lineage: false },
  },
  stages: [],
  dependsOn: [],
  env: [],
  equivalentTo: [],
};

function problems(raw: Readonly<Record<string, unknown>>): readonly string[] {
  return splitInputs('rank', shape, raw).problems.map(({ message, hint }) =>
    hint === undefined ? message : `${message} — ${hint}`,
  );
}

test('inputs are sorted by name into options, datasets and jobs', () => {
  expect(
    splitInputs('rank', shape, {
      limit: 3,
      label: undefined,
      source: parts,
      more: ['dev-1', job, 'other-4/a/b'],
      model: job,
      all: ['dev-9'],
    }),
  ).toEqual({
    options: { limit: 3 },
    datasets: {
      source: { job: 'dev-3', name: 'parts' },
      previous: null,
      more: [
        { job: 'dev-1', name: 'default' },
        { job: 'dev-3', name: 'default' },
        { job: 'other-4', name: 'a/b' },
      ],
    },
    jobs: { model: 'dev-3', all: ['dev-9'] },
    problems: [],
  });
});

test('null and undefined stand for an optional input that is not given', () => {
  const split = splitInputs('rank', shape, { source: job, previous: null, model: undefined });
  expect([split.datasets['previous'], split.jobs['model'], split.problems]).toEqual([
    null,
    null,
    [],
  ]);
});

test('all mistakes are reported at once', () => {
  expect(problems({ limt: 3, toString: 1, more: job, model: parts })).toEqual([
    'Method `rank` has no input `limt` — Did you mean "limit"?',
    'Method `rank` has no input `toString` — It takes limit, label, source, previous, more, model, all.',
    'Dataset `source` of method `rank`: expected a dataset, got nothing',
    'Dataset `more` of method `rank`: expected a list of datasets, got job dev-3 — Put it into a list: `[…]`.',
    'Job `model` of method `rank`: expected a job, got dataset dev-3/parts — Pass the job that made it: `dataset.job`.',
  ]);
});

test.each<[Record<string, unknown>, string]>([
  [
    { source: [job] },
    'Dataset `source` of method `rank`: expected a dataset, got a list of 1 — Declare the input with `.array()` to take a list.',
  ],
  [
    { source: 'flights' },
    'Dataset `source` of method `rank`: expected a dataset, got "flights" (string) — A dataset’s id looks like `dev-42` or `dev-42/name`.',
  ],
  [
    { source: 'dev-1/' },
    'Dataset `source` of method `rank`: expected a dataset, got "dev-1/" (string) — A dataset’s id looks like `dev-42` or `dev-42/name`.',
  ],
  [
    { source: new JobFile(job, 'a') },
    'Dataset `source` of method `rank`: expected a dataset, got job file dev-3/a',
  ],
  [
    { source: job, model: 'dev' },
    'Job `model` of method `rank`: expected a job, got "dev" (string) — A job’s id looks like `dev-42`.',
  ],
  [
    { source: job, all: 'dev-3' },
    'Job `all` of method `rank`: expected a list of jobs, got "dev-3" (string) — Put it into a list: `[…]`.',
  ],
  [{ source: job, all: [job, 5] }, 'Job `all[1]` of method `rank`: expected a job, got 5 (number)'],
])('a value of the wrong kind is shown: %#', (raw, message) => {
  expect(problems(raw)).toEqual([message]);
});

test('a method without inputs says so', () => {
  const bare = { ...shape, options: [], datasets: {}, jobs: {} };
  expect(splitInputs('bare', bare, { x: 1 }).problems).toEqual([
    {
      code: 'unknown_input',
      message: 'Method `bare` has no input `x`',
      token: 'x',
      hint: 'It takes no inputs.',
    },
  ]);
});
