// Methods as they are defined: what is wrong with a definition is told when it is built, for that method alone.

import { mkdir, rename, rm } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { run, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 2 };\n' };

function definition(text: string): string {
  return `import { dataset, defineMethod, inputFile, job, jobFile, z } from 'acc-engine';
export default defineMethod(${text});
`;
}

test('every mistake in a definition is told with its place, and other methods go on', async () => {
  const mistakes = {
    twice: '{ options: { source: z.string() }, datasets: { source: dataset() } }',
    field: '{ synthesys() {} }',
    options: "{ options: { n: 'number', name: String } }",
    inputs: '{ datasets: { source: job() }, jobs: { model: dataset() } }',
    columns: "{ datasets: { source: dataset({ columns: { a: 'int23' } }) } }",
    stages: "{ analysis: 'yes', prepare: 5 }",
    limits: "{ concurrency: 0, timeout: 'soon', memoryLimitMb: -1 }",
    lists: "{ env: 'TZ', dependsOn: [5], version: {} }",
  };
  await using project = await Project.create({
    ...CONFIG,
    ...Object.fromEntries(
      Object.entries(mistakes).map(([name, text]) => [`methods/${name}.ts`, definition(text)]),
    ),
    'methods/good.ts': definition('{}'),
    'methods/throws.ts': `throw new Error('while loading');
${definition('{}')}`,
    'build.ts': script(
      ...[...Object.keys(mistakes), 'throws'].map(
        (name) => `await urd.build('${name}').catch(() => {});`,
      ),
      "await urd.build('good');",
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 2, built: ['good'] });
  expect(result.stderr.replaceAll(project.directory, 'PROJECT')).toMatchInlineSnapshot(`
    "methods/twice.ts:2:42  The name \`source\` is used in both \`options\` and \`datasets\` of the method
        export default defineMethod({ options: { source: z.string() }, datasets: { source: dataset() } …
                                                 ~~~~~~
        A build call gives all inputs by name, so names must be unique.
    methods/field.ts:2:31  A method has no field \`synthesys\`
        export default defineMethod({ synthesys() {} });
                                      ~~~~~~~~~
        Did you mean "synthesis"?
    methods/options.ts:2:42  Expected \`options.n\` of a method to be a zod type, as \`z.number()\`, got "number" (string)
        export default defineMethod({ options: { n: 'number', name: String } });
                                                 ~
    methods/options.ts:2:55  Expected \`options.name\` of a method to be a zod type, as \`z.number()\`, got a function
        …default defineMethod({ options: { n: 'number', name: String } });
                                                        ~~~~
    methods/inputs.ts:2:43  Expected \`datasets.source\` of a method to be a dataset input, as \`dataset()\`, got a job declaration
        export default defineMethod({ datasets: { source: job() }, jobs: { model: dataset() } });
                                                  ~~~~~~
    methods/inputs.ts:2:68  Expected \`jobs.model\` of a method to be a job input, as \`job()\`, got a dataset declaration
        …eMethod({ datasets: { source: job() }, jobs: { model: dataset() } });
                                                        ~~~~~
    methods/columns.ts:2:72  Expected \`datasets.source.columns.a\` of a method to be a column type (bool, int8, int16, int32, int64, uint8, uint16, uint32, float32, float64, number, date, time, datetime, string, bytes, json), got "int23" (string)
        …hod({ datasets: { source: dataset({ columns: { a: 'int23' } }) } });
                                                        ~
        Did you mean "int32"?
    methods/stages.ts:2:31  Expected \`analysis\` of a method to be a function, got "yes" (string)
        export default defineMethod({ analysis: 'yes', prepare: 5 });
                                      ~~~~~~~~
    methods/stages.ts:2:48  Expected \`prepare\` of a method to be a function, got 5 (number)
        export default defineMethod({ analysis: 'yes', prepare: 5 });
                                                       ~~~~~~~
    methods/limits.ts:2:31  Expected \`concurrency\` of a method to be a positive whole number of slices, got 0 (number)
        export default defineMethod({ concurrency: 0, timeout: 'soon', memoryLimitMb: -1 });
                                      ~~~~~~~~~~~
    methods/limits.ts:2:47  Expected \`timeout\` of a method to be a length of time (milliseconds, or text such as "90s" or "5m"), got "soon" (string)
        export default defineMethod({ concurrency: 0, timeout: 'soon', memoryLimitMb: -1 });
                                                      ~~~~~~~
    methods/limits.ts:2:64  Expected \`memoryLimitMb\` of a method to be a positive number of megabytes, got -1 (number)
        …efineMethod({ concurrency: 0, timeout: 'soon', memoryLimitMb: -1 });
                                                        ~~~~~~~~~~~~~
    methods/lists.ts:2:31  Expected \`env\` of a method to be a list of names of environment variables, got "TZ" (string)
        export default defineMethod({ env: 'TZ', dependsOn: [5], version: {} });
                                      ~~~
    methods/lists.ts:2:42  Expected \`dependsOn\` of a method to be a list of file names, got a list of 1
        export default defineMethod({ env: 'TZ', dependsOn: [5], version: {} });
                                                 ~~~~~~~~~
    methods/lists.ts:2:58  Expected \`version\` of a method to be a number or text, got an empty object
        …ault defineMethod({ env: 'TZ', dependsOn: [5], version: {} });
                                                        ~~~~~~~
    methods/throws.ts:1:7  Method "throws" cannot be loaded: Error: while loading
        throw new Error('while loading');
              ~
    "
  `);
});

test('two methods of one name, and one named as a standard method, are mistakes that name both files', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/a/same.ts': definition('{}'),
    'methods/b/same.ts': definition('{}'),
    'build.ts': script("await urd.build('same');"),
  });
  const twice = await run(project);
  expect(twice.code).toBe(2);
  expect(twice.stderr).toMatch(/methods\/a\/same\.ts/u);
  expect(twice.stderr).toMatch(/methods\/b\/same\.ts/u);

  await using other = await Project.create({
    ...CONFIG,
    'methods/csvimport.ts': definition('{}'),
    'build.ts': script("await urd.build('csvimport');"),
  });
  const standard = await run(other);
  expect(standard.code).toBe(2);
  expect(standard.stderr).toMatch(/methods\/csvimport\.ts.*methods\/csvimport\.ts/su);
});

