// The correctness corpus: changes beside the code and the inputs, that a key must see all the same.

import { rm } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

/** A method whose synthesis returns an expression. */
function method(expression: string, imports = '', more = ''): string {
  return `import { dataset, defineMethod, inputFile, job, z } from 'acc-engine';
${imports}
export default defineMethod({ ${more} synthesis: ({ options, datasets, jobs }) => ${expression} });
`;
}

const SHOW = script("note(await (await urd.build('show')).load());");

test('a file that shadows what a path alias led to', async () => {
  await using project = await Project.create({
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./a/*", "./b/*"] } } }',
    'b/v.ts': 'export const value = 1;\n',
    'methods/show.ts': method('value', "import { value } from '@lib/v';"),
    'build.ts': SHOW,
  });
  expect(notes(await run(project))).toEqual([1]);
  await project.write({ 'a/v.ts': 'export const value = 2;\n' });
  const after = await run(project);
  expect(after.built).toEqual(['show']);
  expect(notes(after)).toEqual([2]);
});

/** The base that a package has. */
function base(useDefineForClassFields: boolean): Record<string, string> {
  const config = { compilerOptions: { useDefineForClassFields } };
  return { 'node_modules/@tb/base/tsconfig.json': JSON.stringify(config) };
}

test('the base of tsconfig.json that a package with a scope has', async () => {
  await using project = await Project.create({
    'tsconfig.json': '{ "extends": "@tb/base/tsconfig.json" }',
    'node_modules/@tb/base/package.json': '{ "name": "@tb/base", "version": "1.0.0" }',
    ...base(true),
    'methods/show.ts': method("Object.hasOwn(new Plain(), 'x')", 'class Plain { x?: number; }'),
    'build.ts': SHOW,
  });
  expect(notes(await run(project))).toEqual([true]);
  await project.write(base(false));
  const after = await run(project);
  expect(after.built).toEqual(['show']);
  expect(notes(after)).toEqual([false]);
});

const READS = "import { existsSync, readFileSync } from 'node:fs';";

test('a file that the default of an option is read from', async () => {
  const limit = "z.string().default(() => readFileSync('limit.txt', 'utf8'))";
  await using project = await Project.create({
    'limit.txt': '1',
    'methods/show.ts': method('options.limit', READS, `options: { limit: ${limit} },`),
    'build.ts': SHOW,
  });
  expect(notes(await run(project))).toEqual(['1']);
  expect((await run(project)).reused).toEqual(['show']);
  await project.write({ 'limit.txt': '2' });
  const after = await run(project);
  expect(after.built).toEqual(['show']);
  expect(notes(after)).toEqual(['2']);
});

test('a file that an option is checked by', async () => {
  await using project = await Project.create({
    'there.txt': '',
    'methods/show.ts': method(
      'options.name',
      READS,
      "options: { name: z.string().default('there.txt').refine(existsSync, 'a name of a file') },",
    ),
    'build.ts': SHOW,
  });
  expect(notes(await run(project))).toEqual(['there.txt']);
  await rm(project.path('there.txt'));
  const after = await run(project);
  expect(after.code).toBe(2);
  expect(after.stderr).toContain('Option `name` of method `show`: expected a name of a file');
});

test.each([['--force'], ['--force=show']])(
  'with %s options are validated anew, whatever they were made of',
  async (flag) => {
    await using project = await Project.create({
      'limit.txt': '1',
      // Read while the module is loaded, where nothing watches.
      'methods/show.ts': method(
        'options.limit',
        `${READS}\nconst limit = readFileSync('limit.txt', 'utf8');`,
        'options: { limit: z.string().default(limit) },',
      ),
      'build.ts': SHOW,
    });
    expect(notes(await run(project))).toEqual(['1']);
    await project.write({ 'limit.txt': '2' });
    expect(notes(await run(project, flag))).toEqual(['2']);
    expect(notes(await run(project))).toEqual(['2']);
  },
);

/** Writes datasets of one row each, named and ordered by flags of the run. */
const ROWS = `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { names: z.array(z.string()), chained: z.boolean().default(false) },
  synthesis({ job, options }) {
    let previous = null;
    for (const name of options.names) {
      const writer = job.datasetWriter({ name, columns: { x: 'int32' }, previous, allowMissingSlices: true });
      writer.setSlice(0);
      writer.write(1);
      const dataset = writer.finish();
      if (options.chained) previous = dataset;
    }
  },
});
`;

const ALL = 'datasets: { source: dataset() },';
const ONE = "datasets: { source: dataset({ columns: { x: 'int32' } }) },";

test.each([[ALL], [ONE]])(
  'what an input dataset is called is in the key: %s',
  async (declaration) => {
    await using project = await Project.create({
      'methods/rows.ts': ROWS,
      'methods/show.ts': method('datasets.source.name', '', declaration),
      'build.ts': script(
        "const rows = await urd.build('rows', { names: ['a', 'b'] });",
        "for (const name of ['a', 'b']) {",
        "  note(await (await urd.build('show', { source: rows.dataset(name) }, { name })).load());",
        '}',
      ),
    });
    const first = await run(project);
    expect(notes(first)).toEqual(['a', 'b']);
    expect(first.built).toEqual(['a', 'b', 'rows']);
    expect((await run(project)).built).toEqual([]);
    const why = await project.acc('why', 'show');
    expect(why.stdout).toContain('dataset source (its name) a → b');
    expect(why.stdout).toMatch(/ {2}dataset {2}source {2}b, (?:columns x|[0-9a-f]{12})\n/u);
  },
);

test('what a dataset before an input is called is in no key, and hidden from stages', async () => {
  await using project = await Project.create({
    'methods/rows.ts': ROWS,
    'methods/show.ts': `import { dataset, defineMethod } from 'acc-engine';
const codeOf = (read) => { try { return read(); } catch (error) { return error.problems[0].code; } };
const look = ({ source, before }) => [
  source.name, codeOf(() => before.name),
  ...source.chain().datasets.map((one) => codeOf(() => one.name)),
];
export default defineMethod({
  datasets: { source: dataset() },
  prepare: ({ datasets: { source } }) => ({ source, before: source.previous }),
  synthesis: ({ datasets: { source }, prepareRes }) =>
    [look({ source, before: source.previous }), look(prepareRes)],
});
`,
    'build.ts': script(
      "const rows = await urd.build('rows', { names: ['a', 'b'], chained: true });",
      "note(await (await urd.build('show', { source: rows.dataset('b') })).load());",
      "note(rows.dataset('b').previous.name);",
    ),
  });
  const hidden = 'not_in_digest';
  const seen = ['b', hidden, hidden, 'b'];
  expect(notes(await run(project))).toEqual([[seen, seen], 'a']);
});

test('the datasets of an input job come in an order that does not depend on how it made them', async () => {
  await using project = await Project.create({
    'methods/rows.ts': ROWS,
    'methods/show.ts': method(
      'jobs.rows.datasets.map(({ name }) => name)',
      '',
      'jobs: { rows: job() },',
    ),
    'build.ts': script(
      "const rows = await urd.build('rows', { names: ['b', 'a', 'c'] });",
      "note(await (await urd.build('show', { rows })).load());",
      'note(rows.datasets.map(({ name }) => name));',
    ),
  });
  expect(notes(await run(project))).toEqual([
    ['a', 'b', 'c'],
    ['b', 'a', 'c'],
  ]);
  // The other order has the same digest.
  await project.edit('methods/rows.ts', 'of options.names', 'of options.names.toReversed()');
  const after = await run(project);
  expect(after.built).toEqual(['rows']);
  expect(notes(after)).toEqual([
    ['a', 'b', 'c'],
    ['c', 'a', 'b'],
  ]);
});

test('what the key cannot see is told by the run and by the method', async () => {
  await using project = await Project.create({
    'methods/show.ts': method('++seen', 'let seen = 0;'),
    'build.ts': SHOW,
  });
  const told = 'changes a variable of its module, which later jobs in the same thread see';
  expect((await run(project)).warnings.join()).toContain(`${told} (methods/show.ts:`);
  expect((await project.acc('method', 'show')).stdout).toContain(told);
});

test('columns that an input does not declare are hidden by whatever way the stage comes to them', async () => {
  await using project = await Project.create({
    'methods/rows.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { b: z.number() },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options, datasets }) {
    const columns = { a: 'int32', b: 'int32' };
    const writer = job.datasetWriter({ columns, previous: datasets.previous, allowMissingSlices: true });
    writer.setSlice(0);
    writer.write(1, options.b);
  },
});
`,
    'methods/show.ts': `import { dataset, defineMethod } from 'acc-engine';
const codeOf = (read) => { try { return read(); } catch (error) { return error.problems[0].code; } };
export default defineMethod({
  datasets: { source: dataset({ columns: { a: 'int32' } }), all: dataset() },
  prepare({ job, datasets: { source, all } }) {
    const next = (name, previous) => {
      const writer = job.datasetWriter({ name, columns: { a: 'int32' }, previous, allowMissingSlices: true });
      writer.setSlice(0);
      writer.write(1);
      return writer.finish();
    };
    job.linkDataset(source, { name: 'link' });
    next('after', source);
    next('later', source.previous);
    next('free', all);
  },
  synthesis({ job }) {
    const [link, after, later, free] = ['link', 'after', 'later', 'free'].map((name) => job.dataset(name));
    return [link.parent, after.previous, after.previous.previous, later.previous, free.previous]
      .map((one) => [one.columnNames.join(), codeOf(() => [...one.iterate(null, 'b')])]);
  },
});
`,
    'build.ts': script(
      "const first = await urd.build('rows', { b: Number(urd.flags.b ?? 1) });",
      "const source = await urd.build('rows', { b: 2, previous: first });",
      "const all = await urd.build('rows', { b: 3 });",
      "note(await (await urd.build('show', { source, all })).load());",
    ),
  });
  const hidden = ['a', 'undeclared_column'];
  expect(notes(await run(project))).toEqual([[hidden, hidden, hidden, hidden, ['a,b', [3]]]]);
  expect(await run(project, '--flag', 'b=5')).toMatchObject({ built: ['rows', 'rows'] });
});

test('files that a pattern finds when a stage builds with it', async () => {
  await using project = await Project.create({
    'in/1.txt': '1',
    'methods/list.ts': `import { defineMethod, inputFiles } from 'acc-engine';
export default defineMethod({
  options: { files: inputFiles() },
  synthesis: ({ options }) => options.files.map(({ name }) => name),
});
`,
    'methods/show.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis: async ({ build }) => (await build('list', { files: 'in/*.txt' })).load(),
});
`,
    'build.ts': SHOW,
  });
  const first = await run(project);
  expect(notes(first)).toEqual([['in/1.txt']]);
  expect(first.warnings).toEqual([
    'dev-0 (show) is kept but will not be reused: it built list with options that another look may make different',
  ]);
  const second = await run(project);
  expect(second).toMatchObject({ built: ['show'], reused: ['list'] });
  await project.write({ 'in/2.txt': '2' });
  expect(notes(await run(project))).toEqual([['in/1.txt', 'in/2.txt']]);
});
