// The correctness corpus: changes beside the code and the inputs, that a key must see all the same.

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

test('the base of tsconfig.json that a package with a scope has', async () => {
  const base = (useDefineForClassFields: boolean): Record<string, string> => ({
    'node_modules/@tb/base/tsconfig.json': JSON.stringify({
      compilerOptions: { useDefineForClassFields },
    }),
  });
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
