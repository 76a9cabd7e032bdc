// What acc does with what others have broken: records, results and index that were cut short or hold something else.

import { cp, readFile, rm, truncate } from 'node:fs/promises';

import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';
import { expectIntact, finishedJobs, indexedJobs } from '../rig/workdir.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/made.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { x: 'int32', s: 'string' }, compression: 'none' }),
  analysis({ sliceno, prepareRes }) {
    for (let i = 0; i < 500; i++) prepareRes.write(i, 's' + sliceno);
  },
  synthesis({ job }) {
    job.saveJson({ a: [1, 2, 3] }, 'facts.json');
    return new Map([['rows', 1000]]);
  },
});
`,
  'methods/user.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { source: job() },
  async synthesis({ jobs: { source } }) {
    const rows = [...source.dataset().iterate(null, 'x')].length;
    return [rows, (await source.load()).get('rows'), (await source.loadJson('facts.json')).a.length];
  },
});
`,
  'build.ts': script(
    "const source = await urd.build('made');",
    "note(await (await urd.build('user', { source })).load());",
  ),
};

const RIGHT = [[1000, 1000, 3]];
const MADE = 'workdirs/dev/dev-0';
const INDEX = 'workdirs/dev/acc.sqlite';

/** Content of all kinds that is not what should be there. */
const FOREIGN = [
  '',
  '{',
  'null',
  '[]',
  '7',
  '{}',
  '{"version":1}',
  '{"version":2}',
  '{"version":2,"columns":[]}',
  'some text\n',
];

async function built(): Promise<Project> {
  const project = await Project.create(FILES);
  expect(notes(await run(project))).toEqual(RIGHT);
  return project;
}

test.each([
  'post.json',
  'setup.json',
  'result.msgpack',
  'facts.json',
  'DS/default.json',
  'DS/default.0.arrow',
])(
  'a job whose %s was replaced breaks no command, and the next run gives the right result',
  async (file) => {
    await using project = await built();
    for (const content of FOREIGN) {
      await project.write({ [`${MADE}/${file}`]: content });
      const commands = [['job', 'dev-0'], ['why', 'dev-0'], ['jobs'], ['ds', 'dev-0']];
      const ends = await Promise.all(commands.map((command) => project.acc(...command)));
      for (const { code, stderr } of ends) {
        expect([0, 2, 3], `${content}: ${stderr}`).toContain(code);
      }
    }
    const next = await run(project);
    expect(next.code).toBe(0);
    expect(notes(next)).toEqual(RIGHT);
    expect(next).toMatchObject({ built: ['made'], reused: ['user'] });
    // A command that has read the file has marked its job.
    const problem = '(?:has another size than it was made with|was changed after it was written)';
    expect(next.warnings).toEqual([
      expect.stringMatching(
        new RegExp(`^dev-0 \\(made\\) is not reused: its file ${file} ${problem}$`, 'u'),
      ),
    ]);
    expect(await run(project), 'once it is replaced').toMatchObject({ built: [], warnings: [] });
    // The directory stays as it is; the index can be made from what can be read.
    const rebuilt = await project.acc('db', 'rebuild');
    expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
    expect(notes(await run(project))).toEqual(RIGHT);
  },
  120_000,
);

test('a damaged job is told once, also when the one that replaced it is damaged, too', async () => {
  await using project = await built();
  for (const number of [0, 2, 3]) {
    await rm(project.path(`workdirs/dev/dev-${number}/result.msgpack`));
    const { warnings, built: made } = await run(project);
    expect(made).toEqual(['made']);
    expect(warnings).toEqual([
      `dev-${number} (made) is not reused: its file result.msgpack is missing`,
    ]);
  }
});

