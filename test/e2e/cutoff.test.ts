// The correctness corpus, part two: an input counts by what it contains and by what of it may be seen.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 2 };\n' };

test('a column nobody declared may be added or changed upstream: only the upstream job is executed', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare({ job }) {
    return job.datasetWriter({ columns: { user: 'string', price: 'float64' } });
  },
  analysis({ prepareRes, sliceno }) {
    prepareRes.write('u' + sliceno, sliceno * 1.5);
  },
});
`,
    'methods/total.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { price: 'float64' } }) },
  analysis: ({ datasets, sliceno }) => [...datasets.source.iterate(sliceno, 'price')],
  synthesis: ({ analysisRes }) => analysisRes.flat(),
});
`,
    'methods/count.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  synthesis: ({ datasets }) => datasets.source.lines,
});
`,
    'build.ts': script(
      "const source = urd.build('rows');",
      "const total = urd.build('total', { source });",
      "const count = urd.build('count', { source });",
      'note([await (await total).load(), await (await count).load()]);',
    ),
  });
  const first = await run(project);
  expect(first).toMatchObject({ code: 0, built: ['count', 'rows', 'total'] });
  expect(notes(first)).toEqual([
    [
      [0, 1.5],
      [1, 1],
    ],
  ]);

  // What is declared stays as it was; who declares nothing depends on everything.
  await project.edit('methods/rows.ts', "price: 'float64'", "price: 'float64', city: 'string'");
  await project.edit('methods/rows.ts', '* 1.5', "* 1.5, 'Lund'");
  expect(await run(project)).toMatchObject({
    code: 0,
    built: ['count', 'rows'],
    reused: ['total'],
  });
  await project.edit('methods/rows.ts', "'Lund'", "'Visby'");
  expect(await run(project)).toMatchObject({
    code: 0,
    built: ['count', 'rows'],
    reused: ['total'],
  });

  await project.edit('methods/rows.ts', '* 1.5', '* 2.5');
  expect(await run(project)).toMatchObject({ code: 0, built: ['count', 'rows', 'total'] });

  // A declared column of another type or name stops the build before anything of it runs.
  await project.edit('methods/rows.ts', "price: 'float64'", "prize: 'float64'");
  const renamed = await run(project);
  expect(renamed).toMatchObject({ code: 2, built: ['count', 'rows'] });
  expect(renamed.stderr).toMatchInlineSnapshot(`
    "build.ts:5:38  Dataset \`source\` of method \`total\`: dev-10 has no column "price"; it has user, prize, city
        const total = urd.build('total', { source });
                                           ~~~~~~
        Did you mean "prize"?
    "
  `);
});

test('reading a column that was not declared is an error that says what to do', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/total.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { a: 'string' } }) },
  synthesis: ({ datasets }) => [...datasets.source.iterate(null, ['a', 'b'])],
});
`,
    'in.csv': 'a,b\n1,2\n',
    'build.ts': script(
      "const source = urd.build('csvimport', { filename: 'in.csv' });",
      "await urd.build('total', { source });",
    ),
  });
  const { code, failed, build } = await run(project);
  expect({ code, failed }).toEqual({ code: 1, failed: ['total'] });
  expect(build('total').failure).toMatchObject({
    kind: 'threw',
    stage: { name: 'synthesis' },
    error: {
      name: 'UsageError',
      message:
        'Column "b" of dev-0 is not among the columns that the method declares for this input. ' +
        'Add it to `dataset({ columns: { … } })`; declared are "a".',
      stack: [`at synthesis (${project.path('methods/total.ts')}:4:52)`],
    },
  });
});

test('when a job in the middle makes the same as before, nothing below it runs', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/value.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => options.n });
`,
    'methods/sign.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { source: job() },
  synthesis: async ({ jobs }) => Math.sign(Number(await jobs.source.load())),
});
`,
    'methods/text.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { source: job() },
  synthesis: async ({ jobs }) => String(await jobs.source.load()),
});
`,
    'build.ts': script(
      "const value = urd.build('value', { n: 3 });",
      "const sign = urd.build('sign', { source: value });",
      "urd.build('text', { source: sign });",
    ),
  });
  expect((await run(project)).built).toEqual(['sign', 'text', 'value']);
  await project.edit('build.ts', 'n: 3', 'n: 4');
  expect(await run(project)).toMatchObject({ built: ['sign', 'value'], reused: ['text'] });
  await project.edit('build.ts', 'n: 4', 'n: -4');
  expect(await run(project)).toMatchObject({ built: ['sign', 'text', 'value'] });
});

test('a job counts by its files too, and a job file by its content alone', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/files.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    job.write('a.txt', 'A');
    job.write('b.txt', 'B');
  },
});
`,
    'methods/of_job.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({ jobs: { source: job() }, synthesis: ({ jobs }) => jobs.source.files() });
`,
    'methods/of_file.ts': `import { defineMethod, jobFile } from 'acc-engine';
