// What build scripts may rely on: promises as inputs, one job for identical builds, errors as data.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/number.ts': `import { defineMethod, z } from 'acc-engine';

export default defineMethod({
  options: { n: z.number().default(1) },
  synthesis({ options, job }) {
    job.write('n.txt', String(options.n));
    return options.n;
  },
});
`,
  'methods/sum.ts': `import { defineMethod, job, jobFile, z } from 'acc-engine';

export default defineMethod({
  options: { files: z.array(jobFile()).default([]), labels: z.record(z.string(), jobFile()).default({}) },
  jobs: { first: job().optional(), others: job().array().optional() },
  async synthesis({ jobs, options }) {
    let sum = Number((await jobs.first?.load()) ?? 0);
    for (const other of jobs.others ?? []) sum += Number(await other.load());
    for (const file of [...options.files, ...Object.values(options.labels)]) {
      sum += Number(await file.load());
    }
    return sum;
  },
});
`,
  'methods/fail.ts': `import { defineMethod, z } from 'acc-engine';

interface Row { readonly price: number }

function total(rows: readonly Row[]): number {
  throw new RangeError('no rows');
}

export default defineMethod({
  options: { n: z.number().default(1) },
  analysis({ sliceno, status }) {
    if (sliceno !== 1) return;
    console.log('about to fail');
    status('adding up');
    total([]);
  },
});
`,
};

test('builds that nobody awaited are inputs: alone, in lists, in objects, as files', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const [one, two, three] = [1, 2, 3].map((n) => urd.build('number', { n }));",
      "const sum = urd.build('sum', { first: one, others: [two, three], files: [one], labels: { a: two } });",
      "note(await (await urd.build('sum', { first: sum, others: [one, sum] })).load());",
    ),
  });
  const first = await run(project);
  expect(notes(first), first.stderr).toEqual([19]);
  expect(first.built).toEqual(['number', 'number', 'number', 'sum', 'sum']);
  expect(await run(project)).toMatchObject({ code: 0, built: [] });
});

test('other promises are inputs too, as those of files and datasets of builds', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const number = urd.build('number', { n: 4 });",
      "const file = number.then((job) => job.withFile('result.msgpack'));",
      "note(await (await urd.build('sum', { first: number.then((job) => job), files: [file] })).load());",
      "const failing = urd.build('fail').then((job) => job.withFile('x'));",
      "const sum = urd.build('sum', { files: [file, failing] }, { name: 'skipped' });",
      'note((await sum.catch((e) => e)).shortMessage);',
      "const own = Promise.reject(new Error('my own'));",
      "note((await urd.build('sum', { first: own }).catch((e) => e)).message);",
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    8,
    'sum was skipped: its input "files.1" (fail, dev-2) could not be built',
    'my own',
  ]);
  expect(result).toMatchObject({ code: 1, built: ['number', 'sum'], skipped: ['skipped'] });
});

test('what a script does to its inputs after a call changes no build', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      'const inputs = { n: 0 };',
      'const builds = [];',
      "for (inputs.n = 1; inputs.n <= 3; inputs.n++) builds.push(urd.build('number', inputs));",
      'note(await Promise.all((await Promise.all(builds)).map((job) => job.load())));',
    ),
  });
  expect(notes(await run(project))).toEqual([[1, 2, 3]]);
});

test('identical builds in flight are one job, and each call has its line', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const jobs = await Promise.all(Array.from({ length: 5 }, () => urd.build('number', { n: 7 })));",
      'note(jobs.map(String));',
      "note(String(await urd.build('number', { n: 7 })));",
      'note(urd.joblist.map(String));',
    ),
  });
  const first = await run(project);
  expect(notes(first)).toEqual([
    Array.from({ length: 5 }, () => 'dev-0'),
    'dev-0',
    Array.from({ length: 6 }, () => 'dev-0'),
  ]);
  expect([first.built.length, first.reused.length]).toEqual([1, 5]);
});

test('a failed build rejects with a JobError that holds the facts and both texts', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const error = await urd.build('fail').catch((thrown) => thrown);",
      "note([error instanceof JobError, 'stack' in error, { ...error, message: error.message }]);",
    ),
  });
  const result = await run(project);
  // The script has caught the error, but the build has failed all the same.
  expect(result).toMatchObject({ code: 1, failed: ['fail'] });
  const text = JSON.stringify(notes(result)[0], null, 2).replaceAll(project.directory, 'PROJECT');
  expect(text).toMatchInlineSnapshot(`
    "[
      true,
      true,
      {
        "failure": {
          "stage": {
            "name": "analysis",
            "sliceno": 1
          },
          "lastOutput": [
            "about to fail"
          ],
          "kind": "threw",
          "error": {
            "name": "RangeError",
            "message": "no rows",
            "stack": [
              "at total (PROJECT/methods/fail.ts:6:9)",
              "at analysis (PROJECT/methods/fail.ts:15:5)"
            ]
          },
          "status": [
            "adding up"
          ],
          "job": "dev-0",
          "method": "fail"
        },
        "job": "dev-0",
        "method": "fail",
        "stage": "analysis",
        "sliceno": 1,
        "lastOutput": [
          "about to fail"
        ],
        "shortMessage": "dev-0 (fail) failed in analysis(1): RangeError: no rows",
        "name": "JobError",
        "message": "dev-0 (fail) failed in analysis(1): RangeError: no rows\\n    at total (PROJECT/methods/fail.ts:6:9)\\n    at analysis (PROJECT/methods/fail.ts:15:5)\\n    while adding up\\n  Last output:\\n  | about to fail\\n  All its output: acc job dev-0 --output"
      }
    ]"
  `);
});

test('a build whose input failed is skipped at once with the reason, and so are those below it', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const bad = urd.build('fail');",
      "const good = urd.build('number');",
      "const sum = urd.build('sum', { first: good, others: [good, bad] });",
      "const below = await urd.build('sum', { files: [sum] }, { name: 'below' }).catch((e) => e);",
      'note([below.shortMessage, below.job, below.failure]);',
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({
    code: 1,
    built: ['number'],
    failed: ['fail'],
    skipped: ['below', 'sum'],
  });
  expect(result.build('sum').failure).toEqual({
    kind: 'skipped',
    method: 'sum',
    input: 'others.1',
    inputMethod: 'fail',
    inputJob: result.build('fail').job,
  });
  expect(notes(result)).toEqual([
    [
      'sum was skipped: its input "files.0" (sum) could not be built',
      null,
      { kind: 'skipped', method: 'sum', input: 'files.0', inputMethod: 'sum', inputJob: null },
    ],
  ]);
  expect(result.events.at(-1)).toMatchObject({
    type: 'run_ended',
    failed: 1,
    skipped: 2,
    built: 1,
  });
});

test('a failing build that nobody awaits fails the run, after all others have ended', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script("urd.build('fail');", "urd.build('number');", "note('script over');"),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, failed: ['fail'], built: ['number'] });
  expect(result.events.at(-1)).toMatchObject({ type: 'run_ended', exitCode: 1 });
  // A failure is never reused: the next run tries again.
  expect(await run(project)).toMatchObject({ code: 1, failed: ['fail'], reused: ['number'] });
});

test('a promise that was made of a failing build and forgotten stops no other build', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "urd.build('fail').then((job) => job.load());",
      "urd.build('number').then((number) => urd.build('sum', { first: number }));",
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, failed: ['fail'], built: ['number', 'sum'], stderr: '' });
});

test('a build is skipped as soon as one input has failed, though others are still being made', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/waits.ts': `import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ job }) {
    while (!existsSync(job.inputFilename('go'))) await setTimeout(5);
  },
});
`,
    'build.ts': `import { writeFileSync } from 'node:fs';
