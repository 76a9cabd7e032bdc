// What stays of a job that did not succeed: what tells why, and nothing that only takes space.

import { existsSync, readdirSync, rmSync } from 'node:fs';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { run, script } from '../rig/run.ts';

const RECORDS = ['method.mjs', 'method.mjs.map', 'setup.json'];

const CONFIG = { 'acc.config.ts': 'export default { slices: 2, concurrency: 2 };\n' };

/** Writes a dataset, files that are finished, temporary and hidden, and one that is half written; then comes to `end`. */
function method(end: string): string {
  return `import { writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare({ job }) {
    job.write('prepared.tmp', 'x', { temp: true });
    return job.datasetWriter({ columns: { x: 'int32' } });
  },
  analysis({ sliceno, job, prepareRes }) {
    console.log('slice');
    prepareRes.write(1);
    writeFileSync(job.path + '/.sorted.' + sliceno, 'x');
    job.write('unpacked.' + sliceno, 'x', { temp: true });
    job.write('parts/' + sliceno, 'x');
  },
  async synthesis({ job }) {
    job.write('summed.tmp', 'x', { temp: true });
    job.open('half', 'w').write('x');
    console.log('started');
    ${end}
  },
});
`;
}

const KEPT = [
  ...RECORDS,
  'OUTPUT',
  'OUTPUT/0',
  'OUTPUT/1',
  'OUTPUT/synthesis',
  'parts',
  'parts/0',
  'parts/1',
];

const LOOP = 'await new Promise((resolve) => setTimeout(resolve, 600_000));';

test.each([
  ['throws', "throw new Error('no');"],
  ['exits', 'process.exit(3);'],
  ['times out', LOOP],
  ['is stopped by force', 'for (;;);'],
])(
  'of a job that %s, what was printed and the files that it had finished are kept',
  async (_, end) => {
    await using project = await Project.create({
      ...CONFIG,
      'methods/bad.ts': method(end),
      'build.ts': script("await urd.build('bad', {}, { timeout: '1s' });"),
    });
    expect(await run(project)).toMatchObject({ code: 1, failed: ['bad'] });
    const gone = end.startsWith('throw') ? [] : ['summed.tmp'];
    expect(filesOf(project, 'dev-0')).toEqual([...KEPT, 'failure.json', ...gone].toSorted());
  },
);

test('of a job whose process was killed, the same is kept once the job is made again', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/bad.ts': method(`if (job.id === 'dev-0') ${LOOP}; job.write('half', '')`),
    'build.ts': script("await urd.build('bad');"),
  });
  const acc = project.start(['run']);
  await acc.printed('started');
  acc.kill('SIGKILL');
  await acc.ended;
  expect(filesOf(project, 'dev-0')).toContain('DS/default.0.arrow');

  await run(project);

  expect(filesOf(project, 'dev-0')).toEqual(
    [...KEPT, 'prepared.tmp', 'summed.tmp', 'unpacked.0', 'unpacked.1'].toSorted(),
  );
});

test('standard methods that time out leave no copies of the data', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/table.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { x: 'float64' } }),
  analysis({ prepareRes }) {
    prepareRes.writeBatch({ x: Float64Array.from({ length: 1_000_000 }, Math.random) });
  },
});
`,
    'build.ts': script(
      "const source = await urd.build('table');",
      "await urd.build('dataset_sort', { source, sortColumns: ['x'], sortAcrossSlices: true }, { timeout: '300ms' });",
    ),
  });
  expect(await run(project)).toMatchObject({ failed: ['dataset_sort'] });
  expect(filesOf(project, 'dev-1')).toEqual(['failure.json', ...RECORDS]);
});

test('a link in the directory of a failed job leads to nothing that is removed', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'photos/.album': 'mine',
    'methods/bad.ts': `import { symlinkSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    symlinkSync(job.path + '/../../../photos', job.path + '/photos');
    symlinkSync('.', job.path + '/circle');
    job.write('.hidden', 'x');
    throw new Error('no');
  },
});
`,
    'build.ts': script("await urd.build('bad');"),
  });
  expect(await run(project)).toMatchObject({ code: 1, failed: ['bad'] });
  expect(await project.read('photos/.album')).toBe('mine');
  const directory = project.path('workdirs/dev/dev-0');
  expect(readdirSync(directory).toSorted()).toEqual(
    ['circle', 'failure.json', 'photos', ...RECORDS].toSorted(),
  );
  expect(existsSync(project.path('workdirs/dev/dev-0/photos/.album'))).toBe(true);
});

test('directories of jobs may be deleted: a failed one is missed by nobody, another one is made again', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/good.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: () => 1 });
`,
    'methods/bad.ts': method("throw new Error('no');"),
    'build.ts': script("await urd.build('good');", "await urd.build('bad').catch(() => {});"),
  });
  await run(project);
  rmSync(project.path('workdirs/dev/dev-1'), { recursive: true });
  expect(await project.acc('jobs')).toMatchObject({ code: 0, stderr: '' });
  expect(await run(project)).toMatchObject({ reused: ['good'], failed: ['bad'], warnings: [] });

  rmSync(project.path('workdirs/dev/dev-0'), { recursive: true });
  expect(await run(project)).toMatchObject({ built: ['good'], failed: ['bad'] });
  expect(await project.acc('db', 'rebuild')).toMatchObject({ code: 0, stderr: '' });
  expect(await run(project)).toMatchObject({ reused: ['good'], warnings: [] });
});

function filesOf(project: Project, job: string): readonly string[] {
  const path = project.path('workdirs/dev', job);
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).toSorted();
}
