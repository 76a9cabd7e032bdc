// Splitting, links and merges through the real binary: threads, keys, early cut-off, and jobs that need others' files.

import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 3 };\n' };

const SPREAD = `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { rows: z.number(), factor: z.number().default(1) },
  prepare({ job }) {
    const early = job.datasetWriter({ name: 'early', columns: { n: 'int32' } }).split();
    for (let n = 0; n < 7; n++) early.write(n);
    return job.datasetWriter({ columns: { key: 'int32', from: 'int32', text: 'string' }, hashlabel: 'key' });
  },
  analysis({ job, sliceno, options, prepareRes }) {
    const split = prepareRes.split();
    const { rows } = options;
    const key = Int32Array.from({ length: rows }, (_, i) => i * options.factor);
    split.writeBatch({ key, from: new Int32Array(rows).fill(sliceno), text: Array.from(key, String) });
    return [...job.dataset('early').iterate(sliceno, 'n')];
  },
  synthesis({ job, analysisRes }) {
    return [analysisRes, job.dataset().lines];
  },
});
`;

test('analysis splits rows over its threads, and prepare hands on what it has split', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/spread.ts': SPREAD,
    'methods/check.ts': `import { dataset, defineMethod, hashSlice } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  analysis({ sliceno, slices, datasets }) {
    let wrong = 0;
    const from: number[] = [];
    for (const [key, origin] of datasets.source.iterate(sliceno, ['key', 'from'])) {
      if (hashSlice(key, slices) !== sliceno) wrong++;
      if (from.at(-1) !== origin) from.push(origin);
    }
    return [wrong, from];
  },
  synthesis({ analysisRes }) {
    return analysisRes;
  },
});
`,
    'build.ts': script(
      "const spread = await urd.build('spread', { rows: 2000 });",
      'const [early, lines] = await spread.load();',
      'note([early, lines.reduce((a, b) => a + b, 0)]);',
      "note(await (await urd.build('check', { source: spread })).load());",
      'note(spread.files());',
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    [
      [
        [0, 3, 6],
        [1, 4],
        [2, 5],
      ],
      6000,
    ],
    [
      [0, [0, 1, 2]],
      [0, [0, 1, 2]],
      [0, [0, 1, 2]],
    ],
    ['result.msgpack'],
  ]);
  const left = readdirSync(project.path('workdirs/dev/dev-0/DS'));
  expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
});

const LINK = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { rename: z.record(z.string(), z.string().nullable()).default({}) },
  datasets: { source: dataset() },
  synthesis({ job, options, datasets }) {
    job.linkDataset(datasets.source, { rename: options.rename });
  },
});
`;

const COUNT = `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  synthesis({ datasets }) {
    return datasets.source.shape;
  },
});
`;

test('a link counts as what it links: nothing below runs again', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/spread.ts': SPREAD,
    'methods/link.ts': LINK,
    'methods/count.ts': COUNT,
    'build.ts': script(
      "const source = await urd.build('spread', { rows: 10 });",
      "note(await (await urd.build('count', { source })).load());",
      "const link = await urd.build('link', { source });",
      "note(String(await urd.build('count', { source: link })));",
      "const renamed = await urd.build('link', { source, rename: { key: 'id', from: null } });",
      "note(await (await urd.build('count', { source: renamed })).load());",
    ),
  });
  const first = await run(project);
  expect(notes(first), first.stderr).toEqual([[3, 30], 'dev-1', [2, 30]]);
  const again = await run(project);
  expect(again.built).toEqual([]);
});

test('a job whose columns lie in a job that is gone is not reused, also after a rebuild of the index', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/spread.ts': SPREAD,
    'methods/link.ts': LINK,
    'methods/count.ts': COUNT,
    'build.ts': script(
      "const source = await urd.build('spread', { rows: 10 });",
      "const link = await urd.build('link', { source });",
      "note(await (await urd.build('count', { source: link })).load());",
    ),
  });
  await run(project);
  expect((await project.acc('db', 'rebuild')).code).toBe(0);
  expect((await run(project)).built).toEqual([]);
  await rm(project.path('workdirs/dev/dev-0'), { recursive: true });
  const after = await run(project);
  // The source is made again with the same content, and the link with it; what only counted rows stands.
  expect([after.built, after.reused], after.stderr).toEqual([['link', 'spread'], ['count']]);
  expect(notes(after)).toEqual([[3, 30]]);
});

test('handles make links and merged datasets of the running job', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/spread.ts': SPREAD,
    'methods/both.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  synthesis({ datasets }) {
    const one = datasets.source.linkToHere({ name: 'one', rename: { text: 'words' }, columns: ['key', 'words'] });
    const two = datasets.source.linkToHere({ name: 'two', columns: ['from'] });
    return one.merge(two).columnNames;
  },
});
`,
    'build.ts': script(
      "const source = await urd.build('spread', { rows: 5 });",
      "note(await (await urd.build('both', { source })).load());",
    ),
  });
  expect(notes(await run(project))).toEqual([['key', 'words', 'from']]);
});