export default async function main(urd) {
  const waits = urd.build('waits');
  const sum = urd.build('sum', { others: [waits, urd.build('fail')] });
  await sum.catch(() => writeFileSync('go', ''));
}
`,
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, built: ['waits'], failed: ['fail'], skipped: ['sum'] });
});

test('an unknown method is a mistake with the nearest name and a frame into the script', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': `import type { Urd } from 'acc-engine';

interface Wish { n: number }

export default async function main(urd: Urd) {
  const wish: Wish = { n: 3 };
  await urd.build('nmber', wish);
}
`,
  });
  const { code, stdout, stderr } = await project.acc('run');
  expect(code).toBe(2);
  expect(stdout).toContain('built 0, reused 0, failed 0');
  expect(stderr).toMatchInlineSnapshot(`
    "build.ts:7:20  There is no method "nmber"
        await urd.build('nmber', wish);
                         ~~~~~
        Did you mean "number"?
    "
  `);
});

test('a method that cannot be loaded breaks only its own builds', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/broken.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ option: {} });
`,
    'methods/unclosed.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
`,
    'methods/no_method.ts': 'export default {};\n',
    'build.ts': script(
      "const number = await urd.build('number');",
      "note(await urd.build('broken').catch((e) => e.name));",
      "note(await urd.build('unclosed').catch((e) => e.name));",
      "note(await urd.build('no_method').catch((e) => e.name));",
      'note(await number.load());',
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 2, built: ['number'] });
  expect(notes(result)).toEqual(['UsageError', 'UsageError', 'UsageError', 1]);
  const told = result.stderr
    .split('\n')
    .filter((line) => !line.startsWith('NOTE '))
    .join('\n');
  expect(told.replaceAll(project.directory, 'PROJECT')).toMatchInlineSnapshot(`
    "methods/broken.ts:2:31  A method has no field \`option\`
        export default defineMethod({ option: {} });
                                      ~~~~~~
        Did you mean "options"?
    methods/unclosed.ts:3:1  Syntax error: expected identifier but found end of file
        
        ~
    build.ts:7:25  There is no method "no_method"
        note(await urd.build('no_method').catch((e) => e.name));
                              ~~~~~~~~~
        PROJECT/methods/no_method.ts has no default export made with \`defineMethod\`.
    "
  `);
  await project.write({ 'build.ts': script("urd.build('number');") });
  expect(await run(project)).toMatchObject({ code: 0, reused: ['number'], stderr: '' });
});

