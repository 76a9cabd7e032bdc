import { symlinkSync } from 'node:fs';

import { expect, test } from 'vitest';

import { CodeCache } from '../../src/key/code/code-cache.ts';
import { MethodSources } from '../../src/key/method-sources.ts';
import { CodeProject, methodText } from './code-project.ts';

/** Lists the methods as a new run does, relative to the project. */
function find(project: CodeProject): MethodSources {
  const directories = [
    { path: project.path('methods'), standard: false },
    { path: project.path('absent'), standard: false },
    { path: `${project.engineDirectory}/methods`, standard: true },
    { path: project.path('methods'), standard: true },
  ];
  return new MethodSources(directories, CodeCache.open(project.path('.acc/methods.json'), ''));
}

test('methods are found in sub-directories and among those shipped, helpers are not', () => {
  const method = methodText('1');
  using project = new CodeProject({
    'methods/a.ts': method,
    'methods/deep/er/b.mts': method,
    'methods/old.js': method,
    'methods/other.mjs': "import { defineMethod } from 'acc-engine';\nexport { x as default };",
    '../engine/methods/std.ts': method,
    'methods/lib/help.ts': 'export const help = 1;',
    'methods/lib/make.ts': 'export const make = () => defineMethod({ a: z.number().default(1) });',
    'methods/lib/plain.ts': 'export default 1;',
    'methods/_draft.ts': method,
    'methods/_drafts/c.ts': method,
    'methods/.hidden.ts': method,
    'methods/types.d.ts': method,
    'methods/node_modules/p/d.ts': method,
    'methods/notes.md': method,
  });
  const found = find(project).all();
  expect(found.map(({ name, standard }) => [name, standard])).toEqual([
    ['a', false],
    ['b', false],
    ['old', false],
    ['other', false],
    ['std', true],
  ]);
  expect(found[1]?.file).toBe(project.path('methods/deep/er/b.mts'));
});

test('a link to a directory above is not followed round and round', () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  symlinkSync('.', project.path('methods/again'));
  expect(find(project).all()).toHaveLength(1);
});

test('a helper may be called like a method', () => {
  using project = new CodeProject({
    'methods/a.ts': methodText('1'),
    'methods/lib/a.ts': 'export const a = 1;',
  });
  expect(find(project).named('a').file).toBe(project.path('methods/a.ts'));
});

test('two methods of one name are an error that names both files', () => {
  using project = new CodeProject({
    'methods/std.ts': methodText('1'),
    '../engine/methods/std.ts': methodText('1'),
    'methods/fine.ts': methodText('1'),
  });
  const sources = find(project);
  const files = [project.path('methods/std.ts'), `${project.engineDirectory}/methods/std.ts`];
  const message = `Two files define the method "std": ${files[0]} and ${files[1]}`;
  expect(() => sources.all()).toThrow(message);
  expect(() => sources.named('std')).toThrow(message);
  expect(sources.named('fine').name).toBe('fine');
});

test('a file that is almost a method is named when it is asked for', () => {
  using project = new CodeProject({ 'methods/a.ts': 'export default {};' });
  const file = project.path('methods/a.ts');
  expect(() => find(project).named('a')).toThrow(
    expect.objectContaining({
      problems: [
        {
          code: 'unknown_method',
          message: 'There is no method "a"',
          token: 'a',
          hint: `${file} has no default export made with \`defineMethod\`.`,
        },
      ],
    }),
  );
});

test('who asks for a method that is nowhere is told which directories are not there', () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const hint = `There is no directory ${project.path('absent')} to find methods in. There is no directory ${project.engineDirectory}/methods to find methods in. The methods are: a.`;
  expect(() => find(project).named('frobnicate')).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ hint })] }),
  );
});

test('a file that becomes a method is noticed', () => {
  using project = new CodeProject({ 'methods/a.ts': 'export const a = 1;' });
  expect(find(project).all()).toEqual([]);
  project.write({ 'methods/a.ts': methodText('1'), 'methods/new.ts': methodText('2') });
  expect(find(project).all()).toHaveLength(2);
});
