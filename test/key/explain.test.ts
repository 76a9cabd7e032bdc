import { expect, test } from 'vitest';

import { explain, nearestManifest } from '../../src/key/explain.ts';
import type { Reason } from '../../src/model/event.ts';
import { digest, jobKey } from '../../src/model/ids.ts';
import type { Digest } from '../../src/model/ids.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { sha256 } from '../../src/util/sha256.ts';

function of(content: string): Digest {
  return digest(sha256(content));
}

const BASE: Manifest = {
  engine: 1,
  method: 'train',
  code: of('code'),
  packages: { d3: '7.8.5 #0123456789ab' },
  options: { lr: 0.1, source: { $inputFile: { path: 'a.csv', digest: of('a') } } },
  datasets: { events: { digest: of('events') }, previous: null },
  jobs: { model: { digest: of('model') } },
  dependsOn: { '../data/table.json': of('table') },
  env: { TZ: 'UTC' },
  version: null,
  slices: 2,
};

function reasons(change: Partial<Manifest>): readonly Reason[] {
  return explain(BASE, { ...BASE, ...change });
}

test('equal manifests differ in nothing', () => {
  expect(reasons({})).toEqual([]);
});

test.each<[string, Partial<Manifest>, readonly Reason[]]>([
  ['the code', { code: of('x') }, [{ kind: 'source', subject: 'train' }]],
  [
    'a package',
    { code: of('x'), packages: { d3: '7.9.0 #ba9876543210', topo: '1.0.0' } },
    [
      { kind: 'package', subject: 'd3', before: '7.8.5', after: '7.9.0' },
      { kind: 'package', subject: 'topo', after: '1.0.0' },
    ],
  ],
  [
    'a package of the same version',
    { code: of('x'), packages: { d3: '7.8.5 #ba9876543210' } },
    [
      {
        kind: 'package',
        subject: 'd3',
        before: '7.8.5 #0123456789ab',
        after: '7.8.5 #ba9876543210',
      },
    ],
  ],
  [
    'a dataset',
    { datasets: { ...BASE.datasets, events: { digest: of('x') } } },
    [{ kind: 'dataset', subject: 'events' }],
  ],
  [
    'a dataset of another name',
    { datasets: { ...BASE.datasets, events: { digest: of('events'), name: 'x' } } },
    [{ kind: 'dataset', subject: 'events (its name)', before: 'default', after: 'x' }],
  ],
  [
    'a dataset that was not given',
    { datasets: { ...BASE.datasets, previous: { digest: of('x') } } },
    [{ kind: 'dataset', subject: 'previous', after: 'given' }],
  ],
  ['a job', { jobs: { model: { digest: of('x') } } }, [{ kind: 'job', subject: 'model' }]],
  [
    'the lineage of a job',
    { jobs: { model: { digest: of('model'), lineage: jobKey(of('x')) } } },
    [{ kind: 'job', subject: 'model (lineage)' }],
  ],
  [
    'an input file',
    { options: { ...BASE.options, source: { $inputFile: { path: 'a.csv', digest: of('x') } } } },
    [{ kind: 'file', subject: 'a.csv' }],
  ],
  [
    'a file it depends on',
    { dependsOn: { '../data/table.json': of('x') } },
    [{ kind: 'file', subject: '../data/table.json' }],
  ],
  [
    'which files it depends on',
    { dependsOn: { 'b.json': of('b') } },
    [
      { kind: 'file', subject: '../data/table.json', before: 'declared' },
      { kind: 'file', subject: 'b.json', after: 'declared' },
    ],
  ],
  [
    'the environment',
    { env: { TZ: null } },
    [{ kind: 'environment', subject: 'TZ', before: '"UTC"', after: 'unset' }],
  ],
  ['the version', { version: 2 }, [{ kind: 'version', subject: 'version', after: '2' }]],
  ['the slices', { slices: 8 }, [{ kind: 'slices', subject: 'slices', before: '2', after: '8' }]],
  ['the engine', { engine: 2 }, [{ kind: 'engine', subject: 'engine', before: '1', after: '2' }]],
])('%s is named when it differs', (_what, change, expected) => {
  expect(reasons(change)).toEqual(expected);
});

test('the most telling difference comes first', () => {
  const all = reasons({
    engine: 2,
    slices: 3,
    version: 'b',
    env: {},
    dependsOn: {},
    jobs: {},
    datasets: {},
    packages: {},
    options: { lr: 0.2, source: { $inputFile: { path: 'a.csv', digest: of('x') } } },
  });
  expect(all.map(({ kind }) => kind)).toEqual([
    'option',
    'package',
    'dataset',
    'job',
    'file',
    'file',
    'environment',
    'version',
    'slices',
    'engine',
  ]);
});

function column(type: string, content: string): { type: string; digest: Digest } {
  return { type, digest: of(content) };
}

test('declared columns are told apart', () => {
  const before = {
    events: { columns: { user: column('string', 'u'), price: column('int32', 'p') } },
  };
  const after = {
    events: { columns: { user: column('string', 'x'), price: column('float64', 'p') } },
  };
  expect(explain({ ...BASE, datasets: before }, { ...BASE, datasets: after })).toEqual([
    { kind: 'dataset', subject: 'events.price', before: 'int32', after: 'float64' },
    { kind: 'dataset', subject: 'events.user' },
  ]);
});

function list(...contents: string[]): Manifest {
  return { ...BASE, datasets: { parts: contents.map((content) => ({ digest: of(content) })) } };
}

test('the inputs of a list are told apart', () => {
  expect(explain(list('a', 'b'), list('a', 'c'))).toEqual([
    { kind: 'dataset', subject: 'parts.1' },
  ]);
  expect(explain(list('a'), list('a', 'c'))).toEqual([
    { kind: 'dataset', subject: 'parts', before: 'a list of 1', after: 'a list of 2' },
  ]);
});

test('the nearest manifest differs in the fewest parts, the first of equals wins', () => {
  const far = { id: 1, manifest: { ...BASE, slices: 3, options: { lr: 0.3 } } };
  const near = { id: 2, manifest: { ...BASE, slices: 3 } };
  const asNear = { id: 3, manifest: { ...BASE, version: 1 } };
  expect(nearestManifest([far, near, asNear], BASE)).toBe(near);
  expect(nearestManifest([], BASE)).toBeUndefined();
});
