// The correctness corpus: changes beside the code and the inputs, that a key must see all the same.

import { rm } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

/** A method whose synthesis returns an expression. */
function method(expression: string, imports = '', more = ''): string {
  return `import { defineMethod, inputFile, z } from 'acc-engine';
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
