// What a stage sees of its inputs: what is in its key, and nothing else.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 3 };\n' };

test('a stage sees its own params; those of an input job only with lineage, which is then in the key', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/source.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number().default(4) }, jobs: { base: job().optional() } });
`,
    'methods/blind.ts': readsParams('job()'),
    'methods/knows.ts': readsParams('job({ lineage: true })'),
    'build.ts': script(
      "const source = urd.build('source');",
      "const again = await urd.build('source', { base: urd.flags.base === 'yes' ? source : null });",
      'note(again.params.options.n + Object.keys(again.params.jobs).join());',
      "note(await (await urd.build('knows', { source: again })).load());",
      "note((await urd.build('blind', { source: again }).catch((e) => e)).shortMessage);",
    ),
  });
  const first = await run(project);
  const [shown, known, blind] = notes(first);
  expect(shown).toBe('4base');
  expect(known).toEqual(['knows', true, ['source'], 4, ['base']]);
  expect(blind).toContain(
    '`params.jobs` of the input job dev-0 cannot be read: what an input job was made of is not in the key. ' +
      'Declare the input as `job({ lineage: true })`',
  );
  // The same content with another input: only who looks at the lineage runs.
  expect((await run(project, '--flag', 'base=yes')).built).toEqual(['knows', 'source']);
});

test('what an input dataset was made of is seen only with lineage, which is then in the key', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/make.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number().default(1) },
  datasets: { base: dataset().optional() },
  synthesis({ job }) {
    const writer = job.datasetWriter({ columns: { a: 'int32' }, allowMissingSlices: true });
    writer.setSlice(0);
    writer.write(1);
  },
});
`,
    'methods/blind.ts': readsBase('dataset()'),
    'methods/knows.ts': readsBase('dataset({ lineage: true })'),
    'methods/column.ts': readsBase("dataset({ columns: { a: 'int32' }, lineage: true })"),
    'build.ts': script(
      "const base = await urd.build('make', { n: 2 });",
      "const made = await urd.build('make', { base: urd.flags.base === 'yes' ? base : null });",
      "note(await (await urd.build('knows', { made })).load());",
      "note(await (await urd.build('column', { made })).load());",
      "note((await urd.build('blind', { made }).catch((e) => e)).shortMessage);",
    ),
  });
  const [known, column, blind] = notes(await run(project));
  expect([known, column]).toEqual(['none', 'none']);
  expect(blind).toContain('cannot be');
  // The same content with another input: only who looks at the lineage runs.
  const second = await run(project, '--flag', 'base=yes');
  expect(second.built).toEqual(['column', 'knows', 'make']);
  expect(notes(second).slice(0, 2)).toEqual(['dev-0', 'dev-0']);
});

test('of an input job a stage sees what is in its digest and nothing else', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/source.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number().default(4) },
  jobs: { previous: job().optional() },
  synthesis({ job }) {
    console.log('made');
    job.write('shown.txt', 'shown');
    return 1;
  },
});
`,
    'methods/looks.ts': `import { defineMethod, job, jobFile } from 'acc-engine';
