import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { checkConfig, checkPlaces } from '../../../src/cli/project/check-config.ts';
import { findRoot, loadProject, resolveConfig } from '../../../src/cli/project/project.ts';
import type { ProjectConfig } from '../../../src/model/config.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { unknownWorkdir } from '../../../src/model/unknown-workdir.ts';

const temporary: string[] = [];

afterEach(() => {
  for (const path of temporary.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A directory with these files. */
function directoryWith(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'acc-project-')));
  temporary.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

/** What is wrong with a configuration: `line:column message | hint`. */
function problemsOf(source: string, value: unknown): string[] {
  const root = directoryWith({ 'acc.config.ts': source });
  const file = join(root, 'acc.config.ts');
  try {
    checkPlaces(resolveConfig(checkConfig(value, file), root, file), file);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.problems.map(({ message, hint = '', where }) => {
      const text = message.replaceAll(`${root}/`, '').replaceAll(root, 'ROOT');
      return `${where?.line}:${where?.column} ${text} | ${hint}`;
    });
  }
  return [];
}

test('the root has acc.config.ts, else methods, else package.json, however far up', () => {
  const root = directoryWith({
    'acc.config.ts': '',
    'a/methods/m.ts': '',
    'a/b/package.json': '',
    'a/b/c/file': '',
  });
  const deep = join(root, 'a/b/c');
  expect(findRoot(deep)).toBe(root);
  rmSync(join(root, 'acc.config.ts'));
  expect(findRoot(deep)).toBe(join(root, 'a'));
  rmSync(join(root, 'a/methods'), { recursive: true });
  expect(findRoot(deep)).toBe(join(root, 'a/b'));
});

test('a project without configuration has the defaults', async () => {
  const root = directoryWith({ 'package.json': '{}' });
  expect(await loadProject({ cwd: root, projectDirectory: undefined })).toEqual({
    root,
    configFile: null,
    methodDirectories: [join(root, 'methods')],
    workdirs: { dev: join(root, 'workdirs/dev') },
    targetWorkdir: 'dev',
    slices: undefined,
    inputDirectory: root,
    resultDirectory: join(root, 'results'),
    cacheDirectory: join(root, '.acc'),
    concurrency: undefined,
  });
});

test('the target is the first workdir unless it is set', () => {
  const workdirs = { old: '/data/old', dev: 'dev' };
  expect(resolveConfig({ workdirs }, '/p', null)).toMatchObject({
    targetWorkdir: 'old',
    workdirs: { old: '/data/old', dev: '/p/dev' },
  });
  expect(resolveConfig({ workdirs, targetWorkdir: 'dev' }, '/p', null).targetWorkdir).toBe('dev');
});

test('--project must be a directory', async () => {
  const projectDirectory = '/no/such/place';
  await expect(loadProject({ cwd: '/', projectDirectory })).rejects.toThrow(
    'Expected --project to be a directory, but /no/such/place is none',
  );
});

test('a good configuration passes', () => {
  const config: ProjectConfig = {
    methods: ['methods', 'more'],
    workdirs: { dev: 'workdirs/dev', 'two-b': '/data/two' },
    targetWorkdir: 'two-b',
    slices: 4,
    inputDirectory: '.',
    resultDirectory: 'results',
    concurrency: 2,
  };
  expect(problemsOf('', config)).toEqual([]);
  expect(problemsOf('', {})).toEqual([]);
});

test('unknown fields and wrong types are told together, each where its name stands', () => {
  const source = `export default {\n  slics: 3,\n  concurrency: 'many',\n  methods: [],\n};\n`;
  expect(problemsOf(source, { slics: 3, concurrency: 'many', methods: [] })).toEqual([
    '2:3 acc.config.ts has an unknown field "slics" | Did you mean "slices"?',
    '3:3 Expected "concurrency" to be a whole number of at least 1, got "many" (string) | ',
    `4:3 Expected "methods" to be a list of paths, as ['methods'], got [] (array) | `,
  ]);
});

test('a file that exports nothing is told what to export', () => {
  expect(problemsOf('const a = 1;', undefined)).toEqual([
    '1:1 Expected acc.config.ts to have a default export that is an object, got nothing | Write `export default defineConfig({ … });`.',
  ]);
});

test('workdirs need names that can be told from job numbers, and a target among them', () => {
  const source = `export default {\n  workdirs: { 'dev-1': 'a', dev: 'b' },\n  targetWorkdir: 'dve',\n};\n`;
  expect(
    problemsOf(source, { workdirs: { 'dev-1': 'a', dev: 'b' }, targetWorkdir: 'dve' }),
  ).toEqual([
    '2:16 "dev-1" cannot name a workdir: expected letters, digits, "_", "." and "-", with no part that is a number | ',
    '3:3 "targetWorkdir" names the workdir "dve", but there are only: dev-1, dev | Did you mean "dev"?',
  ]);
});

test('directories must not lie in each other where one would damage the other', () => {
  const hint = 'Give each a directory of its own.';
  expect(problemsOf('', { workdirs: { dev: 'results/dev' } })).toEqual([
    `1:1 workdir "dev" (results/dev) must not lie in resultDirectory (results) | ${hint}`,
  ]);
  expect(problemsOf('', { workdirs: { a: 'w', b: 'w' } })).toEqual([
    `1:1 workdir "b" (w) must not lie in workdir "a" (w) | ${hint}`,
  ]);
  expect(problemsOf('', { resultDirectory: 'methods/out' })).toEqual([
    `1:1 resultDirectory (methods/out) must not lie in a methods directory (methods) | ${hint}`,
  ]);
  expect(problemsOf('', { workdirs: { dev: 'w' }, inputDirectory: 'w/in' })).toEqual([
    '1:1 inputDirectory (w/in) must not lie in workdir "dev" (w) | ',
  ]);
  const named = `export default {\n  resultDirectory: 'workdirs',\n};`;
  expect(problemsOf(named, { resultDirectory: 'workdirs' })).toEqual([
    `2:3 workdir "dev" (workdirs/dev) must not lie in resultDirectory (workdirs) | ${hint}`,
  ]);
  expect(problemsOf('', { workdirs: { dev: '.' } }).at(-2)).toBe(
    '1:1 the project (ROOT) must not lie in workdir "dev" (ROOT) | ',
  );
});

test('a workdir that is like none is answered with where workdirs are set', () => {
  const [problem] = unknownWorkdir('prod', ['dev']).problems;
  expect(problem?.hint).toBe('Workdirs are set by `workdirs` in acc.config.ts.');
  expect(unknownWorkdir('def', ['dev']).problems[0]?.hint).toBe('Did you mean "dev"?');
});
