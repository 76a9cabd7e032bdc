// What a run prints: lines for people, JSON for programs and nothing else, output of stages as it comes.

import { expect, test } from 'vitest';

import type { Event } from '../../src/model/event.ts';
import { Project } from '../rig/project.ts';
import { run, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/talk.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number().default(1) },
  analysis({ sliceno }) {
    if (sliceno === 1) console.log('slice one');
  },
  synthesis({ options }) {
    if (options.n < 0) throw new Error('negative');
    return options.n;
  },
});
`,
  'build.ts': script(
    "console.log('hello from the script');",
    "await urd.build('talk', {}, { name: 'first' });",
    "await urd.build('talk', { n: -1 }).catch(() => {});",
    "urd.warn('mind the gap');",
  ),
};

test('a line per build, warnings and the sum at the end', async () => {
  await using project = await Project.create(FILES);
  const first = await project.acc('run');
  expect(first.code).toBe(1);
  expect(withoutTimes(first.stdout, project)).toMatchInlineSnapshot(`
    "hello from the script
    dev-0 talk/1 | slice one
    dev-0   talk          built    TIME  as first
    dev-1 talk/1 | slice one
    dev-1   talk          failed   TIME
      dev-1 (talk) failed in synthesis: Error: negative
          at synthesis (PROJECT/methods/talk.ts:8:30)
    warning  mind the gap
    built 1, reused 0, failed 1 in TIME
    "
  `);
  expect(first.stderr).toBe('');
  const second = await project.acc('run', '--quiet');
  expect(withoutTimes(second.stdout, project)).toMatchInlineSnapshot(`
    "hello from the script
    dev-2   talk          failed   TIME
        ran because option n 1 → -1
      dev-2 (talk) failed in synthesis: Error: negative
          at synthesis (PROJECT/methods/talk.ts:8:30)
    warning  mind the gap
    built 0, reused 1, failed 1 in TIME
    "
  `);
});

test('with --json stdout holds one event a line and nothing else, whatever the script prints', async () => {
  await using project = await Project.create(FILES);
  const { stdout, stderr, code } = await project.acc('run', '--json');
  expect(code).toBe(1);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  expect(events[0]).toEqual({
    type: 'run_started',
    run: 1,
    script: 'build.ts',
    workdir: 'dev',
    dryRun: false,
    methods: ['talk'],
  });
  expect(events.at(-1)).toMatchObject({
    type: 'run_ended',
    built: 1,
    failed: 1,
    reused: 0,
    skipped: 0,
    exitCode: 1,
  });
  const ofFirst = events.filter((event) => 'job' in event && event.job === 'dev-0');
  expect(ofFirst.map(({ type }) => type).filter((type) => type !== 'job_progress')).toEqual([
    'job_started',
    'stage_started',
    'job_output',
    'stage_started',
    'build_ended',
  ]);
  expect(stderr).toContain('hello from the script');
});

test('with --json mistakes go to stderr and the exit code tells them', async () => {
  await using project = await Project.create(FILES);
  const { code, stdout, stderr } = await project.acc('run', '--json', 'bulid.ts');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Did you mean "build.ts"?');
});

test('several scripts run one after the other, until one does not succeed', async () => {
  await using project = await Project.create({
    ...FILES,
    'a.ts': script("await urd.build('talk', { n: 1 });"),
    'b.ts': script("await urd.build('talk', { n: -1 });"),
    'c.ts': script("await urd.build('talk', { n: 3 });"),
  });
  const result = await run(project, 'a.ts', 'b.ts', 'c.ts');
  expect(result).toMatchObject({ code: 1, built: ['talk'], failed: ['talk'] });
  const both = await run(project, 'a.ts', 'c.ts');
  expect(both).toMatchObject({ code: 0, built: ['talk'], reused: ['talk'] });
});

test('a script without a main function is a mistake', async () => {
  await using project = await Project.create({ ...FILES, 'build.ts': 'export const main = 1;\n' });
  const { code, stderr } = await project.acc('run');
  expect(code).toBe(2);
  expect(stderr).toContain('Build script build.ts has no main function');
  expect(stderr).toContain('export default async function main(urd: Urd)');
});

test('a run works from any directory below the project', async () => {
  await using project = await Project.create({ ...FILES, 'deep/er/x.txt': '' });
  const { code, stdout } = await project.start(['run', '../../build.ts', '--quiet'], {
    cwd: 'deep/er',
  }).ended;
  expect(code, stdout).toBe(1);
  expect(project.exists('workdirs/dev/dev-0/post.json')).toBe(true);
  expect(project.exists('deep/er/workdirs')).toBe(false);
});

test('colours appear only when they are asked for', async () => {
  await using project = await Project.create(FILES);
  const plain = await project.acc('run');
  expect(plain.stdout).not.toContain('\u001B[');
  const forced = await project.start(['run'], { env: { FORCE_COLOR: '1' } }).ended;
  expect(forced.stdout).toContain('\u001B[');
  const none = await project.start(['run'], { env: { NO_COLOR: '1' } }).ended;
  expect(none.stdout).not.toContain('\u001B[');
});

function withoutTimes(text: string, project: Project): string {
  return text.replaceAll(/\d[\d.]*\s?m?s\b/gu, 'TIME').replaceAll(project.directory, 'PROJECT');
}
