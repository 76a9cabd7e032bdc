// What a stage can do: return, finish early, look at its params and chain, read the environment, print.

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

test('a stage sees its own params; those of an input job only with lineage, which is then in the key', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/source.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number().default(4) }, jobs: { base: job().optional() } });
`,
    'methods/blind.ts': readsParams('job()'),
    'methods/knows.ts': readsParams('job({ lineage: true })'),
    'build.ts': script(
      "const source = urd.build('source');",
      "const again = await urd.build('source', { base: urd.flags.base === 'yes' ? source : null });",
      'note(again.params.options.n + Object.keys(again.params.jobs).join());',
      "note(await (await urd.build('knows', { source: again })).load());",
      "note((await urd.build('blind', { source: again }).catch((e) => e)).shortMessage);",
    ),
  });
  const first = await run(project);
  const [shown, known, blind] = notes(first);
  expect(shown).toBe('4base');
  expect(known).toEqual(['knows', true, ['source'], 4, ['base']]);
  expect(blind).toContain(
    '`params.jobs` of the input job dev-0 cannot be read: what an input job was made of is not in the key. ' +
      'Declare the input as `job({ lineage: true })`',
  );
  // The same content with another input: only who looks at the lineage runs.
  expect((await run(project, '--flag', 'base=yes')).built).toEqual(['knows', 'source']);
});

test('what an input dataset was made of is seen only with lineage, which is then in the key', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/make.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number().default(1) },
  datasets: { base: dataset().optional() },
  synthesis({ job }) {
    const writer = job.datasetWriter({ columns: { a: 'int32' }, allowMissingSlices: true });
    writer.setSlice(0);
    writer.write(1);
  },
});
`,
    'methods/blind.ts': readsBase('dataset()'),
    'methods/knows.ts': readsBase('dataset({ lineage: true })'),
    'methods/column.ts': readsBase("dataset({ columns: { a: 'int32' }, lineage: true })"),
    'build.ts': script(
      "const base = await urd.build('make', { n: 2 });",
      "const made = await urd.build('make', { base: urd.flags.base === 'yes' ? base : null });",
      "note(await (await urd.build('knows', { made })).load());",
      "note(await (await urd.build('column', { made })).load());",
      "note((await urd.build('blind', { made }).catch((e) => e)).shortMessage);",
    ),
  });
  const [known, column, blind] = notes(await run(project));
  expect([known, column]).toEqual(['none', 'none']);
  expect(blind).toContain('cannot be');
  // The same content with another input: only who looks at the lineage runs.
  const second = await run(project, '--flag', 'base=yes');
  expect(second.built).toEqual(['column', 'knows', 'make']);
  expect(notes(second).slice(0, 2)).toEqual(['dev-0', 'dev-0']);
});

test('of an input job a stage sees what is in its digest and nothing else', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/source.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number().default(4) },
  jobs: { previous: job().optional() },
  synthesis({ job }) {
    console.log('made');
    job.write('shown.txt', 'shown');
    return 1;
  },
});
`,
    'methods/looks.ts': `import { defineMethod, job, jobFile } from 'acc-engine';
const attempts = {
  seed: (job) => job.params.seed, caption: (job) => job.params.caption, setup: (job) => job.setup,
  post: (job) => job.post, output: (job) => job.output(), parent: (job) => job.parent,
  buildJob: (job) => job.buildJob, inputDirectory: (job) => job.inputDirectory,
  record: (job) => job.filename('setup.json'), code: (job) => job.open('method.mjs'),
  printed: (job) => job.read('OUTPUT/synthesis'),
};
async function refused(job) {
  const names = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try { await attempt(job); } catch (error) { if (error.name === 'UsageError') names.push(name); }
  }
  return names.length;
}
export default defineMethod({
  options: { file: jobFile() },
  jobs: { plain: job(), known: job({ lineage: true }) },
  async synthesis({ job, jobs, options, build }) {
    const { plain, known } = jobs;
    const own = await build('source', { n: 9 });
    const refusals = [];
    const all = [plain, plain.chain()[0], options.file.job, known, job, own];
    for (const one of all.slice(0, 4)) refusals.push(await refused(one));
    refusals.push(await refused(own), typeof job.params.seed, typeof own.params.seed);
    const seen = [plain.method, plain.params.options.n, plain.files().join(), await plain.load()];
    const read = await options.file.job.read('shown.txt', 'utf8');
    const other = await options.file.job.load().catch((error) => error.message);
    return [refusals, seen, read, other];
  },
});
`,
    'build.ts': script(
      "const source = await urd.build('source', { previous: urd.build('source', { n: 3 }) });",
      "const file = source.withFile('shown.txt');",
      "note(await (await urd.build('looks', { plain: source, known: source, file })).load());",
    ),
  });
  const [[refusals, seen, read, other] = []] = notes(await run(project)) as unknown[][];
  expect(refusals).toEqual([11, 11, 11, 0, 0, 'number', 'number']);
  expect(seen).toEqual(['source', 4, 'result.msgpack,shown.txt', 1]);
  expect(read).toBe('shown');
  expect(other).toContain('cannot be looked into: what else it made is not in the key');
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

function readsParams(declaration: string): string {
  return `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { source: ${declaration} },
  synthesis: ({ jobs, params }) => [
    params.method,
    Number.isSafeInteger(params.seed),
    Object.keys(params.jobs),
    jobs.source.params.options.n,
    Object.keys(jobs.source.params.jobs),
  ],
});
`;
}

function readsBase(input: string): string {
  return `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { made: ${input} },
  synthesis: ({ datasets }) => String(datasets.made.job.params.datasets.base ?? 'none'),
});
`;
}
