import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Index } from '../../../src/cli/project/open-index.ts';
import { resolveConfig } from '../../../src/cli/project/project.ts';
import { findDataset } from '../../../src/cli/specs/dataset-spec.ts';
import { findJob, findSpec } from '../../../src/cli/specs/job-spec.ts';
import { UsageError } from '../../../src/model/errors.ts';
import type { JobId } from '../../../src/model/ids.ts';
import type { DatasetRef, InputRefs } from '../../../src/model/manifest.ts';
import { Workdir } from '../../../src/store/workdir.ts';
import { digestOf, keyOf, makeJob, temporaryDirectory } from '../../store/workdir-rig.ts';

let root: string;
let index: Index;

/** dev-0 … dev-5: two imports, then a chain of three counts with a rank between, and one with a list. */
beforeEach(async () => {
  root = temporaryDirectory();
  const project = resolveConfig({ workdirs: { dev: 'dev', old: 'old' } }, root, null);
  const workdir = Workdir.open({ name: 'dev', path: join(root, 'dev'), slices: 2 });
  const make = (key: string, method: string, inputs: Partial<InputRefs> = {}) =>
    makeJob(workdir, keyOf(key), {
      method,
      setup: { inputs: { options: {}, datasets: {}, jobs: {}, ...inputs } },
      post: { datasets: [dataset('default'), dataset('extra')] },
    });
  await make('a', 'read');
  await make('b', 'read');
  await make('c', 'count', { datasets: { source: ref('dev-0', 'extra'), previous: null } });
  await make('d', 'count', { datasets: { source: ref('dev-1'), previous: ref('dev-2') } });
  await make('e', 'rank', { jobs: { source: id('dev-3'), both: [id('dev-2'), id('dev-3')] } });
  await make('f', 'count', { jobs: { previous: id('dev-3'), one: [id('dev-4')] } });
  workdir.close();
  index = Index.open(project);
});

afterEach(() => {
  index[Symbol.dispose]();
});

function id(text: string): JobId {
  return text as JobId;
}

function ref(job: string, name: string = 'default'): DatasetRef {
  return { job: id(job), name };
}

function dataset(name: string) {
  const facts = { digest: digestOf(name), rows: 1, previous: null, hashlabel: null };
  return {
    name,
    ...facts,
    columns: {},
    files: { [`DS/${name}.json`]: 1, [`DS/${name}.0.arrow`]: 1 },
  };
}

function nowhere(): null {
  return null;
}

function find(spec: string): string {
  return findJob(spec, { index, cwd: root }).id;
}

function mistake(spec: string): string {
  try {
    find(spec);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.problems.map(({ message, hint = '' }) => `${message} | ${hint}`).join('\n');
  }
  throw new Error(`${spec} was found`);
}

test.each([
  ['dev-3', 'dev-3'],
  ['count', 'dev-5'],
  ['./dev/dev-2', 'dev-2'],
  ['dev/../dev-1', undefined],
  ['count~', 'dev-3'],
  ['count~2', 'dev-2'],
  ['count~~', 'dev-2'],
  ['dev-0+', 'dev-1'],
  ['dev-2+2', 'dev-5'],
  ['dev-5<2', 'dev-3'],
  ['dev-1>3', 'dev-4'],
  ['count^', 'dev-3'],
  ['count^2', 'dev-2'],
  ['rank.source', 'dev-3'],
  ['rank.jobs.source', 'dev-3'],
  ['count.one', 'dev-4'],
  ['dev-3.datasets.source', 'dev-1'],
  ['rank.source.previous', 'dev-2'],
  ['rank.source~.source', 'dev-0'],
  ['./dev/dev-4.source~', 'dev-2'],
])('%s leads to %s', (spec, job) => {
  if (job === undefined) expect(mistake(spec)).toMatch(/does not say which job/u);
  else expect(find(spec)).toBe(job);
});

test('the job whose directory one is in is a dot', () => {
  expect(findJob('.', { index, cwd: join(root, 'dev/dev-4') }).id).toBe('dev-4');
  expect(findJob('.~0.source', { index, cwd: join(root, 'dev/dev-4') }).id).toBe('dev-3');
});

test('a path to a file in a job leads to the job, with steps after it, and so does a link to the file', () => {
  writeFileSync(join(root, 'dev/dev-4/totals.by.json'), '{}');
  mkdirSync(join(root, 'results'));
  symlinkSync('../dev/dev-4/totals.by.json', join(root, 'results/totals.json'));
  expect(find('./dev/dev-4/totals.by.json')).toBe('dev-4');
  expect(find('./dev/dev-4/totals.by.json.source~')).toBe('dev-2');
  expect(find('./results/totals.json')).toBe('dev-4');
  expect(find('results/totals.json')).toBe('dev-4');
  expect(find('results/totals.json.source')).toBe('dev-3');
  expect(find('dev/dev-4')).toBe('dev-4');
  expect(findJob('totals.json', { index, cwd: join(root, 'results') }).id).toBe('dev-4');
});

test('an id or a method comes before a path of that name', () => {
  writeFileSync(join(root, 'dev/dev-4/count'), '');
  expect(findJob('count', { index, cwd: join(root, 'dev/dev-4') }).id).toBe('dev-5');
  expect(findJob('dev-3', { index, cwd: join(root, 'dev/dev-4') }).id).toBe('dev-3');
});

