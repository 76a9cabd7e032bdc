// Build scripts that do not behave: whatever they do, the run ends, says why, and what is finished is kept.

import { describe, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import type { AccResult } from '../rig/project.ts';
import { run, script } from '../rig/run.ts';
import { finishedJobs, indexRows } from '../rig/workdir.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/quick.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: () => 1 });
`,
  'methods/endless.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis() { console.log('endless has begun'); return new Promise(() => setInterval(() => 0, 1000)); },
});
`,
};

const EXITED =
  'Builds that were running are lost; throw an error, or return from the main function.';
const WAITS = 'waits for a promise that nothing will ever settle';

/** One way to misbehave, and how the run ends. */
interface Way {
  readonly script: string;
  readonly code: number;
  readonly says: readonly string[];
}

const WAYS: Readonly<Record<string, Way>> = {
  'throws after its first build': {
    script: script("await urd.build('quick');", "throw new RangeError('too much');"),
    code: 1,
    says: ['build.ts  stopped with RangeError: too much', 'at main (build.ts:5:9)'],
  },
  'throws an error that has a cause': {
    script: script(
      "await urd.build('quick');",
      "throw new Error('no data', { cause: new TypeError('no network') });",
    ),
    code: 1,
    says: ['stopped with Error: no data', 'caused by TypeError: no network'],
  },
  'throws something that is no error': {
    script: script("await urd.build('quick');", "throw 'a word';"),
    code: 1,
    says: ['build.ts  stopped with a word, which is no Error'],
  },
  'ends the process as if all were well': {
    script: script("await urd.build('quick');", 'process.exit(0);'),
    code: 1,
    says: ['build.ts  ended the process with exit code 0, before the run had ended', EXITED],
  },
  'ends the process with a code of its own': {
    script: script("await urd.build('quick');", 'process.exit(4);'),
    code: 4,
    says: ['build.ts  ended the process with exit code 4, before the run had ended', EXITED],
  },
  'leaves a rejection that nobody waits for': {
    script: script(
      "await urd.build('quick');",
      "void Promise.reject(new Error('stray'));",
      "await urd.build('endless');",
    ),
    code: 1,
    says: ['build.ts  stopped with Error: stray'],
  },
  'throws in a timer': {
    script: script(
      "await urd.build('quick');",
      "setTimeout(() => { throw new Error('late'); }, 1);",
      "await urd.build('endless');",
    ),
    code: 1,
    says: ['build.ts  stopped with Error: late'],
  },
  'waits for what never comes': {
    script: script("await urd.build('quick');", 'await new Promise(() => {});'),
    code: 1,
    says: [`build.ts  ${WAITS}`],
  },
};

test.each(Object.entries(WAYS))('a script that %s', async (_, { script: text, code, says }) => {
  await using project = await Project.create({ ...FILES, 'build.ts': text });
  const ended = await project.acc('run');
  expect(ended.code, ended.stderr).toBe(code);
  for (const line of says) expect(ended.stderr).toContain(line);
  expect(ended.stderr).not.toMatch(/dist\/|node:internal|Internal error/u);
  expect(finishedJobs(project)).toEqual(['dev-0']);
  expect(indexRows(project, 'SELECT exit_code FROM runs')).toEqual([{ exit_code: code }]);
  await project.write({ 'build.ts': script("await urd.build('quick');") });
  expect(await run(project)).toMatchObject({ code: 0, reused: ['quick'] });
});