const attempts = {
  seed: (job) => job.params.seed, caption: (job) => job.params.caption, setup: (job) => job.setup,
  post: (job) => job.post, output: (job) => job.output(), parent: (job) => job.parent,
  buildJob: (job) => job.buildJob, inputDirectory: (job) => job.inputDirectory,
  record: (job) => job.filename('setup.json'), code: (job) => job.open('method.mjs'),
  printed: (job) => job.read('OUTPUT/synthesis'),
};
async function refused(job) {
  const names = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try { await attempt(job); } catch (error) { if (error.name === 'UsageError') names.push(name); }
  }
  return names.length;
}
const codeOf = (read) => { try { return read(); } catch (error) { return error.problems[0].code; } };
export default defineMethod({
  options: { file: jobFile() },
  jobs: { plain: job(), known: job({ lineage: true }) },
  async synthesis({ job, jobs, options, build }) {
    const { plain, known } = jobs;
    const own = await build('source', { n: 9, previous: plain });
    const refusals = [];
    const lineage = known.params.jobs.previous;
    const all = [plain, plain.chain()[0], options.file.job, known, lineage, own.params.jobs.previous];
    for (const one of all) refusals.push(await refused(one));
    refusals.push(await refused(own), typeof job.params.seed, typeof own.params.seed);
    const seen = [plain.method, plain.params.options.n, plain.files().join(), await plain.load()];
    const read = await options.file.job.read('shown.txt', 'utf8');
    const other = await options.file.job.load().catch((error) => error.message);
    const { key, slices, options: { n } } = known.params;
    const further = [key.length, slices, n, lineage.params.options.n, await lineage.load()];
    return [refusals, seen, read, other, further, codeOf(() => lineage.params.key), codeOf(() => plain.params.slices)];
  },
});
`,
    'build.ts': script(
      "const source = await urd.build('source', { previous: urd.build('source', { n: 3 }) });",
      "const file = source.withFile('shown.txt');",
      "note(await (await urd.build('looks', { plain: source, known: source, file })).load());",
    ),
  });
  const [[refusals, seen, read, other, further, ...codes] = []] = notes(
    await run(project),
  ) as unknown[][];
  expect(refusals).toEqual([11, 11, 11, 11, 11, 11, 0, 'number', 'number']);
  expect(seen).toEqual(['source', 4, 'result.msgpack,shown.txt', 1]);
  expect(read).toBe('shown');
  expect(other).toContain('cannot be looked into: what else it made is not in the key');
  // The key of `known` is in the key; of what it was made of, that holds no more than content.
  expect(further).toEqual([64, 3, 4, 3, 1]);
  expect(codes).toEqual(['undeclared_lineage', 'undeclared_lineage']);
});

test('with lineage a stage sees as much of an input’s inputs as the key of the input holds', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { b: z.number() },
  synthesis({ job, options }) {
    const writer = job.datasetWriter({ columns: { a: 'int32', b: 'int32' }, allowMissingSlices: true });
    writer.setSlice(0);
    writer.write(1, options.b);
  },
});
`,
    'methods/middle.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { one: dataset({ columns: { a: 'int32' } }), all: dataset(), deep: dataset({ lineage: true }) },
});
`,
    'methods/looks.ts': `import { defineMethod, job } from 'acc-engine';
