import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

import { COMMANDS } from '../../src/cli/commands.ts';
import { Project } from '../rig/project.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

test('help lists every command, and every command has its own', async () => {
  await using project = await Project.create();
  const { code, stdout, stderr } = await project.acc('--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { name, summary } of COMMANDS) {
    expect(stdout).toMatch(new RegExp(`^ +acc ${name}\\b.*`, 'mu'));
    expect(stdout).toContain(summary);
  }
  const help = await project.acc('run', '--help');
  expect(help.code).toBe(0);
  for (const flag of ['--workdir', '--force', '--dry-run', '--project', '--version']) {
    expect(help.stdout).toContain(flag);
  }
});

test('the version is that of the package', async () => {
  await using project = await Project.create();
  expect(await project.acc('--version')).toMatchObject({
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
  expect((await project.acc('jobs', '--version')).stdout).toBe(`${version}\n`);
});

test('acc alone shows what there is and ends with 2', async () => {
  await using project = await Project.create();
  const { code, stdout, stderr } = await project.acc();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('acc run');
});

test.each([
  [['rnu'], 'acc has no command "rnu"', 'Did you mean "acc run"?'],
  [['build.ts'], 'acc has no command "build.ts"', 'To run a build script: acc run build.ts'],
  [['run', '--dryrun'], 'acc run has no flag --dryrun', 'Did you mean --dry-run?'],
  [['jobs', '--state', 'finshed'], 'Expected --state to be one of', 'Did you mean "finished"?'],
  [['run', 'bulid.ts'], 'There is no build script bulid.ts', 'Did you mean "build.ts"?'],
  [['run', 'build'], 'There is no build script build', 'Did you mean "build.ts"?'],
  [['run', '--workdir', 'dve'], 'There is no workdir "dve"', 'Did you mean "dev"?'],
  [['run', '--force', 'csvimprt'], 'csvimprt', 'csvimport'],
  [['job', 'dev-7'], 'There is no job dev-7', 'no workdir yet'],
  [['method', 'csvimprt'], 'csvimprt', 'csvimport'],
  [['--json'], 'acc does not understand "--json" without a command', 'acc --help'],
] as const)('acc %j is answered with what is wrong and what to do', async (args, ...texts) => {
  await using project = await Project.create({ 'build.ts': 'export default () => {};\n' });
  const { code, stdout, stderr } = await project.acc(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  for (const part of texts) expect(stderr).toContain(part);
  expect(stderr).not.toContain('    at ');
});

test('a mistake in acc.config.ts is shown in its place', async () => {
  await using project = await Project.create({
    'acc.config.ts': `import { defineConfig } from 'acc-engine';\n\nexport default defineConfig({\n  slics: 4,\n});\n`,
  });
  const { code, stderr } = await project.acc('workdir');
  expect(code).toBe(2);
  expect(stderr).toBe(
    [
      'acc.config.ts:4:3  acc.config.ts has an unknown field "slics"',
      '    slics: 4,',
      '    ~~~~~',
      '    Did you mean "slices"?',
      '',
    ].join('\n'),
  );
});

test('acc.config.ts decides where jobs go', async () => {
  await using project = await Project.create({
    'acc.config.ts': `export default { workdirs: { first: 'w/first', second: 'w/second' }, slices: 3 };\n`,
    'build.ts': 'export default () => {};\n',
  });
  expect(await project.acc('run')).toMatchObject({ code: 0, stderr: '' });
  const { stdout } = await project.acc('workdir', '--json');
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'first', isTarget: true, slices: 3 },
    { name: 'second', isTarget: false, slices: null },
  ]);
});

test('the project is found from below, and --project says where another one is', async () => {
  await using project = await Project.create({ 'methods/.keep': '', 'a/b/file': '' });
  await using other = await Project.create();
  const path = async (cwd: string, ...args: string[]): Promise<unknown> => {
    const { stdout } = await project.start([...args, 'workdir', '--json'], { cwd }).ended;
    return (JSON.parse(stdout) as { path: string }[])[0]?.path;
  };
  expect(await path('a/b')).toBe(project.path('workdirs/dev'));
  expect(await path('a/b', '--project', other.directory)).toBe(other.path('workdirs/dev'));
});

test('without a project acc says what it looked for', async () => {
  await using project = await Project.create();
  const { code, stderr } = await project.start(['status', '--project', 'nowhere']).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('Expected --project to be a directory');
});

test("the machine's fault ends with 3 and one sentence", async () => {
  await using project = await Project.create({
    workdirs: 'a file where a directory should be',
    'build.ts': 'export default () => {};\n',
  });
  const { code, stderr } = await project.acc('run');
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error {2}Cannot \w+ workdirs\/dev/u);
  expect(stderr).not.toContain('    at ');
});

test('a reader that goes away ends acc without a word', async () => {
  await using project = await Project.create();
  const { child } = project.start(['--help']);
  child.stdout?.destroy();
  const [stderr] = await Promise.all([
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close'),
  ]);
  expect(stderr).toBe('');
});

test('colours are used only where they are wanted', async () => {
  await using project = await Project.create();
  const run = async (env: Record<string, string>): Promise<string> =>
    (await project.start(['nope'], { env }).ended).stderr;
  expect(await run({})).not.toContain('\u001B');
  expect(await run({ FORCE_COLOR: '1' })).toContain('\u001B[31merror');
  const both = await run({ FORCE_COLOR: '1', NO_COLOR: '1' });
  expect(both).toContain('\u001B[31merror');
  expect(both).not.toContain('Warning');
});
