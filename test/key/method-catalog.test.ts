import { readFileSync, rmSync, statSync } from 'node:fs';

import { expect, test } from 'vitest';

import { UsageError } from '../../src/model/errors.ts';
import { CodeProject, methodText, runBundle } from './code-project.ts';

test('a method is loaded with its shape and a bundle that runs', async () => {
  using project = new CodeProject({
    'methods/double.ts': methodText('twice(21)', "import { twice } from '../lib/twice.ts';"),
    'lib/twice.ts': 'export function twice(value: number): number { return value * 2; }',
  });
  const { code, shape } = await project.method('double');
  expect(shape.stages).toEqual(['synthesis']);
  expect(code).toMatchObject({ name: 'double', file: project.path('methods/double.ts') });
  expect(code.bundle).toBe(`${project.cacheDirectory}/bundles/${code.digest}.mjs`);
  expect(code.packages).toEqual({});
  expect(await runBundle(code.bundle)).toBe(42);
});

test('a bundle cannot be written to, because jobs share it, and is replaced when its map changes', async () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const { bundle } = (await project.method('a')).code;
  expect([modeOf(bundle), modeOf(`${bundle}.map`)]).toEqual([0o444, 0o444]);
  project.write({ 'methods/a.ts': `// Says one.\n${methodText('1')}` });
  expect((await project.method('a')).code.bundle).toBe(bundle);
  expect(readFileSync(`${bundle}.map`, 'utf8')).toContain('Says one.');
});

test('nothing is bundled or described again while nothing changes', async () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const first = await project.method('a');
  const catalog = project.catalog();
  expect(catalog.cached('a')).toEqual(first);
  expect(await project.method('a')).toEqual(first);
  expect(project.bundled).toEqual([['methods/a.ts']]);
  expect(project.described).toEqual(['a']);
});

test('what is asked for in one turn, and what was used before, is bundled in one call', async () => {
  using project = new CodeProject({
    'methods/a.ts': methodText('help()', "import { help } from '../lib/help.ts';"),
    'methods/b.ts': methodText('help() + 1', "import { help } from '../lib/help.ts';"),
    'methods/c.ts': methodText('3'),
    'lib/help.ts': 'export const help = () => 1;',
  });
  const catalog = project.catalog();
  await Promise.all([catalog.load(['a']), catalog.load(['b']), catalog.load(['a'])]);
  expect(project.bundled).toEqual([['methods/a.ts', 'methods/b.ts']]);

  project.write({ 'lib/help.ts': 'export const help = () => 2;' });
  await project.method('a');
  expect(project.bundled.slice(1)).toEqual([['methods/a.ts', 'methods/b.ts']]);
  const next = project.catalog();
  await next.load(['b']);
  expect(project.bundled).toHaveLength(2);
});

test('a file that is saved without a change starts the bundler but describes nothing', async () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const first = await project.digest('a');
  project.write({ 'methods/a.ts': methodText('1') });
  expect(await project.digest('a')).toBe(first);
  expect(project.bundled).toHaveLength(2);
  expect(project.described).toEqual(['a']);
});

test('a new file beside a method does not make it stale unless it is a source', async () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  await project.method('a');
  project.write({ 'methods/.a.ts.swp': '', 'methods/notes.md': 'notes' });
  await project.method('a');
  expect(project.bundled).toHaveLength(1);
});

test('a file that comes in the way of an import makes the method stale', async () => {
  using project = new CodeProject({
    'methods/a.ts': methodText('value', "import { value } from '../lib/value';"),
    'lib/value/index.ts': 'export const value = "far";',
    'lib/other.ts': '',
  });
  const { code } = await project.method('a');
  expect(await runBundle(code.bundle)).toBe('far');
  project.write({ 'lib/value.ts': 'export const value = "near";' });
  expect(await runBundle((await project.method('a')).code.bundle)).toBe('near');
});

