import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { expect, test } from 'vitest';

import { CodeProject, methodText, runBundle } from '../code-project.ts';

const FILES = {
  'methods/m.ts': `import { defineMethod } from 'acc-engine';
import { middle } from '../lib/middle.ts';

/** Counts. */
export default defineMethod({
  synthesis(): number {
    const first: number = middle(1);
    return first + 1;
  },
});
`,
  'lib/middle.ts': `import { deep } from './deep.ts';

export function middle(value: number): number {
  return deep(value) * 2; // doubles
}

export function unused(value: number): number {
  return value;
}
`,
  'lib/deep.ts': `export const deep = (value: number): number => value + 10;
export const neverCalled = (): string => 'never';
`,
};

/** Loads `m`, makes the edit, and tells whether the digest is still the same. */
async function sameAfter(edit: (project: CodeProject) => void): Promise<boolean> {
  using project = new CodeProject(FILES);
  const before = await project.digest('m');
  edit(project);
  const after = await project.digest('m');
  // A changed file must have been noticed, or the digest proves nothing.
  expect(project.bundled).toHaveLength(2);
  return before === after;
}

function replace(name: keyof typeof FILES, from: string, to: string): Promise<boolean> {
  expect(FILES[name]).toContain(from);
  return sameAfter((project) => project.write({ [name]: FILES[name].replace(from, to) }));
}

test.each<[string, keyof typeof FILES, string, string]>([
  ['a comment', 'methods/m.ts', '/** Counts. */', '/** Counts all. */ // really'],
  ['a comment in a helper', 'lib/middle.ts', '// doubles', '/* twice */'],
  ['layout', 'methods/m.ts', '    return first + 1;', '\n\n\treturn first +\n 1'],
  ['a type annotation', 'methods/m.ts', 'first: number', 'first'],
  ['quotes', 'methods/m.ts', "'acc-engine'", '"acc-engine"'],
  ['an unused export of a helper', 'lib/middle.ts', 'return value;', 'return value + 3;'],
  ['an unused export two imports away', 'lib/deep.ts', "'never'", "'ever'"],
])('a change of %s keeps the digest', async (_what, file, from, to) => {
  expect(await replace(file, from, to)).toBe(true);
});

test.each<[string, keyof typeof FILES, string, string]>([
  ['the method', 'methods/m.ts', 'first + 1', 'first + 2'],
  ['a used helper', 'lib/middle.ts', '* 2', '* 3'],
  ['a used helper two imports away', 'lib/deep.ts', '+ 10', '+ 11'],
  [
    'the name of a local',
    'lib/middle.ts',
    'middle(value: number): number {\n  return deep(value)',
    'middle(other: number): number {\n  return deep(other)',
  ],
])('a change of %s changes the digest', async (_what, file, from, to) => {
  expect(await replace(file, from, to)).toBe(false);
});

test('moving the project changes no digest', async () => {
  using project = new CodeProject({
    ...FILES,
    'methods/c.ts': methodText('c.value', "import c from '../lib/old.cjs';"),
    'lib/old.cjs': 'module.exports = { value: 1 };',
  });
  const before = [await project.digest('m'), await project.digest('c')];
  project.move();
  expect([await project.digest('m'), await project.digest('c')]).toEqual(before);
});

test('the bundle is exactly what is hashed, and its map holds the sources', async () => {
  using project = new CodeProject(FILES);
  const { code } = await project.method('m');
  const map = JSON.parse(readFileSync(`${code.bundle}.map`, 'utf8')) as Record<string, unknown>;
  expect(map).toMatchObject({
    version: 3,
    sources: ['methods/m.ts', 'lib/deep.ts', 'lib/middle.ts'],
    sourcesContent: [FILES['methods/m.ts'], FILES['lib/deep.ts'], FILES['lib/middle.ts']],
  });
  expect(new URL(String(map['sourceRoot'])).pathname).toBe(encodeURI(`${project.root}/`));
  expect(await runBundle(code.bundle)).toBe(23);
});

test('a comment edit brings the map up to date', async () => {
  using project = new CodeProject(FILES);
  const { code } = await project.method('m');
  project.write({ 'lib/deep.ts': `// moved down\n${FILES['lib/deep.ts']}` });
  await project.method('m');
  expect(readFileSync(`${code.bundle}.map`, 'utf8')).toContain('moved down');
});

test('JSON and text files that are imported are part of the code', async () => {
  using project = new CodeProject({
    'methods/j.ts': methodText(
      '[table.rows, query.trim()]',
      "import table from '../data/table.json';\nimport query from '../data/query.sql';",
    ),
    'data/table.json': '{ "rows": 3 }',
    'data/query.sql': 'SELECT 1\n',
  });
  const { code } = await project.method('j');
  expect(await runBundle(code.bundle)).toEqual([3, 'SELECT 1']);
  project.write({ 'data/table.json': '{"rows":3}' });
  expect(await project.digest('j')).toBe(code.digest);
  project.write({ 'data/query.sql': 'SELECT 2\n' });
  expect(await project.digest('j')).not.toBe(code.digest);
});