test('a file that is cut short between look-up and reading is named', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const { truncateSync, writeFileSync } = await import('node:fs');",
      "const made = await urd.build('made');",
      'const attempt = async (read) => {',
      '  try { note(await read()); } catch (error) { note([error.name, error.message]); }',
      '};',
      "truncateSync(made.path + '/result.msgpack', 3);",
      'await attempt(() => made.load());',
      "writeFileSync(made.path + '/facts.json', 'no JSON');",
      "await attempt(() => made.loadJson('facts.json'));",
      "truncateSync(made.path + '/DS/default.0.arrow', 100);",
      "await attempt(() => [...made.dataset().iterate(null, 'x')].length);",
      "truncateSync(made.path + '/DS/default.json', 10);",
      "await attempt(async () => [...(await urd.build('made')).dataset().iterate(null, 'x')].length);",
    ),
  });
  const ended = await run(project);
  const path = project.path(MADE);
  expect(notes(ended)).toEqual([
    ['UsageError', expect.stringContaining(`${path}/result.msgpack cannot be read as msgpack: `)],
    ['UsageError', expect.stringContaining(`${path}/facts.json cannot be read as JSON: `)],
    ['SystemError', expect.stringContaining(`Cannot read ${path}/DS/default.0.arrow: `)],
    // The look-up has seen the damage: the job was made again.
    1000,
  ]);
});

test('a directory that only looks like a job is left alone', async () => {
  await using project = await built();
  await cp(project.path(MADE), project.path('workdirs/dev/dev-7'), { recursive: true });
  await project.write({ 'workdirs/dev/dev-9/notes.txt': 'not a job' });
  const { code, stdout } = await project.acc('db', 'rebuild');
  expect(code).toBe(0);
  expect(stdout).toContain('indexed 2 finished jobs, 0 unfinished');
  expect(stdout).toMatch(/unreadable {2}.*dev-7\n.*unreadable {2}.*dev-9/u);
  await project.edit('methods/made.ts', 'i < 500', 'i < 501');
  expect((await run(project)).build('made').job).toBe('dev-10');
});

test('an index that was deleted is made again by the next run, and until then asked for', async () => {
  await using project = await built();
  await removeIndex(project);
  const { code, stderr } = await project.acc('jobs');
  expect(code).toBe(2);
  expect(stderr).toContain('Workdir dev has jobs, but its index is gone');
  expect(stderr).toContain('`acc db rebuild` makes it anew from the job directories');
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['made', 'user'] });
  expect(indexedJobs(project)).toEqual(finishedJobs(project));
});

test('an index that is damaged in the middle says what to do, and nothing is lost by doing it', async () => {
  await using project = await built();
  checkpoint(project);
  const damaged = await readFile(project.path(INDEX));
  await project.write({ [INDEX]: damaged.fill('noise', 4096) });
  for (const command of ['run', 'jobs']) {
    const { code, stdout, stderr } = await project.acc(command);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(
      /^error {2}Cannot \w+ workdirs\/dev\/acc\.sqlite: the database is damaged$/mu,
    );
    expect(stderr).toContain('`acc db rebuild` makes it anew from the job directories.');
  }
  const rebuilt = await project.acc('db', 'rebuild');
  expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
  expect(rebuilt.stdout).toContain('acc.sqlite.damaged');
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['made', 'user'] });
  expect(indexedJobs(project)).toEqual(expectIntact(project));
});

test('an empty or cut index is told or made again, and never taken for an empty workdir', async () => {
  await using project = await built();
  checkpoint(project);
  await truncate(project.path(INDEX), 0);
  expect((await project.acc('jobs')).code).toBe(2);
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['made', 'user'] });
  checkpoint(project);
  await truncate(project.path(INDEX), 5000);
  const cut = await project.acc('run');
  expect(cut.code).toBe(3);
  expect(cut.stderr).toContain('acc db rebuild');
  expect((await project.acc('db', 'rebuild')).code).toBe(0);
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['made', 'user'] });
});

test('caches with foreign content are made again', async () => {
  await using project = await built();
  for (const content of ['', '{', 'null', '[]', '{"version":1}', 'text']) {
    await project.write({
      '.acc/methods.json': content,
      '.acc/files.json': content,
      '.acc/scripts.json': content,
    });
    expect(await run(project), content).toMatchObject({ code: 0, built: [], stderr: NOTE });
  }
  await rm(project.path('.acc'), { recursive: true });
  expect(await run(project)).toMatchObject({ code: 0, built: [], stderr: NOTE });
});

/** All that is on stderr when nothing is wrong. */
const NOTE = `NOTE ${JSON.stringify(RIGHT[0])}\n`;

