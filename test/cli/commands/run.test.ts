import { expect, test } from 'vitest';

import type { Event } from '../../../src/model/event.ts';
import { Project } from '../../rig/project.ts';

const COUNT = `import { defineMethod, z } from 'acc-engine';

export default defineMethod({
  options: { upTo: z.number().default(3) },
  synthesis({ options }) {
    console.log('counting');
    return options.upTo;
  },
});
`;

const BUILD = `export default async function main(urd) {
  const job = await urd.build('count', { upTo: Number(urd.flags.upTo ?? 3) });
  console.log('got', await job.load());
}
`;

const FAIL = `import { defineMethod } from 'acc-engine';

export default defineMethod({
  synthesis() {
    throw new RangeError('no rows');
  },
});
`;

/** For ever running, until it is told to stop: what ^C is pressed on. */
const WAIT = `import { defineMethod } from 'acc-engine';

export default defineMethod({
  async synthesis({ signal }) {
    console.log('waiting');
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  },
});
`;

const LAST_LINE = /^built \d+, reused \d+, failed \d+(?:, \w[\w ]+ \d+)* in [\d.]+s$/u;

function counting(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  return Project.create({ 'methods/count.ts': COUNT, 'build.ts': BUILD, ...files });
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

function says(text: string): string {
  return `export default () => console.log('${text}');\n`;
}

test('a script is looked up where the command is given, then in the project', async () => {
  await using project = await Project.create({
    'one.ts': says('of the project'),
    'two.ts': says('of the project'),
    'deep/two.ts': says('from below'),
  });
  const { code, stdout } = await project.start(['run', 'one.ts', 'two.ts', '../two.ts'], {
    cwd: 'deep',
  }).ended;
  expect(code).toBe(0);
  const said = lines(stdout).filter((line) => !LAST_LINE.test(line));
  expect(said).toEqual(['of the project', 'from below', 'of the project']);
});

test('each build is a line, output stands before it, and the last line counts', async () => {
  await using project = await counting();
  const first = await project.acc('run');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const [output, line, printed, last] = lines(first.stdout);
  expect(output).toBe('dev-0 count/synthesis | counting');
  expect(line).toMatch(/^dev-0 +count +built +[\d.]+s$/u);
  expect(printed).toBe('got 3');
  expect(last).toMatch(/^built 1, reused 0, failed 0 in [\d.]+s$/u);
  const second = lines((await project.acc('run')).stdout);
  expect(second[0]).toMatch(/^dev-0 +count +reused$/u);
  expect(second.at(-1)).toMatch(/^built 0, reused 1, failed 0 in [\d.]+s$/u);
});

test('flags reach the script, and the line of a build says why it ran', async () => {
  await using project = await counting();
  await project.acc('run');
  const { stdout } = await project.acc('run', '--flag', 'upTo=5');
  expect(stdout).toContain('ran because option upTo 3 → 5');
  expect(stdout).toContain('got 5');
});

test('--json prints one event a line on stdout and nothing else', async () => {
  await using project = await counting();
  const { code, stdout, stderr } = await project.acc('run', '--json');
  expect(code).toBe(0);
  const events = lines(stdout).map((line) => JSON.parse(line) as Event);
  expect(events.map((event) => event.type).filter((type) => type !== 'job_progress')).toEqual([
    'run_started',
    'job_started',
    'stage_started',
    'job_output',
    'build_ended',
    'run_ended',
  ]);
  expect(events.at(-1)).toMatchObject({ built: 1, reused: 0, failed: 0, exitCode: 0 });
  expect(stderr).toBe('got 3\n');
});

test('--quiet shows what the script prints and the last line', async () => {
  await using project = await counting();
  const [printed, last = '', ...more] = lines((await project.acc('run', '-q')).stdout);
  expect(printed).toBe('got 3');
  expect(last).toMatch(LAST_LINE);
  expect(more).toEqual([]);
});

test('--dry-run says what would be built and why, and builds nothing', async () => {
  await using project = await counting();
  const { code, stdout } = await project.acc('run', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^- +count +would build\n {4}because it was never built$/mu);
  expect(lines(stdout).at(-1)).toMatch(/^built 0, reused 0, failed 0, would build 1 in /u);
  expect((await project.acc('jobs', '--json')).stdout).toBe('[]\n');
});

test('--force builds again, everything or one method', async () => {
  await using project = await counting();
  await project.acc('run');
  expect((await project.acc('run', '--force')).stdout).toMatch(/^dev-1 +count +built/mu);
  expect((await project.acc('run', '--force', 'count')).stdout).toMatch(/^dev-2 +count +built/mu);
  expect((await project.acc('run', '--force', 'csvimport')).stdout).toMatch(
    /^dev-2 +count +reused/mu,
  );
});

test('several scripts run in order, and the first that fails is the last', async () => {
  await using project = await counting({
    'a.ts': `export default () => console.log('a');\n`,
    'b.ts': `export default () => { throw new TypeError('b is broken'); };\n`,
    'c.ts': `export default () => console.log('c');\n`,
  });
  const { code, stdout, stderr } = await project.acc('run', 'a.ts', 'b.ts', 'c.ts');
  expect(code).toBe(1);
  expect(lines(stdout).filter((line) => !LAST_LINE.test(line))).toEqual(['a']);
  expect(stderr).toMatch(
    /^b\.ts {2}stopped with TypeError: b is broken\n {4}at .*\(b\.ts:1:30\)\n$/u,
  );
});

test('an exception that nobody waits for ends the run, in terms of the source', async () => {
  await using project = await counting({
    'build.ts': `export default async (urd) => {
  await urd.build('count');
  void Promise.reject(new Error('forgotten'));
  await new Promise(() => setInterval(() => 0, 1000));
};
`,
  });
  const { code, stdout, stderr } = await project.acc('run');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^dev-0 +count +built/mu);
  expect(stderr).toMatch(
    /^build\.ts {2}stopped with Error: forgotten\n {4}at .*\(build\.ts:3:23\)\n$/u,
  );
});