test('import.meta is that of the source, wherever the project lies', async () => {
  using project = new CodeProject({
    'methods/where.ts': methodText('here()', "import { here } from '../lib/here it is.ts';"),
    'lib/here it is.ts': `export function here(): unknown {
  return [import.meta.url, import.meta.dirname, import.meta.filename, import.meta.resolve('./x.csv')];
}
`,
  });
  const expected = (): unknown => {
    const url = new URL(`file://${project.root}/lib/`).href;
    const lib = project.path('lib');
    return [`${url}here%20it%20is.ts`, lib, `${lib}/here it is.ts`, `${url}x.csv`];
  };
  const first = await project.method('where');
  expect(await runBundle(first.code.bundle)).toEqual(expected());
  project.move();
  const second = await project.method('where');
  expect(second.code.digest).toBe(first.code.digest);
  expect(await runBundle(second.code.bundle)).toEqual(expected());
});

test('an old-style helper may require', async () => {
  using project = new CodeProject({
    'methods/r.ts': methodText('sep()', "import sep from '../lib/sep.cjs';"),
    'lib/sep.cjs': "module.exports = () => require('node:path').sep;",
  });
  expect(await runBundle((await project.method('r')).code.bundle)).toBe('/');
});

test('a file that is edited while it is bundled is bundled again', async () => {
  using project = new CodeProject(FILES);
  project.afterBundling = () => {
    project.write({ 'lib/deep.ts': FILES['lib/deep.ts'].replace('10', '20') });
  };
  const first = await project.method('m');
  expect(await runBundle(first.code.bundle)).toBe(23);
  const second = await project.method('m');
  expect(await runBundle(second.code.bundle)).toBe(43);
});

test.each([
  ['directory', 'lib', 'link/value.ts', 'link', '../one', '../two'],
  ['file', 'lib', 'link.ts', 'link.ts', '../one/value.ts', '../two/value.ts'],
  ['method', 'methods', 'value.ts', 'm.ts', '../one/method.ts', '../two/method.ts'],
])(
  'a %s that is a link and leads elsewhere is another',
  async (_what, directory, path, link, one, two) => {
    using project = new CodeProject({
      ...(directory === 'lib'
        ? { 'methods/m.ts': methodText('value', `import { value } from '../lib/${path}';`) }
        : { 'methods/other.ts': '' }),
      'one/value.ts': 'export const value = 1;',
      'two/value.ts': 'export const value = 2;',
      'one/method.ts': methodText('1'),
      'two/method.ts': methodText('2'),
      'lib/other.ts': '',
    });
    symlinkSync(one, project.path(`${directory}/${link}`));
    expect(await runBundle((await project.method('m')).code.bundle)).toBe(1);
    project.remove(`${directory}/${link}`);
    symlinkSync(two, project.path(`${directory}/${link}`));
    expect(await runBundle((await project.method('m')).code.bundle)).toBe(2);
  },
);

/** Installs a package of one function that gives its own version. */
function install(project: CodeProject, name: string, version: string, more: object = {}): void {
  const directory = `node_modules/${name}`;
  project.write({
    [`${directory}/package.json`]: JSON.stringify({
      name,
      version,
      type: 'module',
      main: 'index.js',
      ...more,
    }),
    [`${directory}/index.js`]: `export const version = () => '${version}';\n`,
  });
}

const USES_TABLE = methodText('version()', "import { version } from 'table';");

test('a package stays outside and counts by its version and those it depends on', async () => {
  using project = new CodeProject({ 'methods/t.ts': USES_TABLE });
  install(project, 'table', '1.0.0', { dependencies: { cells: '*', absent: '*' } });
  install(project, 'cells', '4.0.0', { peerDependencies: { table: '*', 'acc-engine': '*' } });
  const first = await project.method('t');
  expect(first.code.packages).toEqual({ cells: '4.0.0', table: '1.0.0' });
  expect(readFileSync(first.code.bundle, 'utf8')).toContain('from"table"');
  expect(await runBundle(first.code.bundle)).toBe('1.0.0');

  install(project, 'cells', '4.0.1', { peerDependencies: { table: '*' } });
  const second = await project.method('t');
  expect(second.code.packages).toEqual({ cells: '4.0.1', table: '1.0.0' });
  expect(second.code.digest).not.toBe(first.code.digest);
});

test('types, and what only installs, are no code that runs, and neither is what only they bring', async () => {
  using project = new CodeProject({ 'methods/t.ts': USES_TABLE });
  const dependencies = { '@types/cells': '*', 'prebuild-install': '*', bindings: '*' };
  install(project, 'table', '1.0.0', { dependencies });
  install(project, '@types/cells', '4.0.0', { dependencies: { 'cell-types': '*' } });
  install(project, 'cell-types', '8.9.0');
  install(project, 'prebuild-install', '7.1.1', { dependencies: { tar: '*' } });
  install(project, 'tar', '2.0.0');
  install(project, 'bindings', '1.5.0');
  const first = await project.method('t');
  expect(first.code.packages).toEqual({ bindings: '1.5.0', table: '1.0.0' });

  install(project, '@types/cells', '4.0.1', { dependencies: { 'cell-types': '*' } });
  expect((await project.method('t')).code.digest).toBe(first.code.digest);
});