async function removeIndex(project: Project): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) {
    await rm(project.path(INDEX + suffix), { force: true });
  }
}

/** Brings everything into the one file, as after a long while. */
function checkpoint(project: Project): void {
  const sqlite = new Sqlite(project.path(INDEX));
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
}

/** Changes one byte of a column of `dev-0`; the file keeps its size. */
async function flip(project: Project): Promise<void> {
  const file = `${MADE}/DS/default.0.arrow`;
  const bytes = await readFile(project.path(file));
  const at = bytes.indexOf(Buffer.from(Int32Array.of(7, 8, 9).buffer));
  expect(at).toBeGreaterThan(0);
  bytes[at] = 6;
  await project.write({ [file]: bytes });
}

const MARKED = 'Job dev-0 is marked as damaged: the next run that needs it makes it again.';
const WRONG = 'the checksum of column "x" of record batch 0 is wrong';

/** The next run makes the job anew, and tells why, whatever happens to the index. */
async function expectMadeAnew(project: Project): Promise<void> {
  const list = await project.acc('jobs', '--state', 'damaged', '--json');
  const listed = JSON.parse(list.stdout) as { damaged: unknown }[];
  expect(listed.at(-1)?.damaged).toMatchObject({ file: 'DS/default.0.arrow' });
  expect((await project.acc('job', 'dev-0')).stdout).toMatch(/damaged +DS\/default\.0\.arrow/u);
  expect(await project.acc('db', 'rebuild')).toMatchObject({ code: 0 });
  const next = await run(project);
  expect(next.code, next.stderr).toBe(0);
  expect(notes(next)).toEqual(RIGHT);
  expect(next.warnings).toEqual([
    'dev-0 (made) is not reused: its file DS/default.0.arrow was changed after it was written',
  ]);
  const { job, reasons } = next.build('made');
  expect(reasons).toEqual([{ kind: 'damaged', subject: 'dev-0', before: 'DS/default.0.arrow' }]);
  expect((await project.acc('why', String(job))).stdout).toContain(
    'dev-0 is damaged: its file DS/default.0.arrow was changed after it was written',
  );
  expect(await run(project)).toMatchObject({ built: [], warnings: [] });
}

test('a file that was changed in place and is met in a stage marks its job, which is made again', async () => {
  await using project = await built();
  await flip(project);
  await project.edit('methods/user.ts', "'x')", "['x'])");
  const { code, stdout } = await project.acc('run');
  expect(code).toBe(1);
  expect(stdout).toContain(WRONG);
  expect(stdout).toContain(MARKED);
  await expectMadeAnew(project);
});

test('a job that is found to be damaged is made again in the same run, where it is built again', async () => {
  await using project = await built();
  await flip(project);
  await project.write({
    'build.ts': script(
      "const built = () => urd.build('made').then((source) => urd.build('user', { source }, { force: true }));",
      'note(await built().catch((error) => error.failure.error.damagedJob));',
      'note(await (await built()).load());',
    ),
  });
  expect(notes(await run(project))).toEqual(['dev-0', ...RIGHT]);
});

test('a file that was changed in place and is met in the build script marks its job', async () => {
  await using project = await built();
  await flip(project);
  await project.edit(
    'build.ts',
    '  note(await (await urd',
    "  if (urd.flags.look) for (const x of source.dataset().iterate(null, 'x')) void x;\n  note(await (await urd",
  );
  const { code, stderr } = await project.acc('run', '--flag', 'look=yes');
  expect(code).toBe(3);
  expect(stderr).toContain(WRONG);
  expect(stderr).toContain(MARKED);
  await expectMadeAnew(project);
});

test.each([
  ['cat', 'dev-0'],
  ['grep', '3', 'dev-0'],
  ['hist', 'dev-0', 'x'],
  ['sql', 'SELECT sum(x) FROM {dev-0}'],
])('a file that was changed in place and is met by `acc %s` marks its job', async (...command) => {
  await using project = await built();
  await flip(project);
  const { code, stderr } = await project.acc(...command);
  expect(code, stderr).toBe(3);
  expect(stderr).toContain(WRONG);
  expect(stderr).toContain(MARKED);
  await expectMadeAnew(project);
});
