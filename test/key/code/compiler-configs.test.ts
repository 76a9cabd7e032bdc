import { mkdirSync, symlinkSync } from 'node:fs';

import { expect, test } from 'vitest';

import { CodeProject, methodText, runBundle } from '../code-project.ts';

function aliasTo(target: string): string {
  return JSON.stringify({ compilerOptions: { paths: { '@/*': [`./${target}/*`] } } });
}

test('a path alias of tsconfig.json is followed, and changing it changes the code', async () => {
  using project = new CodeProject({
    'methods/p.ts': methodText('value', "import { value } from '@/value.ts';"),
    'one/value.ts': 'export const value = 1;',
    'two/value.ts': 'export const value = 2;',
    'base.json': aliasTo('one'),
    'tsconfig.json': '{ "extends": "./base.json" }',
  });
  expect(await runBundle((await project.method('p')).code.bundle)).toBe(1);
  project.write({ 'base.json': aliasTo('two') });
  expect(await runBundle((await project.method('p')).code.bundle)).toBe(2);
});

const LIB = (...targets: string[]): string =>
  `{
    // Two places, and a comma too many.
    "compilerOptions": { "paths": { "@lib/*": ${JSON.stringify(targets)}, }, },
  }`;

test.each<[string, Record<string, string>, string, string]>([
  ['a file', { 'tsconfig.json': LIB('./a/*', './b/*') }, '@lib/v', 'a/v.ts'],
  ['a file named in full', { 'tsconfig.json': LIB('./a/*', './b/*') }, '@lib/v.ts', 'a/v.ts'],
  ['a directory', { 'tsconfig.json': LIB('./a/*', './b/*') }, '@lib/v', 'a/v/index.ts'],
  ['a package', { 'tsconfig.json': LIB('./a/*', './b/*') }, '@lib/v', 'a/v/package.json'],
  [
    'a place that a base names',
    { 'tsconfig.json': '{ "extends": "./etc/base" }', 'etc/base.json': LIB('../a/*', '../b/*') },
    '@lib/v',
    'a/v.js',
  ],
  [
    'a place below the base URL',
    {
      'tsconfig.json':
        '{ "compilerOptions": { "baseUrl": "./a", "paths": { "v": ["v", "../b/v"] } } }',
    },
    'v',
    'a/v.ts',
  ],
  [
    'the base URL before a workspace package',
    {
      'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./a" } }',
      'b/package.json': '{ "name": "linked", "main": "v.ts" }',
    },
    'linked',
    'a/linked.ts',
  ],
  ['a jsconfig.json', { 'methods/jsconfig.json': LIB('../a/*', '../b/*') }, '@lib/v', 'a/v.ts'],
])(
  'a new file that shadows what an alias led to is found: %s',
  async (_what, files, specifier, path) => {
    using project = new CodeProject({
      'methods/p.ts': methodText('value', `import { value } from '${specifier}';`),
      'b/v.ts': 'export const value = 1;',
      ...files,
    });
    mkdirSync(project.path('node_modules'));
    symlinkSync('../b', project.path('node_modules/linked'));
    expect(await runBundle((await project.method('p')).code.bundle)).toBe(1);
    await project.method('p');
    expect(project.bundled).toHaveLength(1);
    project.write(
      path.endsWith('package.json')
        ? { [path]: '{ "main": "main.ts" }', 'a/v/main.ts': 'export const value = 2;' }
        : { [path]: 'export const value = 2;' },
    );
    expect(await runBundle((await project.method('p')).code.bundle)).toBe(2);
  },
);

test('a file without an ending where an alias may mean a directory is no source', async () => {
  using project = new CodeProject({
    'methods/p.ts': methodText('value', "import { value } from '@lib/v';"),
    'b/v.ts': 'export const value = 1;',
    'tsconfig.json': LIB('./a/*', './b/*'),
  });
  await project.method('p');
  project.write({ a: 'a file' });
  expect(await runBundle((await project.method('p')).code.bundle)).toBe(1);
});

function options(useDefineForClassFields: boolean): string {
  return JSON.stringify({ compilerOptions: { useDefineForClassFields } });
}

test.each([
  ['@tb/base/tsconfig.json', 'tsconfig.json', {}],
  ['@tb/base/tsconfig', 'tsconfig.json', {}],
  ['@tb/base', 'tsconfig.json', {}],
  ['@tb/base', 'strict/own.json', { tsconfig: 'strict/own.json' }],
  ['@tb/base/strict', 'own/strict.json', { exports: { './strict': './own/strict.json' } }],
  ['base', 'tsconfig.json', {}],
])('a base that a package has counts: %s, %s', async (base, path, more) => {
  const name = base.startsWith('@') ? '@tb/base' : base;
  const directory = `node_modules/${name}`;
  using project = new CodeProject({
    'methods/c.ts': methodText(
      "Object.hasOwn(new Plain(), 'field')",
      'class Plain { declare other: number; field?: number; }',
    ),
    'tsconfig.json': JSON.stringify({ extends: base }),
    [`${directory}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...more }),
    [`${directory}/${path}`]: options(true),
  });
  expect(await runBundle((await project.method('c')).code.bundle)).toBe(true);
  await project.method('c');
  expect(project.bundled).toHaveLength(1);
  project.write({ [`${directory}/${path}`]: options(false) });
  expect(await runBundle((await project.method('c')).code.bundle)).toBe(false);
});

test('a base of a base counts, also where a package has it', async () => {
  using project = new CodeProject({
    'methods/p.ts': methodText('value', "import { value } from '@lib/v';"),
    'b/v.ts': 'export const value = 1;',
    'c/v.ts': 'export const value = 3;',
    'tsconfig.json': '{ "extends": ["@tb/base/tsconfig.json"] }',
    'node_modules/@tb/base/package.json': '{ "name": "@tb/base", "version": "1.0.0" }',
    'node_modules/@tb/base/tsconfig.json': '{ "extends": "./more.json" }',
    'node_modules/@tb/base/more.json': LIB('${configDir}/a/*', '${configDir}/b/*'),
  });
  expect(await runBundle((await project.method('p')).code.bundle)).toBe(1);
  project.write({ 'a/v.ts': 'export const value = 2;' });
  expect(await runBundle((await project.method('p')).code.bundle)).toBe(2);
  project.write({ 'node_modules/@tb/base/more.json': LIB('${configDir}/c/*') });
  expect(await runBundle((await project.method('p')).code.bundle)).toBe(3);
});