export default defineMethod({
  options: { file: jobFile() },
  synthesis: ({ options }) => options.file.job.read(options.file.name, 'utf8'),
});
`,
    'build.ts': script(
      "const source = await urd.build('files');",
      "urd.build('of_job', { source });",
      "const copy = await urd.build('of_file', { file: source.withFile('a.txt') });",
      'note(await copy.load());',
    ),
  });
  expect(notes(await run(project))).toEqual(['A']);
  await project.edit('methods/files.ts', "'B'", "'C'");
  expect(await run(project)).toMatchObject({ built: ['files', 'of_job'], reused: ['of_file'] });
  await project.edit('methods/files.ts', "'A'", "'D'");
  const changed = await run(project);
  expect(changed.built).toEqual(['files', 'of_file', 'of_job']);
  expect(notes(changed)).toEqual(['D']);
});

test('a stage sees nothing of an input dataset, or of the job that made it, that is not in the key', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare({ job }) {
    const writer = job.datasetWriter({ columns: { n: 'int32' }, caption: 'May', filename: 'may.csv' });
    for (const sliceno of [0, 1]) {
      writer.setSlice(sliceno);
      writer.write(sliceno);
    }
    const own = writer.finish();
    return [own.caption, own.filename];
  },
  synthesis: ({ prepareRes }) => prepareRes,
});
`,
    'methods/look.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  prepare: ({ datasets }) => datasets.source.job,
  async synthesis({ datasets: { source }, prepareRes }) {
    const looks = [
      () => source.caption, () => source.filename, () => source.job.method, () => source.job.load(),
      () => source.job.params.options, () => source.job.output(), () => prepareRes.files(),
      () => source.job.id, () => source.lines,
    ];
    return Promise.all(looks.map(async (look) => look()).map((seen) => seen.catch((error) => error.problems[0].code)));
  },
});
`,
    'build.ts': script(
      "const source = urd.build('rows');",
      "note(await (await urd.build('look', { source })).load());",
      'const { caption, filename, job } = (await source).dataset();',
      'note([caption, filename, await job.load()]);',
    ),
  });
  const first = await run(project);
  expect(notes(first), first.stderr).toEqual([
    [
      'not_in_digest',
      'not_in_digest',
      'job_not_in_key',
      'job_not_in_key',
      'job_not_in_key',
      'job_not_in_key',
      'job_not_in_key',
      'dev-0',
      [1, 1],
    ],
    ['May', 'may.csv', ['May', 'may.csv']],
  ]);
});

test('declared columns count whatever they are called, and rows count where none is declared', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { rows: z.number(), value: z.string() },
  prepare: ({ job }) => job.datasetWriter({ columns: { ['__proto__']: 'string' } }),
  analysis({ prepareRes, options }) {
    for (let row = 0; row < options.rows; row++) prepareRes.write(options.value);
  },
});
`,
    'methods/count.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: {} }) },
  synthesis: ({ datasets }) => datasets.source.lines,
});
`,
    'methods/list.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { ['__proto__']: 'string' } }) },
  synthesis: ({ datasets }) => [...datasets.source.iterate(null, '__proto__')],
});
`,
    'methods/wrong.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({ datasets: { source: dataset({ columns: { constructor: 'string' } }) } });
`,
    'build.ts': script(
      "for (const [rows, value] of [[1, 'a'], [2, 'a'], [1, 'b']]) {",
      "  const source = urd.build('rows', { rows, value });",
      "  note(await (await urd.build('count', { source })).load());",
      "  note(await (await urd.build('list', { source })).load());",
      '}',
      "note(await urd.build('wrong', { source: urd.build('rows', { rows: 1, value: 'a' }) }).catch((error) => error.message));",
    ),
  });
  expect(notes(await run(project))).toEqual([
    [1, 1],
    ['a', 'a'],
    [2, 2],
    ['a', 'a', 'a', 'a'],
    [1, 1],
    ['b', 'b'],
    'Dataset `source` of method `wrong`: dev-0 has no column "constructor"; it has __proto__',
  ]);
});

test('declared columns come in the order of the input declaration, as the key does not see that of the dataset', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { a: 'int32', b: 'int32' } }),
  analysis: ({ prepareRes }) => prepareRes.writeRow({ a: 1, b: 2 }),
});
`,
    'methods/names.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { b: 'int32', a: 'int32' } }) },
  synthesis: ({ datasets: { source } }) => [source.columnNames, Object.keys([...source.iterate(0)][0])],
});
`,
    'build.ts': script(
      "note(await (await urd.build('names', { source: urd.build('rows') })).load());",
    ),
  });
  const names = [
    ['b', 'a'],
    ['b', 'a'],
  ];
  expect(notes(await run(project))).toEqual([names]);
  await project.edit('methods/rows.ts', "a: 'int32', b: 'int32'", "b: 'int32', a: 'int32'");
  const other = await run(project);
  expect(other).toMatchObject({ built: ['rows'], reused: ['names'] });
  expect(notes(other)).toEqual([names]);
});