test('a path to a file of a dataset leads to that dataset', () => {
  mkdirSync(join(root, 'dev/dev-3/DS'), { recursive: true });
  writeFileSync(join(root, 'dev/dev-3/DS/extra.0.arrow'), '');
  const found = (spec: string, cwd = root): string => {
    const { job, name } = findDataset(spec, { index, cwd }, nowhere);
    return `${job.id}/${name}`;
  };
  expect(found('./dev/dev-3/DS/extra.0.arrow')).toBe('dev-3/extra');
  expect(found('dev/dev-3/DS/extra.0.arrow')).toBe('dev-3/extra');
  expect(found('dev-3/DS/extra.0.arrow', join(root, 'dev'))).toBe('dev-3/extra');
  expect(found('dev/dev-3')).toBe('dev-3/default');
  writeFileSync(join(root, 'dev/dev-3/extra'), '');
  expect(found('dev-3/extra', join(root, 'dev'))).toBe('dev-3/extra');
});

test.each([
  ['count~5', 'Tried to go 5 back from dev-5, but only 2 jobs available (stopped on dev-2) | '],
  ['read+1', 'Tried to go 1 forward from dev-1, but only 0 jobs available | '],
  [
    'count^4',
    'Tried to go 4 back along "previous" from dev-5, but only 2 jobs available (stopped on dev-2) | ',
  ],
  ['dev-99', 'There is no job dev-99 | `acc jobs` lists the jobs there are.'],
  ['new-1', 'There is no job new-1 | There are jobs only in: dev.'],
  ['cuont', 'There is no finished job of a method "cuont" | Did you mean "count"?'],
  [
    'rank.both',
    'In "rank.both": input "both" of dev-4 is a list of 2, so it is not clear which is meant | Name the one that is meant: dev-2, dev-3.',
  ],
  [
    'dev-2.previous',
    'In "dev-2.previous": dev-2 (count) was built without its input "previous" | ',
  ],
  ['rank.sorce', 'dev-4 (rank) has no job or dataset input "sorce" | Did you mean "source"?'],
  ['read.x', 'dev-1 (read) has no job or dataset input "x" | It has none.'],
])('%s fails and says how far it got', (spec, text) => {
  expect(mistake(spec)).toBe(text);
});

test('what is no spec at all is answered with what one looks like', () => {
  expect(mistake('dev-1?')).toBe(
    '"dev-1?" does not say which job is meant | Expected a job (dev-42), a method, or a path to a job or a file in it, then steps: ~2 +1 ^ <3 >3 .input',
  );
  expect(mistake('dev-1~?')).toMatch(/: "\?" is no step from a job/u);
  expect(mistake('./nowhere')).toMatch(/nowhere is not the directory of a job/u);
});

test('a spec that ends in a dataset input leads to that very dataset', () => {
  expect(findSpec('dev-2.source', { index, cwd: root }).dataset).toEqual(ref('dev-0', 'extra'));
  const found = (spec: string): string => {
    const { job, name } = findDataset(spec, { index, cwd: root }, nowhere);
    return `${job.id}/${name}`;
  };
  expect(found('dev-2.source')).toBe('dev-0/extra');
  expect(found('count')).toBe('dev-5/default');
  expect(found('count~/extra')).toBe('dev-3/extra');
  expect(() => found('count/extr')).toThrow('dev-5 (count) has no dataset "extr"');
});

test.each([
  ['./dev/dev-3/extra', '', 'dev-3/extra'],
  ['dev/dev-3/extra', '', 'dev-3/extra'],
  ['../dev/dev-3/extra', 'old', 'dev-3/extra'],
  ['./extra', 'dev/dev-3', 'dev-3/extra'],
  ['../dev-2/extra', 'dev/dev-3', 'dev-2/extra'],
  ['./dev/dev-4.source/extra', '', 'dev-3/extra'],
  ['./dev/dev-5~/extra', '', 'dev-3/extra'],
  ['./dev/dev-3/extra~', '', 'dev-0/extra'],
])('a path to a job may be followed by a dataset: %s', (spec, below, expected) => {
  for (const directory of ['dev/dev-3', 'old'])
    mkdirSync(join(root, directory), { recursive: true });
  const { job, name } = findDataset(spec, { index, cwd: join(root, below) }, () =>
    ref('dev-0', 'extra'),
  );
  expect(`${job.id}/${name}`).toBe(expected);
});

test('a path to a job with a dataset that it has not names those it has', () => {
  const place = { index, cwd: root };
  expect(() => findDataset('./dev/dev-3/extr', place, nowhere)).toThrow(
    'dev-3 (count) has no dataset "extr"',
  );
  expect(() => findDataset('./nowhere/extra', place, nowhere)).toThrow(
    'nowhere/extra is not the directory of a job',
  );
});

test('steps after the name of a dataset go along its chain, and say where it ends', () => {
  const chain: Record<string, DatasetRef> = { 'dev-3': ref('dev-2'), 'dev-5': ref('dev-3') };
  const place = { index, cwd: root };
  const walk = (spec: string): string =>
    findDataset(spec, place, ({ job }) => chain[job.id] ?? null).job.id;
  expect(walk('dev-5/default~')).toBe('dev-3');
  expect(walk('dev-5/default~2')).toBe('dev-2');
  expect(() => walk('dev-5/default~3')).toThrow(
    'Tried to go 3 back along "previous" from dev-5, but only 2 datasets available (stopped on dev-2)',
  );
});