test('the package that queries over datasets are carried out by counts where they are used', async () => {
  using project = new CodeProject({
    '../engine/index.js':
      'export const defineMethod = (method) => method;\nexport const queryDatasets = () => 1;\n',
    'methods/q.ts': methodText('queryDatasets()', "import { queryDatasets } from 'acc-engine';"),
    'methods/plain.ts': methodText('1', "import { queryDatasets } from 'acc-engine';"),
  });
  const { version } = createRequire(import.meta.url)('nodejs-polars/package.json') as {
    readonly version: string;
  };
  const { packages } = (await project.method('q')).code;
  expect(packages['nodejs-polars']?.split(' ')[0]).toBe(version);
  expect((await project.method('plain')).code.packages).toEqual({});
});

function lock(integrity: string): Record<string, string> {
  const packages = { 'node_modules/table': { version: '1.0.0', integrity } };
  return { 'node_modules/.package-lock.json': JSON.stringify({ packages }) };
}

test('what the lock file says of a package counts where it knows the package', async () => {
  using project = new CodeProject({ 'methods/t.ts': USES_TABLE });
  install(project, 'table', '1.0.0');
  project.write(lock('sha512-one'));
  const first = await project.method('t');
  expect(first.code.packages['table']).toMatch(/^1\.0\.0 #[0-9a-f]{12}$/);
  project.write(lock('sha512-two'));
  expect(await project.digest('t')).not.toBe(first.code.digest);
});

test('a package that nothing is used of is not counted if it declares no side effects', async () => {
  using project = new CodeProject({
    'methods/t.ts': methodText('value', "import { value } from '../lib/value.ts';"),
    'lib/value.ts': `import { version } from 'pure';
import { version as other } from 'table';
export const value = 1;
export const unused = () => version() + other();
`,
  });
  install(project, 'pure', '1.0.0', { sideEffects: false });
  install(project, 'table', '1.0.0');
  expect((await project.method('t')).code.packages).toEqual({ table: '1.0.0' });
});

test('a linked workspace package is own source', async () => {
  using project = new CodeProject({
    'methods/w.ts': methodText('linked()', "import { linked } from 'linked';"),
    'packages/linked/package.json': '{ "name": "linked", "version": "1.0.0", "main": "main.ts" }',
    'packages/linked/main.ts': 'export const linked = (): number => 1;\nexport const unused = 1;',
  });
  mkdirSync(project.path('node_modules'));
  symlinkSync('../packages/linked', project.path('node_modules/linked'));
  const { code } = await project.method('w');
  expect(code.packages).toEqual({});
  expect(await runBundle(code.bundle)).toBe(1);
  project.write({
    'packages/linked/main.ts': 'export const linked = (): number => 1;\nexport const unused = 2;',
  });
  expect(await project.digest('w')).toBe(code.digest);
  project.write({ 'packages/linked/main.ts': 'export const linked = (): number => 2;' });
  expect(await runBundle((await project.method('w')).code.bundle)).toBe(2);
});

test('two versions of a package, each seen from its own place, both run', async () => {
  using project = new CodeProject({
    'methods/v.ts': methodText(
      '[version(), inner()]',
      "import { version } from 'table';\nimport { inner } from '../part/inner.ts';",
    ),
    'part/inner.ts': "import { version } from 'table';\nexport const inner = () => version();",
  });
  install(project, 'table', '1.0.0');
  const [text, index] = ['package.json', 'index.js'].map((name) =>
    readFileSync(project.path(`node_modules/table/${name}`), 'utf8').replaceAll('1.0.0', '2.0.0'),
  );
  project.write({
    'part/node_modules/table/package.json': text ?? '',
    'part/node_modules/table/index.js': index ?? '',
  });
  const { code } = await project.method('v');
  expect(code.packages).toEqual({ table: '1.0.0, 2.0.0' });
  expect(await runBundle(code.bundle)).toEqual(['1.0.0', '2.0.0']);
  expect(dirname(code.bundle)).toBe(`${project.cacheDirectory}/bundles`);
});

test('a package that is installed nearer than the one in use makes the code stale', async () => {
  using project = new CodeProject({ 'methods/t.ts': USES_TABLE });
  install(project, 'table', '1.0.0');
  await project.method('t');
  project.write({
    'methods/node_modules/table/package.json': '{"name":"table","version":"3.0.0","main":"i.cjs"}',
    'methods/node_modules/table/i.cjs': "exports.version = () => '3.0.0';",
  });
  expect((await project.method('t')).code.packages).toEqual({ table: '3.0.0' });
});
