import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const ENGINE = fileURLToPath(new URL('../../..', import.meta.url));
const MEANS = { Kiruna: -9.3, Lund: 1.8, Uppsala: -2, Visby: 1.3 };

test('what init makes runs without anything installed, and the second time reuses everything', async () => {
  await using place = await Project.create();
  const made = await place.acc('init', 'demo');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toContain('cd demo');
  const first = await place.start(['run', 'build.ts'], { cwd: 'demo' }).ended;
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^built 2, reused 0, failed 0 in [\d.]+s$/mu);
  const second = await place.start(['run'], { cwd: 'demo' }).ended;
  expect(second.stdout).toMatch(/^built 0, reused 2, failed 0 in [\d.]+s$/mu);
  expect(JSON.parse(await place.read('demo/results/mean-temperature.json'))).toEqual(MEANS);
});

test('what init makes type-checks, with the engine installed and without', async () => {
  await using place = await Project.create();
  await place.acc('init', 'demo');
  await place.start(['types'], { cwd: 'demo' }).ended;
  await typeCheck(place.path('demo'));
  await mkdir(place.path('demo/node_modules'), { recursive: true });
  await symlink(ENGINE, place.path('demo/node_modules/acc-engine'));
  await typeCheck(place.path('demo'));
});

test('what init makes type-checks where only what is packed, and what that depends on, is installed', async () => {
  await using place = await Project.create();
  await place.acc('init', 'demo');
  const modules = place.path('demo/node_modules');
  const engine = join(modules, 'acc-engine');
  for (const file of await packedFiles()) await cp(join(ENGINE, file), join(engine, file));
  const { dependencies } = JSON.parse(await readFile(join(engine, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  await mkdir(join(modules, '@types'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    await symlink(join(ENGINE, 'node_modules', name), join(modules, name));
  }
  const types = [join(engine, 'dist/acc.cjs'), 'types'];
  await promisify(execFile)(process.execPath, types, { cwd: place.path('demo') });
  expect(await place.read('demo/.acc/methods.d.ts')).not.toContain(ENGINE);
  await typeCheck(place.path('demo'));
});

test('a new project asks for the engine from where that came: a directory, a tarball, or a registry', async () => {
  await using place = await Project.create();
  await place.acc('init', 'demo');
  const directory = await engineOf(place, 'demo');
  expect(join(place.path('demo'), directory.replace('file:', ''), '/')).toBe(ENGINE);

  const engine = place.path('node_modules/acc-engine');
  for (const file of await packedFiles()) await cp(join(ENGINE, file), join(engine, file));
  const version = /"version": "(.+)"/u.exec(
    await place.read('node_modules/acc-engine/package.json'),
  );
  const origins = [
    ['a/b', 'file:packed/acc.tgz', 'file:../../packed/acc.tgz'],
    ['c', 'git+ssh://git@example.org/acc.git#0a1b', 'git+ssh://git@example.org/acc.git#0a1b'],
    ['d', 'https://example.org/acc-engine-0.1.0.tgz', version?.[1]],
    ['e', undefined, version?.[1]],
  ] as const;
  for (const [name, resolved, asked] of origins) {
    const lock = { packages: { 'node_modules/acc-engine': { resolved } } };
    await place.write({ 'node_modules/.package-lock.json': JSON.stringify(lock) });
    const init = [join(engine, 'dist/acc.cjs'), 'init', name];
    await promisify(execFile)(process.execPath, init, { cwd: place.directory });
    expect(await engineOf(place, name)).toBe(asked);
  }
});

test('the engine is asked for from where a new project really lies', async () => {
  await using place = await Project.create({ 'real/deep/er/notes.txt': '' });
  await symlink(place.path('real/deep/er'), place.path('link'));
  await place.acc('init', 'link/demo');
  const directory = await engineOf(place, 'link/demo');
  const real = place.path('real/deep/er/demo');
  expect(join(real, directory.replace('file:', ''), '/')).toBe(ENGINE);
});

test('a wrong option in the build script is a type error in what init makes', async () => {
  await using place = await Project.create();
  await place.acc('init', 'demo');
  await place.start(['types'], { cwd: 'demo' }).ended;
  await place.edit('demo/build.ts', '{ source: readings }', '{ source: readings, digitz: 2 }');
  await expect(typeCheck(place.path('demo'))).rejects.toMatchObject({
    stdout: expect.stringContaining('digitz') as string,
  });
});

test('a directory that is in use is refused, and never overwritten', async () => {
  await using place = await Project.create({ 'build.ts': '// mine\n', 'notes.txt': '' });
  const refused = await place.acc('init');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('holds build.ts, notes.txt\n');
  expect(refused.stderr).toContain('--force');
  const forced = await place.acc('init', '--force');
  expect(forced.code).toBe(0);
  expect(forced.stdout).toContain('kept   build.ts');
  expect(await place.read('build.ts')).toBe('// mine\n');
  expect(place.exists('methods/mean_temperature.ts')).toBe(true);
});

test('a package.json that was there is kept, and it is said how to add what it lacks', async () => {
  await using place = await Project.create({
    'package.json': '{ "name": "old", "type": "commonjs", "scripts": { "build": "make" } }',
    '.gitignore': 'node_modules\n',
  });
  const { code, stdout } = await place.acc('init');
  expect(code).toBe(0);
  expect(stdout).toContain('kept   package.json');
  const commands = stdout.match(/npm pkg set .*?(?= +#)/gu) ?? [];
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    await promisify(execFile)('sh', ['-c', command], { cwd: place.directory });
  }
  expect(JSON.parse(await place.read('package.json'))).toMatchObject({
    type: 'module',
    scripts: { build: 'make', check: 'acc types && tsc' },
    devDependencies: { typescript: '>=5.8', '@types/node': '^20.19.0' },
  });
  expect((await place.acc('init', '--force')).stdout).not.toContain('npm pkg set');
});

test('init where a file is in the way says so', async () => {
  await using place = await Project.create({ notes: '' });
  const atFile = await place.acc('init', 'notes');
  expect(atFile).toMatchObject({ code: 2, stdout: '' });
  expect(atFile.stderr).toContain('notes is a file');
  const below = await place.acc('init', 'notes/demo');
  expect(below).toMatchObject({ code: 3, stdout: '' });
  expect(below.stderr).toContain('a part of the path is not a directory');
});

test('the commands that init prints can be pasted into a shell', async () => {
  await using place = await Project.create();
  const { stdout } = await place.acc('init', "Ann's data");
  const [cd = ''] = /cd .*/u.exec(stdout) ?? [];
  const where = await promisify(execFile)('sh', ['-c', `${cd} && ls build.ts`], {
    cwd: place.directory,
  });
  expect(where.stdout).toBe('build.ts\n');
});

/** What the package.json of a project below `place` asks for. */
async function engineOf(place: Project, name: string): Promise<string> {
  const { dependencies } = JSON.parse(await place.read(`${name}/package.json`)) as {
    readonly dependencies: Readonly<Record<'acc-engine', string>>;
  };
  return dependencies['acc-engine'];
}

/** What `npm publish` would upload, relative to the package. */
async function packedFiles(): Promise<readonly string[]> {
  const call = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', call, { cwd: ENGINE });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return packed?.files.map(({ path }) => path) ?? [];
}

async function typeCheck(directory: string): Promise<void> {
  const compiler = join(ENGINE, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', directory]);
}
