// Merging looks at where datasets come from, which is in no key: such jobs stand for the very inputs they were given.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/base.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { salt: z.number() },
  prepare: ({ job }) => job.datasetWriter({ columns: { a: 'int32' } }),
  analysis: ({ sliceno, prepareRes }) => prepareRes.write(sliceno),
});
`,
  'methods/extend.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { column: z.string() },
  datasets: { source: dataset() },
  prepare: ({ job, options, datasets }) =>
    job.datasetWriter({ columns: { [options.column]: 'int32' }, parent: datasets.source }),
  analysis: ({ sliceno, prepareRes }) => prepareRes.write(sliceno),
});
`,
  'methods/both.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { allowUnrelated: z.boolean().default(false) },
  datasets: { one: dataset(), two: dataset() },
  synthesis: ({ job, options, datasets: { one, two } }) => void job.mergeDatasets(one, two, options),
});
`,
  'methods/tries.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { one: dataset(), two: dataset() },
  synthesis({ job, datasets: { one, two } }) {
    try { return String(job.mergeDatasets(one, two)); } catch { return 'none'; }
  },
});
`,
};

const BUILD = script(
  "const base = await urd.build('base', { salt: 0 });",
  "const other = urd.flags.apart === 'yes' ? await urd.build('base', { salt: 1 }) : base;",
  "const one = await urd.build('extend', { source: base, column: 'x' });",
  "const two = await urd.build('extend', { source: other, column: 'y' });",
  "const attempt = (method, options = {}) => urd.build(method, { one, two, ...options }).then(() => 'made', (error) => error.shortMessage);",
  "note([await attempt('both'), await attempt('both', { allowUnrelated: true })]);",
);

const UNRELATED = expect.stringContaining('have no parent in common');

test('a merge is made again for other inputs with the same content, and what it gives is as in a clean run', async () => {
  await using project = await Project.create({ ...FILES, 'build.ts': BUILD });
  expect(notes(await run(project))).toEqual([['made', 'made']]);
  expect(await run(project)).toMatchObject({ built: [] });
  // The same inputs, one of which comes from another dataset with the same content.
  const apart = await run(project, '--flag', 'apart=yes', '--force', 'extend');
  expect(notes(apart)).toEqual([[UNRELATED, 'made']]);
  expect(apart).toMatchObject({ built: ['base', 'extend', 'extend'], failed: ['both'] });
  const related = await run(project, '--force', 'extend', '--why');
  expect(notes(related)).toEqual([['made', 'made']]);
  expect(related.built).toEqual(['both', 'extend', 'extend']);
  expect(related.events).toContainEqual(
    expect.objectContaining({
      name: 'both',
      state: 'built',
      reasons: [{ kind: 'dataset', subject: 'one (lineage)' }],
    }),
  );
  expect(await run(project)).toMatchObject({ built: [] });
  const rebuilt = await project.acc('db', 'rebuild');
  expect(rebuilt.code).toBe(0);
  expect(notes(await run(project, '--flag', 'apart=yes', '--force', 'extend'))).toEqual([
    [UNRELATED, 'made'],
  ]);
});

test('two merges of the same content at the same time are two jobs', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const base = await urd.build('base', { salt: 0 });",
      "const other = await urd.build('base', { salt: 1 });",
      "const one = await urd.build('extend', { source: base, column: 'x' });",
      "const two = await urd.build('extend', { source: base, column: 'y' });",
      "const apart = await urd.build('extend', { source: other, column: 'y' }, { force: true });",
      "const ends = await Promise.allSettled([two, apart].map((two) => urd.build('both', { one, two })));",
      'note(ends.map(({ status }) => status));',
    ),
  });
  expect(notes(await run(project))).toEqual([['fulfilled', 'rejected']]);
});

test('a stage that goes on after datasets were found to be unrelated fails, as no key holds that', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': BUILD.replace("await attempt('both')", "await attempt('tries')"),
  });
  expect(notes(await run(project, '--flag', 'apart=yes'))).toEqual([[UNRELATED, 'made']]);
  expect(notes(await run(project, '--force', 'extend'))).toEqual([['made', 'made']]);
});