describe('before it builds anything', () => {
  test.each([
    ['has no default export', 'export function main() {}\n', 2, 'has no main function'],
    ['exports an object', 'export default { main() {} };\n', 2, 'got an object with main'],
    ['is empty', '', 2, 'has no main function'],
    ['holds only a comment', '// later\n', 2, 'has no main function'],
    ['throws at once', "throw new Error('at once');\n", 1, 'stopped with Error: at once'],
    ['ends the process', 'process.exit(0);\n', 1, EXITED],
    ['waits at its top level', 'await new Promise(() => {});\n', 1, WAITS],
    ['has a syntax error', 'export default async (urd) => { let = 1; };\n', 2, 'build.ts:1:33'],
    [
      'imports what is not there',
      "import './gone.ts';\n",
      2,
      'There is no file "./gone.ts" to import',
    ],
    [
      'imports no package',
      "import 'not-a-package';\n",
      2,
      'There is no package "not-a-package" to import',
    ],
  ])('a script that %s', async (_, text, code, says) => {
    await using project = await Project.create({ ...FILES, 'build.ts': text });
    const ended = await project.acc('run');
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr).toContain(says);
    expect(ended.stderr).not.toContain('Internal error');
  });
});

test('build calls with mistakes are counted, also where the script catches the rejection', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "await urd.build('qick').catch(() => {});",
      "await urd.build('quick', { tpyo: 1 }).catch(() => {});",
      "await urd.build('quick');",
    ),
  });
  const { code, stdout } = await project.acc('run');
  expect(code).toBe(2);
  expect(stdout).toMatch(/^built 1, reused 0, failed 0, refused 2 in [\d.]+s$/mu);
});

test('wrong arguments of build are mistakes in the script, all told at once', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      'urd.build();',
      'urd.build(7);',
      "urd.build('quick', 7);",
      "urd.build('quick', [1]);",
      "urd.build('quick', {}, { workdir: 'none' });",
      "urd.build('../quick');",
      "urd.build('__proto__');",
      "urd.build('constructor');",
    ),
  });
  const { code, stderr } = await project.acc('run');
  expect(code).toBe(2);
  const places = stderr.match(/^build\.ts:\d+:\d+ {2}/gmu) ?? [];
  expect(places.map((place) => Number(place.split(':')[1])).toSorted((a, b) => a - b)).toEqual([
    4, 5, 6, 7, 8, 9, 10, 11,
  ]);
  expect(stderr).toContain('Expected the name of a method as the first argument of `build`');
  expect(stderr).toContain('There is no workdir "none"; known are dev');
});

test('with --json a script that ends the process says so on stderr', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script("await urd.build('quick');", 'process.exit(0);'),
  });
  expect(await run(project)).toMatchObject({
    code: 1,
    built: ['quick'],
    stderr: expect.stringContaining(EXITED) as string,
  });
});

test('jobs that ran when the script ended the process are taken over by the next run', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/signalling.ts': `import { writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    writeFileSync(job.inputDirectory + '/begun', '');
    return new Promise(() => setInterval(() => 0, 1000));
  },
});
`,
    'build.ts': `import { watch } from 'node:fs';
${script(
  "if (urd.flags.quick) return void (await urd.build('quick'));",
  "watch('.', (_, name) => { if (name === 'begun') process.exit(0); });",
  "await urd.build('signalling');",
)}`,
  });
  expect((await run(project)).code).toBe(1);
  expect(await run(project, '--flag', 'quick')).toMatchObject({ code: 0, built: ['quick'] });
});

test('a reader that goes away ends the run without a word', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script("await urd.build('quick');", "await urd.build('endless');"),
  });
  const acc = project.start(['run', '--json']);
  await acc.printed('endless has begun');
  acc.child.stdout?.destroy();
  acc.kill('SIGINT');
  const { code, stderr }: AccResult = await acc.ended;
  expect([1, 130]).toContain(code);
  expect(stderr).not.toContain('EPIPE');
});

describe('methods', () => {
  test('a method with a syntax error breaks its own builds only', async () => {
    await using project = await Project.create({
      ...FILES,
      'methods/broken.ts':
        "import { defineMethod } from 'acc-engine';\nexport default defineMethod({ x: ;\n",
      'methods/exits.ts':
        "import { defineMethod } from 'acc-engine';\nprocess.exit(0);\nexport default defineMethod({});\n",
      'build.ts': script("urd.build('quick');", "urd.build('broken');"),
    });
    const { code, stdout, stderr } = await project.acc('run');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^dev-0 +quick +built/mu);
    expect(stderr).toContain('methods/broken.ts:2:34');
  });
});