test('a cache that was deleted in part or damaged is made again', async () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const { code } = await project.method('a');
  rmSync(code.bundle);
  expect(await project.method('a')).toMatchObject({ code });
  expect(readFileSync(code.bundle, 'utf8')).toContain('synthesis');
  project.write({ '.acc/methods.json': '{"format":' });
  expect(await project.method('a')).toMatchObject({ code });
  expect(project.bundled).toHaveLength(3);
});

test('a broken method breaks only itself and is told with its place', async () => {
  using project = new CodeProject({
    'methods/good.ts': methodText('1'),
    'methods/bad.ts': `${methodText('1')}const = 3;\n`,
    'methods/lost.ts': methodText('x', "import { x } from './nowhere.ts';"),
    'methods/missing.ts': methodText('x', "import x from 'no-such-package';"),
    'methods/through.ts': methodText('x', "import { x } from '../lib/broken.ts';"),
    'lib/broken.ts': 'export const x = (;',
  });
  const names = ['good', 'bad', 'lost', 'missing', 'through'];
  const loaded = await project.catalog().load(names);
  expect(names.map((name) => loaded.get(name)?.ok)).toEqual([true, false, false, false, false]);
  const where = Object.fromEntries(
    [...loaded].map(([name, method]) => {
      const problem = method.ok ? undefined : method.error.problems[0];
      return [
        name,
        problem && `${problem.where?.file.slice(project.root.length)}:${problem.where?.line}`,
      ];
    }),
  );
  expect(where).toEqual({
    good: undefined,
    bad: '/methods/bad.ts:4',
    lost: '/methods/lost.ts:2',
    missing: '/methods/missing.ts:2',
    through: '/lib/broken.ts:1',
  });
  const { lost, missing } = Object.fromEntries(loaded);
  expect([lost, missing].map((method) => method?.ok === false && method.error.message)).toEqual([
    'There is no file "./nowhere.ts" to import',
    'There is no package "no-such-package" to import',
  ]);
});

test('a helper that breaks later is blamed on the methods that use it, and the others still load', async () => {
  using project = new CodeProject({
    'methods/a.ts': methodText('x', "import { x } from '../lib/x.ts';"),
    'methods/b.ts': methodText('2'),
    'lib/x.ts': 'export const x = 1;',
  });
  await project.catalog().load(['a', 'b']);
  project.write({ 'lib/x.ts': 'export const y = 1;', 'methods/b.ts': methodText('3') });
  const loaded = await project.catalog().load(['a', 'b']);
  expect(loaded.get('a')).toMatchObject({
    ok: false,
    error: { message: 'No matching export in "lib/x.ts" for import "x"' },
  });
  expect(loaded.get('b')?.ok).toBe(true);
  project.write({ 'lib/x.ts': 'export const x = 1;' });
  expect((await project.load('a')).ok).toBe(true);
});

test('an exception while a method is loaded is told with the line of the source', async () => {
  using project = new CodeProject({
    'methods/a.ts': methodText('1', "import { check } from '../lib/check.ts';\n\ncheck();"),
    'lib/check.ts': "export function check(): void {\n  throw new RangeError('too far');\n}\n",
  });
  const loaded = await project.load('a');
  expect(!loaded.ok && loaded.error.problems).toEqual([
    {
      code: 'invalid_method',
      message: 'Method "a" cannot be loaded: RangeError: too far',
      where: { file: project.path('lib/check.ts'), line: 2, column: 9, length: 1 },
    },
  ]);
});

test('an unknown name is refused with the nearest one', async () => {
  using project = new CodeProject({ 'methods/delays.ts': methodText('1') });
  const catalog = project.catalog();
  await expect(catalog.load(['dealys'])).rejects.toThrow(UsageError);
  await expect(catalog.load(['dealys'])).rejects.toMatchObject({
    problems: [{ code: 'unknown_method', token: 'dealys', hint: 'Did you mean "delays"?' }],
  });
});

test('bundles find the engine through a link, which follows the engine', async () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const { code } = await project.method('a');
  project.move();
  const moved = await project.method('a');
  expect(moved.code.digest).toBe(code.digest);
  expect(await runBundle(moved.code.bundle)).toBe(1);
});

/** The permission bits of a file. */
function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
