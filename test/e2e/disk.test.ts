// The machine's faults: full and read-only disks, places that are no directories. Nothing half-made is reused, and
// acc works again when the fault is gone. Where nothing may be mounted, only the last of these are run.

import { mkdirSync, rmSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { canMount, Disk } from '../rig/disk.ts';
import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';
import { expectIntact, finishedJobs, indexedJobs, indexRows } from '../rig/workdir.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2, concurrency: 2 };\n',
  'methods/small.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => options.n });
`,
  'methods/big.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { megabytes: z.number() },
  analysis({ job, sliceno, options }) {
    job.write('part' + sliceno + '.bin', Buffer.alloc(options.megabytes * 500_000, sliceno));
  },
  synthesis: ({ options }) => options.megabytes,
});
`,
  'methods/rows.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { x: 'float64' } }),
  analysis({ prepareRes }) { for (let i = 0; i < 300_000; i++) prepareRes.write(i); },
});
`,
  'build.ts': script(
    "await urd.build('small', { n: 1 });",
    "const big = urd.build('big', { megabytes: Number(urd.flags.megabytes ?? 1) });",
    "urd.build('small', { n: 2 }, { name: 'small 2' });",
    'note(await (await big).load());',
  ),
};

const ADVICE = 'Make room and run again: finished jobs are kept.';

describe.runIf(canMount())('on a file system of its own', () => {
  test('a disk that is full in the middle of a method is the fault of the machine', async () => {
    await using project = await Project.create(FILES);
    using disk = Disk.mount(project.path('workdirs/dev'), '3m');
    const { code, stdout } = await project.acc('run', '--flag', 'megabytes=20');
    expect(code).toBe(3);
    expect(stdout).toMatch(/failed in analysis\(\d\): Error: ENOSPC/u);
    expect(stdout).toContain(ADVICE);
    expect(stdout).toMatch(/small +built .*as small 2$/mu);
    expect(expectIntact(project)).toHaveLength(2);
    expect(indexRows(project, 'SELECT * FROM claims')).toEqual([]);
    disk.grow('40m');
    const next = await run(project, '--flag', 'megabytes=20');
    expect(next).toMatchObject({ code: 0, built: ['big'], reused: ['small', 'small 2'] });
    expect(notes(next)).toEqual([20]);
  });

  test('a disk that is full while a dataset is written fails the job in the same way', async () => {
    await using project = await Project.create({
      ...FILES,
      'build.ts': script("await urd.build('rows');"),
    });
    using disk = Disk.mount(project.path('workdirs/dev'), '3m');
    const { code, stdout } = await project.acc('run');
    expect(code).toBe(3);
    expect(stdout).toMatch(/\(rows\) failed in .*ENOSPC/u);
    expect(stdout).toContain(ADVICE);
    expect(finishedJobs(project)).toEqual([]);
    disk.grow('40m');
    expect(await run(project)).toMatchObject({ code: 0, built: ['rows'] });
  });

  test('jobs that fail for it leave no files open', async () => {
    await using project = await Project.create({
      ...FILES,
      'methods/random.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { rows: z.number(), split: z.boolean().default(false) },
  synthesis({ job, options: { rows, split } }) {
    const columns = { x: 'float64', y: 'float64', z: 'float64' };
    const writer = job.datasetWriter({ columns, ...(split ? { hashlabel: 'x' } : {}) });
    if (!split) writer.setSlice(0);
    const target = split ? writer.split() : writer;
    for (let i = 0; i < rows; i++) target.write(Math.random(), Math.random(), Math.random());
    if (!split) writer.setSlice(1);
  },
});
`,
      'build.ts': script(
        "const { readdirSync, readlinkSync } = await import('node:fs');",
        'const targets = () => readdirSync("/proc/self/fd").flatMap((fd) => {',
        '  try { return readlinkSync("/proc/self/fd/" + fd); } catch { return []; }',
        '});',
        "const source = await urd.build('random', { rows: 80_000 });",
        'const builds = [',
        "  ['dataset_sort', { source, sortColumns: ['y'], sortAcrossSlices: true }],",
        "  ['dataset_group', { source, keys: ['x'], aggregates: { y: { max: 'y' }, z: { max: 'z' } } }],",
        "  ['random', { rows: 200_000, split: true }],",
        '];',
        'for (const [method, inputs] of builds) {',
        '  await urd.build(method, inputs).catch(({ failure: { stage, error } }) => note([method, stage.name, /ENOSPC/u.test(JSON.stringify(error))]));',
        '}',
        "note(targets().filter((target) => target.includes('/dev/dev-')));",
      ),
    });
    using _ = Disk.mount(project.path('workdirs/dev'), '5m');
    expect(notes(await run(project))).toEqual([
      ['dataset_sort', 'synthesis', true],
      ['dataset_group', 'synthesis', true],
      ['random', 'synthesis', true],
      [],
    ]);
  });

  test('a disk that is full before a run is told once, and nothing is left behind', async () => {
    await using project = await Project.create(FILES);
    using disk = Disk.mount(project.path('workdirs/dev'), '2m');
    expect((await run(project)).code).toBe(0);
    disk.fill();
    const { code, stderr } = await project.acc('run', '--flag', 'megabytes=2');
    expect(code).toBe(3);
    expect(stderr).toContain('the disk is full');
    expect(stderr).toContain(ADVICE);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(10);
    expect(expectIntact(project)).toHaveLength(3);
    disk.empty();
    disk.grow('10m');
    const next = await run(project, '--flag', 'megabytes=2');
    expect(next).toMatchObject({ code: 0, built: ['big'], reused: ['small', 'small 2'] });
  });

  test('jobs that are made until the disk is full are kept, one after the other', async () => {
    await using project = await Project.create({
      ...FILES,
      'build.ts': script(
        "for (let n = 0; n < 400; n++) urd.build('small', { n }, { name: 'small ' + n });",
      ),
    });
    using disk = Disk.mount(project.path('workdirs/dev'), '2m');
    const { code, stderr } = await project.acc('run');
    expect(code).toBe(3);
    expect(stderr).toContain('the disk is full');
    const made = expectIntact(project);
    expect(made.length).toBeGreaterThan(10);
    disk.grow('60m');
    const next = await run(project);
    expect(next).toMatchObject({ code: 0, failed: [] });
    expect(next.reused.length).toBeGreaterThanOrEqual(made.length);
    expect(expectIntact(project)).toHaveLength(400);
    expect(indexedJobs(project)).toEqual(finishedJobs(project));
    expect(indexRows(project, 'SELECT * FROM claims')).toEqual([]);
  });

  test('a script that makes room after a failed build can build again at once', async () => {
    await using project = await Project.create({
      ...FILES,
      'methods/fill.ts': `import { writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    try { writeFileSync(job.path + '/../fill', Buffer.alloc(3_000_000)); } catch {}
    return 'written';
  },
});
`,
      'build.ts': script(
        "const { rmSync } = await import('node:fs');",
        "try { await urd.build('fill'); note('built'); } catch (error) { note(error.name); }",
        "rmSync('workdirs/dev/fill');",
        "await urd.build('small', { n: 1 });",
        "try { await urd.build('fill'); note('built'); } catch (error) { note(error.name); }",
      ),
    });
    using _ = Disk.mount(project.path('workdirs/dev'), '2m');
    const ended = await run(project);
    expect(notes(ended)).toHaveLength(2);
    expect(ended.code).toBe(3);
    expect(ended.events.filter(({ type }) => type === 'waiting')).toEqual([]);
  });

  test('a workdir that cannot be written can still be looked at', async () => {
    await using project = await Project.create(FILES);
    using disk = Disk.mount(project.path('workdirs/dev'), '10m');
    expect((await run(project)).code).toBe(0);
    disk.makeReadOnly();
    const { code, stdout, stderr } = await project.acc('run');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      'error  Cannot write workdirs/dev/acc.sqlite: the database cannot be written\n    Check who owns it and its mode.\n',
    );
    expect((await project.acc('jobs')).stdout).toMatch(/^dev-0 +small +finished/mu);
    expect((await project.acc('why', 'dev-1')).code).toBe(0);
    expect((await project.acc('job', 'dev-1')).code).toBe(0);
    expect((await project.acc('db', 'rebuild')).code).toBe(3);
    disk.makeWritable();
    expect(await run(project)).toMatchObject({ code: 0, built: [] });
  });

  test('caches on a full disk stop the run before it has done anything', async () => {
    await using project = await Project.create(FILES);
    using disk = Disk.mount(project.path('.acc'), '16k');
    const { code, stderr } = await project.acc('run');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error {2}Cannot .* \.acc\/.*: the disk is full$/mu);
    disk.grow('10m');
    expect((await run(project)).code).toBe(0);
  });
});

test.each([
  ['a workdir', 'workdirs', 'Cannot create workdirs/dev: a part of the path is not a directory'],
  ['the caches', '.acc', 'a part of the path is not a directory'],
])('a file where the directory of %s should be is named', async (_, name, says) => {
  await using project = await Project.create({ ...FILES, [name]: 'a file' });
  const { code, stdout, stderr } = await project.acc('run');
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(says);
  rmSync(project.path(name));
  expect((await run(project)).code).toBe(0);
});

test('a directory where the index should be is named', async () => {
  await using project = await Project.create(FILES);
  mkdirSync(project.path('workdirs/dev/acc.sqlite'), { recursive: true });
  for (const command of [['run'], ['jobs'], ['db', 'rebuild']]) {
    const { code, stderr } = await project.acc(...command);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error {2}Cannot open workdirs\/dev\/acc\.sqlite: /u);
    expect(stderr).not.toContain('SQLITE');
  }
});