const codeOf = (read) => { try { return read(); } catch (error) { return error.problems[0].code; } };
export default defineMethod({
  jobs: { middle: job({ lineage: true }) },
  synthesis({ jobs: { middle } }) {
    const { one, all, deep } = middle.params.datasets;
    return [
      one.columnNames, all.columnNames, codeOf(() => one.job.params), codeOf(() => all.job.files()),
      deep.job.params.options.b, deep.job.files().length, codeOf(() => deep.job.params.seed),
    ];
  },
});
`,
    'build.ts': script(
      "const one = urd.build('rows', { b: Number(urd.flags.b ?? 1) });",
      "const all = urd.build('rows', { b: 0 });",
      "const middle = urd.build('middle', { one, all, deep: all });",
      "note(await (await urd.build('looks', { middle })).load());",
    ),
  });
  const hidden = 'job_not_in_key';
  expect(notes(await run(project))).toEqual([
    [['a'], ['a', 'b'], hidden, hidden, 0, 0, 'not_in_digest'],
  ]);
  // A column that `middle` did not declare is in no key.
  expect((await run(project, '--flag', 'b=2')).built).toEqual(['rows']);
});

test('a stage ends a chain of jobs by content, as ids are in no key', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/link.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  jobs: { previous: job().optional() },
  synthesis: ({ options }) => options.n,
});
`,
    'methods/count.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { newest: job(), last: job() },
  synthesis: ({ jobs: { newest, last } }) => newest.chain({ stopJob: last }).length,
});
`,
    'build.ts': script(
      "const one = await urd.build('link', { n: 1 });",
      "const two = await urd.build('link', { n: 2, previous: one });",
      "const last = urd.flags.again === 'yes' ? await urd.build('link', { n: 1 }, { force: true }) : one;",
      "const count = await urd.build('count', { newest: two, last });",
      'note([String(last), await count.load()]);',
    ),
  });
  expect(notes(await run(project, '--flag', 'again=yes'))).toEqual([['dev-2', 1]]);
  const second = await run(project);
  expect(second).toMatchObject({ built: [] });
});

test('where a column lies is hidden from stages, as no key holds it', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { linked: z.boolean() },
  synthesis({ job, options }) {
    const columns = { [options.linked ? 'y' : 'x']: 'int32' };
    const name = options.linked ? 'original' : 'default';
    const writer = job.datasetWriter({ name, columns, allowMissingSlices: true });
    writer.setSlice(0);
    writer.write(1);
    if (options.linked) job.linkDataset(writer.finish(), { rename: { y: 'x' } });
  },
});
`,
    'methods/looks.ts': `import { dataset, defineMethod } from 'acc-engine';
const codeOf = (read) => { try { return read(); } catch (error) { return error.problems[0].code; } };
export default defineMethod({
  datasets: { source: dataset() },
  synthesis({ job, datasets: { source } }) {
    const link = job.linkDataset(source, { name: 'link' });
    const own = job.datasetWriter({ name: 'own', columns: { z: 'int32' }, parent: source });
    for (const sliceno of source.lines.keys()) {
      own.setSlice(sliceno);
      for (const x of source.iterate(sliceno, 'x')) own.write(x);
    }
    const both = own.finish();
    const looks = [() => source.columnFile('x', 0), () => link.columnFile('x', 0), () => both.columnFile('x', 0)];
    return [...looks.map(codeOf), both.columnFile('z', 0).column];
  },
});
`,
    'build.ts': script(
      "const source = await urd.build('rows', { linked: urd.flags.linked === 'yes' });",
      "note([source.dataset().columnFile('x', 0).column, await (await urd.build('looks', { source })).load()]);",
    ),
  });
  const hidden = 'not_in_digest';
  expect(notes(await run(project))).toEqual([['x', [hidden, hidden, hidden, 'z']]]);
  const linked = await run(project, '--flag', 'linked=yes');
  expect(linked.built).toEqual(['rows']);
  expect(notes(linked)).toEqual([['y', [hidden, hidden, hidden, 'z']]]);
});

test('a chain ends by what both ends may see', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/rows.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { a: z.number(), b: z.number().default(0) },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options, datasets: { previous } }) {
    const columns = { a: 'int32', b: 'int32' };
    const writer = job.datasetWriter({ columns, previous, allowMissingSlices: true });
    writer.setSlice(0);
    writer.write(options.a, options.b);
  },
});
`,
    'methods/count.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { newest: dataset(), last: dataset({ columns: { a: 'int32' } }) },
  synthesis: ({ datasets: { newest, last } }) => newest.chain({ stop: last }).length,
});
`,
    'build.ts': script(
      "const one = await urd.build('rows', { a: 1 });",
      "const newest = await urd.build('rows', { a: 2, previous: one });",
      "const last = await urd.build('rows', { a: 1, b: Number(urd.flags.b ?? 0) });",
      "note(await (await urd.build('count', { newest, last })).load());",
    ),
  });
  expect(notes(await run(project))).toEqual([1]);
  // The other column of `last` is in no key, so that it makes no difference.
  const second = await run(project, '--flag', 'b=5');
  expect([second.built, notes(second)]).toEqual([['rows'], [1]]);
  expect(notes(await run(project, '--flag', 'b=5', '--force', 'count'))).toEqual([1]);
});

function readsParams(declaration: string): string {
  return `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { source: ${declaration} },
  synthesis: ({ jobs, params }) => [
    params.method,
    Number.isSafeInteger(params.seed),
    Object.keys(params.jobs),
    jobs.source.params.options.n,
    Object.keys(jobs.source.params.jobs),
  ],
});
`;
}

function readsBase(input: string): string {
  return `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { made: ${input} },
  synthesis: ({ datasets }) => String(datasets.made.job.params.datasets.base ?? 'none'),
});
`;
}