test('a failed job ends the run with 1 and tells where it happened', async () => {
  await using project = await Project.create({
    'methods/fail.ts': FAIL,
    'build.ts': `export default (urd) => { urd.build('fail'); };\n`,
  });
  const { code, stdout, stderr } = await project.acc('run');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const [line, what, frame] = lines(stdout);
  expect(line).toMatch(/^dev-0 +fail +failed +[\d.]+s$/u);
  expect(what).toBe('  dev-0 (fail) failed in synthesis: RangeError: no rows');
  expect(frame).toMatch(/at (?:Object\.)?synthesis \(.*methods\/fail\.ts:5:11\)$/u);
  expect(lines(stdout).at(-1)).toMatch(/^built 0, reused 0, failed 1 in /u);
  const quiet = await project.acc('run', '--quiet');
  expect(quiet.stdout).toContain('failed in synthesis: RangeError: no rows');
});

test('a wrong build call ends the run with 2 and points at the word', async () => {
  await using project = await counting({
    'build.ts': `export default async function main(urd) {\n  await urd.build('count', {\n    upto: 4,\n  });\n}\n`,
  });
  const { code, stderr } = await project.acc('run');
  expect(code).toBe(2);
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/^build\.ts:3:5 {2}.*upto/u),
    '    upto: 4,',
    '    ~~~~',
    expect.stringMatching(/^ {4}Did you mean .upTo.\?$/u),
  ]);
});

test('a script that is not one is told what a script is', async () => {
  await using project = await counting({ 'build.ts': 'export const main = 1;\n' });
  const { code, stderr } = await project.acc('run');
  expect(code).toBe(2);
  expect(stderr).toContain('export default async function main(urd: Urd)');
});

test('a build script with a syntax error is shown in its place', async () => {
  await using project = await counting({ 'build.ts': 'export default function main(urd {\n}\n' });
  const { code, stderr } = await project.acc('run');
  expect(code).toBe(2);
  expect(lines(stderr)[0]).toMatch(/^build\.ts:1:\d+ {2}/u);
  expect(lines(stderr)[2]).toMatch(/^ +~+$/u);
});

test('^C stops what runs, keeps what is finished, and ends with 130', async () => {
  await using project = await counting({
    'methods/wait.ts': WAIT,
    'build.ts': `export default async (urd) => {\n  await urd.build('count');\n  await urd.build('wait');\n};\n`,
  });
  const run = project.start(['run']);
  await run.printed('waiting');
  run.kill('SIGINT');
  const { code, stdout, stderr } = await run.ended;
  expect(code).toBe(130);
  expect(stdout).toContain('press ^C again to leave at once');
  expect(stdout).toMatch(/^dev-1 +wait +failed +[\d.]+s {2}cancelled$/mu);
  expect(stderr).toBe('interrupted  Finished jobs are kept; the next run goes on from there.\n');
  expect((await project.acc('run', '--dry-run')).stdout).toMatch(/^dev-0 +count +reused$/mu);
});

test('^C twice leaves at once', async () => {
  await using project = await Project.create({
    'methods/deaf.ts': WAIT.replace(/signal\.add.*\)\);/u, 'setInterval(() => 0, 1000));').replace(
      '{ signal }',
      '',
    ),
    'build.ts': `export default (urd) => { urd.build('deaf'); };\n`,
  });
  const run = project.start(['run']);
  await run.printed('waiting');
  run.kill('SIGINT');
  await run.printed('press ^C again');
  run.kill('SIGINT');
  const { code, stderr } = await run.ended;
  expect(code).toBe(130);
  expect(stderr).toContain('interrupted');
  expect((await project.acc('run', '--dry-run')).stdout).toMatch(/deaf +would build/u);
});
