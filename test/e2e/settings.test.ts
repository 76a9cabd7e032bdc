// Settings of builds and flags of runs: how something is built, never what.

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
};

test('wrong settings are mistakes, all told at once', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "await urd.build('number', {}, { nme: 'x', retries: -1, timeout: 'soon', force: 'yes', workdir: 'dv' });",
    ),
  });
  const { code, stderr } = await run(project);
  expect(code).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "build.ts:4:35  Build of \`number\`: there is no setting \`nme\`
        await urd.build('number', {}, { nme: 'x', retries: -1, timeout: 'soon', force: 'yes', workdir: …
                                        ~~~
        Did you mean "name"?
    build.ts:4:45  Build of \`number\`: expected setting \`retries\` to be an integer of at least 0, got -1 (number)
        await urd.build('number', {}, { nme: 'x', retries: -1, timeout: 'soon', force: 'yes', workdir: …
                                                  ~~~~~~~
    build.ts:4:58  Build of \`number\`: expected setting \`timeout\` to be milliseconds, or text as "90s" or "5m", got "soon" (string)
        …d.build('number', {}, { nme: 'x', retries: -1, timeout: 'soon', force: 'yes', workdir: 'dv' });
                                                        ~~~~~~~
    build.ts:4:75  Build of \`number\`: expected setting \`force\` to be true or false, got "yes" (string)
        … {}, { nme: 'x', retries: -1, timeout: 'soon', force: 'yes', workdir: 'dv' });
                                                        ~~~~~
    "
  `);
});

test('force executes a job that exists, once a run, however often it is built', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const settings = { force: urd.flags.force === 'yes' };",
      "const a = await urd.build('number', {}, settings);",
      "const b = await urd.build('number', {}, settings);",
      "await urd.build('sum', { first: b });",
      'note([String(a), String(b)]);',
    ),
  });
  await run(project);
  const bySetting = await run(project, '--flag', 'force=yes');
  // What it made is the same as before, so nothing below it runs.
  expect(bySetting).toMatchObject({ code: 0, built: ['number'], reused: ['number', 'sum'] });
  expect(notes(bySetting)).toEqual([['dev-2', 'dev-2']]);
  expect(bySetting.events.find(({ type }) => type === 'job_started')).toMatchObject({
    reasons: [{ kind: 'forced', subject: 'number' }],
  });
  expect(await run(project, '--force', 'sum')).toMatchObject({ built: ['sum'] });
  expect(await run(project, '--force')).toMatchObject({ built: ['number', 'sum'] });
  const misspelt = await project.acc('run', '--force', 'summ');
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toContain('Did you mean');
  expect(await run(project)).toMatchObject({ built: [] });
});

test('whyBuild tells why a job would run and does not run it, nor what needs it', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const n = urd.build('number', { n: Number(urd.flags.n) }, { whyBuild: urd.flags.n === '2' });",
      "const sum = urd.build('sum', { first: n });",
      'await sum;',
    ),
  });
  await run(project, '--flag', 'n=1');
  const asked = await run(project, '--flag', 'n=2');
  expect(asked).toMatchObject({ code: 0, built: [], failed: [] });
  expect(asked.build('number')).toMatchObject({
    state: 'would_build',
    job: null,
    reasons: [{ kind: 'option', subject: 'n', before: '1', after: '2' }],
  });
  expect(asked.build('sum')).toMatchObject({ state: 'would_build' });
});

test('a failed execution is tried again as often as the setting says', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/third_time.ts': `import { appendFileSync, readFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';

export default defineMethod({
  synthesis({ job }) {
    appendFileSync(job.inputFilename('tries'), 'x');
    const tries = readFileSync(job.inputFilename('tries')).length;
    if (tries < 3) throw new Error('try ' + tries);
    return tries;
  },
});
`,
    'build.ts': script(
      "const job = await urd.build('third_time', {}, { retries: Number(urd.flags.retries) });",
      'note(await job.load());',
    ),
  });
  const once = await run(project, '--flag', 'retries=0');
  expect(once).toMatchObject({ code: 1, failed: ['third_time'], warnings: [] });
  const again = await run(project, '--flag', 'retries=5');
  expect(again).toMatchObject({ code: 0, built: ['third_time'], failed: [] });
  expect(again.warnings).toEqual([
    'dev-1 (third_time) failed in synthesis: Error: try 2; trying again (1 of 5)',
  ]);
  expect(notes(again)).toEqual([3]);
  expect(await run(project, '--flag', 'retries=0')).toMatchObject({ reused: ['third_time'] });
});

test('a build may go to another workdir, and jobs are found in all of them', async () => {
  await using project = await Project.create({
    ...FILES,
    'acc.config.ts': `export default { slices: 2, workdirs: { dev: 'workdirs/dev', keep: 'store/keep' } };\n`,
    'build.ts': script(
      "const one = await urd.build('number', { n: 1 }, { workdir: 'keep' });",
      "const sum = await urd.build('sum', { first: one });",
      'note([one, sum].map(String));',
    ),
  });
  expect(notes(await run(project))).toEqual([['keep-0', 'dev-0']]);
  const other = await run(project, '--workdir', 'keep');
  expect(other).toMatchObject({ code: 0, built: [] });
  expect(notes(other)).toEqual([['keep-0', 'dev-0']]);
  const misspelt = await project.acc('run', '--workdir', 'kep');
  expect(misspelt).toMatchObject({ code: 2 });
  expect(misspelt.stderr).toContain('Did you mean "keep"?');
});

test('name, caption and labels are kept with the job that was made, and listed', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const settings = { name: 'nick', caption: 'One number', labels: { team: 'red' } };",
      "const { params } = await urd.build('number', {}, settings);",
      'note([params.name, params.caption, params.labels]);',
    ),
  });
  expect(notes(await run(project))).toEqual([['nick', 'One number', { team: 'red' }]]);
  expect((await project.acc('jobs')).stdout).toContain('nick: One number');
  expect((await project.acc('job', 'dev-0')).stdout).toMatch(/labels +team +red/u);
});

test('flags of the command line arrive in urd.flags as text', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script('note(urd.flags);', 'note(urd.info.slices);'),
  });
  const result = await run(
    project,
    '--flag',
    'a=1',
    '--flag',
    'b',
    '--flag',
    'c=x=y',
    '--flag',
    'd=',
  );
  expect(notes(result)).toEqual([{ a: '1', b: 'true', c: 'x=y', d: '' }, 2]);
});
