// The index is made anew from job directories alone, and everything is as it was: lists, reuse, reasons, chains.

import { rm } from 'node:fs/promises';

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'in.csv': 'a,b\n1,x\n2,y\n',
  'methods/parent.ts': `import { writeFileSync } from 'node:fs';
import { dataset, defineMethod, inputFile, z } from 'acc-engine';
export default defineMethod({
  options: { how: z.string(), file: inputFile() },
  datasets: { source: dataset() },
  async synthesis({ build, datasets, options, job }) {
    console.log('talking');
    if (options.how === 'fails') throw new Error('as wished');
    if (options.how === 'taints') writeFileSync(options.file, 'other');
    job.saveJson(datasets.source.shape, 'shape.json');
    return (await build('csvexport', { source: datasets.source, filename: 'out.csv' })).id;
  },
});
`,
  'file.txt': 'some',
  'build.ts': script(
    "const first = await urd.build('csvimport', { filename: 'in.csv' });",
    "const second = await urd.build('csvimport', { filename: 'in.csv', previous: first });",
    "for (const how of ['works', 'fails', 'taints']) {",
    "  const job = await urd.build('parent', { how, file: 'file.txt', source: second }, { name: how, caption: 'Job that ' + how }).catch(() => null);",
    "  job?.linkResult('shape.json', { linkName: how + '.json', header: how });",
    '}',
    'note([...second.dataset().chain().iterate(null, "a")]);',
  ),
};

/** Commands whose answers must not change. */
const LISTS = [
  ['jobs', '--json'],
  ['job', '--json', 'dev-0', 'dev-2', 'dev-3', 'dev-4', 'dev-5'],
  ['ds', '--json', 'dev-1'],
  ['workdir', '--json'],
];

test('after the index was deleted or rebuilt everything reads and runs as before', async () => {
  await using project = await Project.create(FILES);
  const first = await run(project);
  expect(first).toMatchObject({
    code: 1,
    built: ['csvexport', 'csvimport', 'csvimport', 'taints', 'works'],
    failed: ['fails'],
    reused: ['csvexport'],
  });
  await project.write({ 'file.txt': 'some' });
  const before = await Promise.all(LISTS.map((args) => project.acc(...args)));
  expect(before.map(({ code }) => code)).toEqual(before.map(() => 0));

  const rebuilt = await project.acc('db', 'rebuild');
  expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
  expect(await Promise.all(LISTS.map((args) => project.acc(...args)))).toEqual(before);

  await removeIndex(project);
  const again = await project.acc('db', 'rebuild');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  const jobs = await project.acc('jobs', '--json');
  const facts = JSON.parse(jobs.stdout) as { id: string; state: string }[];
  expect(facts.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'dev-5 finished',
    'dev-4 failed',
    'dev-3 finished',
    'dev-2 finished',
    'dev-1 finished',
    'dev-0 finished',
  ]);

  // The tainted job and the failed one are not reused, all others are; why is known from the directories.
  const after = await run(project);
  expect(after).toMatchObject({
    code: 1,
    built: ['taints'],
    failed: ['fails'],
    reused: ['csvexport', 'csvimport', 'csvimport', 'works'],
  });
  expect(after.build('taints').reasons).toMatchObject([{ kind: 'tainted' }]);
  expect(notes(after)).toEqual([['1', '2', '1', '2']]);
});

test('an index that a run makes anew has the rows that a rebuild gives', async () => {
  await using project = await Project.create({
    ...FILES,
    'only.ts': script("await urd.build('csvimport', { filename: 'in.csv' });"),
  });
  await run(project);
  // What a killed process leaves.
  await rm(project.path('workdirs/dev/dev-5/post.json'));
  await removeIndex(project);
  await project.acc('run', 'only.ts');
  const byRun = rows(project);
  expect(byRun.at(0)).toMatch(/finished.*failed/su);
  await removeIndex(project);
  await project.acc('db', 'rebuild');
  expect(rows(project)).toEqual(byRun);
});

function rows(project: Project): string[] {
  const index = new Database(project.path('workdirs/dev/acc.sqlite'), { readonly: true });
  try {
    return ['jobs', 'failures', 'inputs', 'params', 'files', 'datasets', 'results'].map((table) =>
      JSON.stringify(index.prepare(`SELECT * FROM ${table}`).all()),
    );
  } finally {
    index.close();
  }
}

test('without an index, or with a damaged one, a run finds its jobs or says what to do', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script("await urd.build('csvimport', { filename: 'in.csv' });"),
  });
  await run(project);
  await removeIndex(project);
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['csvimport'] });

  await removeIndex(project);
  await project.write({ 'workdirs/dev/acc.sqlite': 'this is no database, though it has a length' });
  const damaged = await run(project);
  expect(damaged.code).toBe(3);
  expect(damaged.stderr).toMatchInlineSnapshot(`
    "error  Cannot open workdirs/dev/acc.sqlite: this is not a database
        \`acc db rebuild\` makes it anew from the job directories.
    "
  `);
  expect(await project.acc('db', 'rebuild')).toMatchObject({ code: 0 });
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['csvimport'] });
});

test('a subjob stands when what it was made from was deleted and made again', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'in.csv': 'a,b\n1,x\n',
    'methods/inner.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  synthesis: ({ datasets }) => [...datasets.source.iterate(null, 'a')].length,
});
`,
    'methods/outer.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  synthesis: async ({ build, datasets }) => (await build('inner', { source: datasets.source })).load(),
});
`,
    'build.ts': script(
      "const source = await urd.build('csvimport', { filename: 'in.csv' });",
      "await urd.build('outer', { source });",
    ),
  });
  expect((await run(project)).built).toEqual(['csvimport', 'inner', 'outer']);
  await rm(project.path('workdirs/dev/dev-0'), { recursive: true });
  expect((await run(project)).built).toEqual(['csvimport']);
  await removeIndex(project);
  expect(await project.acc('db', 'rebuild')).toMatchObject({ code: 0 });
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['csvimport', 'outer'] });

  await project.edit('methods/inner.ts', '.length', '.length * 2');
  expect((await run(project)).built).toEqual(['inner', 'outer']);
  const { stdout } = await project.acc('why', 'outer', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ reasons: [{ kind: 'subjob', subject: 'inner' }] });
});

async function removeIndex(project: Project): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) {
    await rm(project.path(`workdirs/dev/acc.sqlite${suffix}`), { force: true });
  }
}
