// What a stage can do: return, finish early, walk the chain of its job, read the environment, print.

import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, runWith, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 3 };\n' };

test('what stages return reaches the next stage and the script, in slice order', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/stages.ts': `import { defineMethod, merge, z } from 'acc-engine';
export default defineMethod({
  options: { factor: z.number() },
  async prepare({ options }) {
    return { factor: options.factor, made: new Date(5) };
  },
  async analysis({ sliceno, prepareRes, slices }) {
    return { sum: sliceno * prepareRes.factor, at: new Map([[sliceno % 2, [slices]]]), seen: new Set([sliceno]) };
  },
  synthesis({ analysisRes, prepareRes }) {
    return { each: analysisRes.map(({ sum }) => sum), ...merge(analysisRes), made: prepareRes.made };
  },
});
`,
    'methods/nothing.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ description: 'No stage at all' });
`,
    'build.ts': script(
      "const { each, sum, at, seen, made } = await (await urd.build('stages', { factor: 10 })).load();",
      'note([each, sum, [...at], [...seen], made instanceof Date && made.getTime()]);',
      "const nothing = await urd.build('nothing');",
      'note([String(await nothing.load()), nothing.files()]);',
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    [
      [0, 10, 20],
      30,
      [
        [0, [3, 3]],
        [1, [3]],
      ],
      [0, 1, 2],
      5,
    ],
    ['undefined', []],
  ]);
});

test('finishEarly ends the job in any stage, and nothing after it runs', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/early.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { stage: z.string() },
  prepare({ job, options }) {
    job.write('log', 'p');
    if (options.stage === 'prepare') job.finishEarly('from prepare');
    job.write('after-prepare', '');
  },
  analysis({ job, options, sliceno }) {
    if (options.stage === 'analysis') job.finishEarly();
    if (options.stage === 'one slice' && sliceno === 1) job.finishEarly();
    job.write('slice.' + sliceno, '');
  },
  synthesis({ job, options }) {
    if (options.stage === 'synthesis') job.finishEarly({ from: 'synthesis' });
    if (options.stage === 'caught') try { job.finishEarly('caught'); } catch {}
    return 'to the end';
  },
});
`,
    'build.ts': script(
      "for (const stage of ['prepare', 'analysis', 'synthesis', 'caught', 'none']) {",
      "  const job = await urd.build('early', { stage });",
      '  note([stage, (await job.load()) ?? null, job.files().length]);',
      '}',
      "note((await urd.build('early', { stage: 'one slice' }).catch((e) => e)).shortMessage);",
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    ['prepare', 'from prepare', 2],
    ['analysis', null, 2],
    ['synthesis', { from: 'synthesis' }, 6],
    ['caught', 'caught', 6],
    ['none', 'to the end', 6],
    expect.stringContaining('finishEarly'),
  ]);
  expect(result).toMatchObject({ code: 1, failed: ['early'] });
});

test('job.chain walks the jobs given as previous, and a new predecessor makes the chain run', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/link.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  jobs: { previous: job().optional() },
  async synthesis({ options, jobs }) {
    const before = jobs.previous?.chain() ?? [];
    return [...(await Promise.all(before.map(async (job) => (await job.load()).at(-1)))), options.n];
  },
});
`,
    'build.ts': script(
      'let previous;',
      "for (const n of [Number(urd.flags.first ?? 1), 2, 3]) previous = await urd.build('link', { n, previous });",
      'const ids = (options) => previous.chain(options).map(String);',
      'note([ids(), ids({ length: 2 }), ids({ reverse: true }), ids({ stopJob: previous.chain()[0] })]);',
      'note(await previous.load());',
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    [
      ['dev-0', 'dev-1', 'dev-2'],
      ['dev-1', 'dev-2'],
      ['dev-2', 'dev-1', 'dev-0'],
      ['dev-1', 'dev-2'],
    ],
    [1, 2, 3],
  ]);
  const changed = await run(project, '--flag', 'first=9');
  expect(changed.built).toEqual(['link', 'link', 'link']);
  expect(notes(changed)[1]).toEqual([9, 2, 3]);
});

test('a method that reads an undeclared variable is marked as unsound, wherever it is looked at', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/reads.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  env: ['REGION'],
  synthesis: () => process.env.REGION + ' ' + process.env.SEASON,
});
`,
    'build.ts': script("note(await (await urd.build('reads')).load());"),
  });
  const first = await runWith(project, [], { REGION: 'north', SEASON: 'winter' });
  expect(notes(first)).toEqual(['north winter']);
  expect(first.warnings).toMatchInlineSnapshot(`
    [
      "Method reads is unsound, so that its jobs may be reused wrongly: uses the environment variable SEASON, which is not declared in env (methods/reads.ts:4)",
    ]
  `);
  for (const args of [
    ['method', 'reads'],
    ['job', 'dev-0'],
  ]) {
    const shown = await project.acc(...args);
    expect(shown.stdout).toContain('unsound');
    expect(shown.stdout).toContain('SEASON');
  }
  await project.edit('methods/reads.ts', "['REGION']", "['REGION', 'SEASON']");
  const declared = await runWith(project, [], { REGION: 'north', SEASON: 'winter' });
  expect(declared).toMatchObject({ built: ['reads'], warnings: [] });
});

test('a declared variable is in every stage what it is in the key, whoever changed it meanwhile', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/reads.ts': `import { defineMethod, z } from 'acc-engine';
const AT_LOAD = process.env.REGION;
export default defineMethod({
  env: ['REGION'],
  options: { region: z.string().default(process.env.REGION ?? 'nowhere') },
  analysis: () => process.env.REGION,
  synthesis({ analysisRes, options, job }) {
    job.saveJson([options.region, AT_LOAD, process.env.REGION, ...new Set(analysisRes)]);
  },
});
`,
    'methods/sets.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ analysis() { process.env.REGION = 'leaked'; } });
`,
    'build.ts': script(
      "for (const region of ['north', 'south', undefined]) {",
      '  if (region === undefined) delete process.env.REGION;',
      '  else process.env.REGION = region;',
      "  note(await (await urd.build('reads')).loadJson());",
      "  await urd.build('sets', {}, { force: true });",
      '}',
    ),
  });
  const expected = [
    ['north', 'north', 'north', 'north'],
    ['south', 'south', 'south', 'south'],
    ['nowhere', null, null, null],
  ];
  const first = await runWith(project, [], { REGION: 'west' });
  expect(notes(first), first.stderr).toEqual(expected);
  expect(notes(await run(project))).toEqual(expected);
});

test('output is captured per stage and slice, also what a child process or the console prints', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/talks.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare() { console.log('hello'); console.error('oh'); },
  analysis({ sliceno }) { if (sliceno === 2) process.stdout.write('slice two'); },
  synthesis() { console.table([{ a: 1 }]); },
});
`,
    'build.ts': script(
      "const job = await urd.build('talks');",
      "note([job.output('prepare'), job.output(2), job.output(0)]);",
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([['hello\noh\n', 'slice two', '']]);
  const directory = project.path('workdirs/dev/dev-0/OUTPUT');
  expect(readdirSync(directory).toSorted()).toEqual(['2', 'prepare', 'synthesis']);
  const shown = await project.acc('job', 'dev-0', '--output');
  expect(shown.stdout).toContain('hello');
  const events = result.events.filter((event) => event.type === 'job_output');
  expect(events.map(({ stage, text }) => [stage, text])).toContainEqual(['2', 'slice two']);
});
