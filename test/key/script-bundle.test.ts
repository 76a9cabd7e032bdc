import { expect, test } from 'vitest';

import { bundleScript } from '../../src/key/script-bundle.ts';
import type { ScriptBundle } from '../../src/key/script-bundle.ts';
import { CodeProject, importDefault } from './code-project.ts';

/** Bundles a script as a new run does. */
function bundle(
  project: CodeProject,
  name: string,
  kind: 'script' | 'configuration' = 'script',
): Promise<ScriptBundle> {
  const { root: projectDirectory, cacheDirectory, engineDirectory, loadBundler } = project;
  const file = project.path(name);
  const place = { projectDirectory, cacheDirectory, engineDirectory, engineVersion: '1.0.0' };
  return bundleScript({ file, kind, loadBundler, ...place });
}

test('a script runs from its bundle and is bundled again only after a change', async () => {
  using project = new CodeProject({
    'build.ts': "import { name } from './names.ts';\nexport default (): string => name;\n",
    'names.ts': "export const name: string = 'first';",
  });
  const first = await bundle(project, 'build.ts');
  expect(first.file).toBe(project.path('build.ts'));
  expect(await run(first)).toBe('first');
  expect(await bundle(project, 'build.ts')).toEqual(first);
  expect(project.bundled).toHaveLength(1);

  project.write({ 'names.ts': "export const name: string = 'second';" });
  expect(await run(await bundle(project, 'build.ts'))).toBe('second');
});

test('several scripts are remembered side by side', async () => {
  using project = new CodeProject({
    'a.ts': "export default (): string => 'a';",
    'b.ts': "export default (): string => 'b';",
  });
  await bundle(project, 'a.ts');
  await bundle(project, 'b.ts');
  expect(await run(await bundle(project, 'a.ts'))).toBe('a');
  expect(project.bundled).toHaveLength(2);
});

test('a script imports the running engine', async () => {
  using project = new CodeProject({
    'build.ts': "import { defineMethod } from 'acc-engine';\nexport default () => defineMethod(3);",
  });
  expect(await run(await bundle(project, 'build.ts'))).toBe(3);
});

test('a configuration is read without loading the engine', async () => {
  using project = new CodeProject({
    'acc.config.ts':
      "import { defineConfig } from 'acc-engine';\nexport default defineConfig({ slices: 3 });",
    '../engine/index.js': "throw new Error('loaded');",
  });
  const { bundle: path } = await bundle(project, 'acc.config.ts', 'configuration');
  expect(await importDefault(path)).toEqual({ slices: 3 });
});

test('a script that cannot be bundled is refused with the place', async () => {
  using project = new CodeProject({ 'build.ts': 'export default (): void => {\n  const = 1;\n};' });
  await expect(bundle(project, 'build.ts')).rejects.toMatchObject({
    name: 'UsageError',
    problems: [
      {
        code: 'cannot_bundle',
        message: 'Syntax error: expected identifier but found "="',
        where: { file: project.path('build.ts'), line: 2, column: 9, length: 1 },
      },
    ],
  });
});

async function run(script: ScriptBundle): Promise<unknown> {
  const main = (await importDefault(script.bundle)) as () => unknown;
  return main();
}