test('an exception of the script itself is told by its place, and its builds still end', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': `import { check } from './lib/check.ts';

export default async function main(urd: unknown) {
  (urd as { build(name: string): void }).build('number');
  check(undefined);
}
`,
    'lib/check.ts': `// A remark.
export function check(value: string | undefined): void {
  if (value === undefined) throw new TypeError('nothing to check');
}
`,
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, built: ['number'] });
  expect(result.stderr).toContain('nothing to check');
  expect(result.stderr).toContain('lib/check.ts:3:34');
  expect(result.stderr).toContain('build.ts:5:3');
});

test('an input that contains itself is refused by its path', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/takes.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { o: z.any() } });
`,
    'methods/asks.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ build }) {
    const o = {};
    o.self = o;
    return build('takes', { o }).catch((error) => error.message);
  },
});
`,
    'build.ts': script(
      'const o: { list: unknown[] } = { list: [1] };',
      "await urd.build('takes', { o: { a: o.list, b: o.list } });",
      "console.error(await (await urd.build('asks')).load());",
      'const set = new Set<unknown>([1]);',
      'const map = new Map<string, unknown>([["set", [set]]]);',
      "await urd.build('takes', { o: [set, map] });",
      'set.add(map);',
      "await urd.build('takes', { o: map }).catch((error: Error) => console.error(error.message));",
      'o.list.push(o);',
      "await urd.build('takes', { o });",
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 2, built: ['asks', 'takes', 'takes'] });
  expect(result.stderr).toContain('Input `o.0.0.1` is a value that contains itself');
  expect(result.stderr).toContain('Input `o.self` is a value that contains itself');
  expect(result.stderr).toContain('Input `o.list.1` is a value that contains itself');
});