test('methods in sub-directories and several method directories are found by their flat names', async () => {
  await using project = await Project.create({
    'acc.config.ts': "export default { slices: 2, methods: ['methods', 'shared/methods'] };\n",
    'methods/deep/er/inner.ts': definition('{ synthesis: () => 1 }'),
    'shared/methods/outer.ts': definition('{ synthesis: () => 2 }'),
    'build.ts': script("urd.build('inner');", "urd.build('outer');"),
  });
  expect(await run(project)).toMatchObject({ code: 0, built: ['inner', 'outer'] });
  const listed = await project.acc('method', '--json');
  const names = (JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['csvimport', 'inner', 'outer']));
});

test('a method may be renamed, moved and edited between runs of one project', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/one.ts': definition('{ synthesis: () => 1 }'),
    'build.ts': script("await urd.build('one');"),
  });
  expect((await run(project)).built).toEqual(['one']);
  // Moved: the same name, the same code.
  await mkdir(project.path('methods/sub'));
  await rename(project.path('methods/one.ts'), project.path('methods/sub/one.ts'));
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['one'] });
  // Renamed: another method.
  await rename(project.path('methods/sub/one.ts'), project.path('methods/two.ts'));
  const gone = await run(project);
  expect(gone.code).toBe(2);
  expect(gone.stderr).toContain('There is no method "one"');
  await project.write({ 'build.ts': script("await urd.build('two');") });
  expect((await run(project)).built).toEqual(['two']);
  // A cache that is gone costs time, never a job.
  await rm(project.path('.acc'), { recursive: true });
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['two'] });
});
