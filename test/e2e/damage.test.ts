// Jobs that have lost something: never reused, told once, made again, also where a chain or a parent leads to them.

import { rm, truncate } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const COPY = `import { readFileSync } from 'node:fs';
import { defineMethod, inputFile } from 'acc-engine';

export default defineMethod({
  options: { file: inputFile() },
  synthesis({ options, job }) {
    const text = readFileSync(options.file, 'utf8');
    job.write('copy.txt', text);
    return text.length;
  },
});
`;

const SIZE = `import { defineMethod, job } from 'acc-engine';

export default defineMethod({
  jobs: { source: job() },
  synthesis: ({ jobs }) => jobs.source.load(),
});
`;

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/copy.ts': COPY,
  'methods/size.ts': SIZE,
  'data.txt': 'one two\n',
  'build.ts': script(
    "const copy = urd.build('copy', { file: 'data.txt' });",
    "urd.build('size', { source: copy });",
  ),
};

test('a job with a deleted or truncated file is a miss, reported once, and made again', async () => {
  await using project = await Project.create(FILES);
  await run(project);

  await rm(project.path('workdirs/dev/dev-0/copy.txt'));
  const deleted = await run(project);
  expect(deleted).toMatchObject({ code: 0, built: ['copy'], reused: ['size'] });
  expect(deleted.warnings).toEqual(['dev-0 (copy) is not reused: its file copy.txt is missing']);
  expect(deleted.build('copy').reasons).toMatchObject([{ kind: 'damaged', subject: 'dev-0' }]);
  expect(await run(project)).toMatchObject({ built: [], warnings: [] });

  await truncate(project.path('workdirs/dev/dev-2/copy.txt'), 3);
  const truncated = await run(project);
  expect(truncated).toMatchObject({ code: 0, built: ['copy'], reused: ['size'] });
  expect(truncated.warnings).toContain(
    'dev-2 (copy) is not reused: its file copy.txt has another size than it was made with',
  );

  await rm(project.path('workdirs/dev/dev-3'), { recursive: true });
  const removed = await run(project);
  expect(removed).toMatchObject({ code: 0, built: ['copy'], reused: ['size'] });
  expect(removed.warnings).toContainEqual(expect.stringContaining('dev-3 (copy) is not reused'));
});

test('a job may be given by id; one that does not exist or is damaged is an error', async () => {
  await using project = await Project.create(FILES);
  await run(project);
  await project.write(sizeOf('dev-0'));
  expect(await run(project)).toMatchObject({ code: 0, reused: ['size'] });
  await project.write(sizeOf('dev-7'));
  const missing = await run(project);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('Job `source`: there is no finished job dev-7');
  // Nothing checks a job that is given by id, but what it has lost is not taken for nothing.
  await rm(project.path('workdirs/dev/dev-0/result.msgpack'));
  await rm(project.path('workdirs/dev/dev-1/result.msgpack'));
  await project.write(sizeOf('dev-0'));
  const damaged = await run(project);
  expect(damaged).toMatchObject({ code: 1, failed: ['size'] });
  expect(damaged.build('size').failure).toMatchObject({
    error: {
      message: expect.stringContaining(
        'Job dev-0 (copy) is damaged: its file "result.msgpack" is missing',
      ) as string,
    },
  });
});

test('a chain is made again from the damaged job on, so that it can be read to its end', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/day.ts': `import { dataset, defineMethod, job, z } from 'acc-engine';
export default defineMethod({
  options: { day: z.number() },
  datasets: { before: dataset().optional() },
  jobs: { previous: job().optional() },
  prepare: ({ job, datasets }) => job.datasetWriter({ columns: { day: 'int32' }, previous: datasets.before }),
  analysis: ({ prepareRes, options }) => prepareRes.write(options.day),
});
`,
    'build.ts': script(
      'let [asDatasets, asJobs] = [];',
      'for (const day of [1, 2, 3]) {',
      "  asDatasets = await urd.build('day', { day, before: asDatasets }, { name: 'd' + day });",
      "  asJobs = await urd.build('day', { day: day + 10, previous: asJobs }, { name: 'j' + day });",
      '}',
      "note([...asDatasets.dataset().chain().iterate(0, 'day')]);",
      'note(asJobs.chain().map((job) => job.params.options.day));',
    ),
  });
  const chains = [
    [1, 2, 3],
    [11, 12, 13],
  ];
  expect(notes(await run(project))).toEqual(chains);
  // dev-0 and dev-1 begin the chains; the second of the first chain is dev-2.
  await truncate(project.path('workdirs/dev/dev-0/DS/default.1.arrow'), 10);
  const first = await run(project);
  expect(first).toMatchObject({ code: 0, built: ['d1', 'd2', 'd3'], reused: ['j1', 'j2', 'j3'] });
  expect(notes(first)).toEqual(chains);
  expect(first.build('d3').reasons).toEqual([{ kind: 'damaged', subject: 'dev-0' }]);
  await rm(project.path('workdirs/dev/dev-3'), { recursive: true });
  const second = await run(project);
  expect(second).toMatchObject({ code: 0, built: ['j2', 'j3'], reused: ['d1', 'd2', 'd3', 'j1'] });
  expect(notes(second)).toEqual(chains);
  expect(await run(project)).toMatchObject({ built: [], warnings: [] });
});

test('a parent is made again when one of its subjobs is damaged', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/parent.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: ({ build }) => build('copy', { file: 'data.txt' }) });
`,
    'build.ts': script(
      "const copy = await (await urd.build('parent')).load();",
      "note(await copy.read('copy.txt', 'utf8'));",
    ),
  });
  expect(notes(await run(project))).toEqual(['one two\n']);
  await rm(project.path('workdirs/dev/dev-1'), { recursive: true });
  const again = await run(project);
  expect(again).toMatchObject({ code: 0, built: ['copy', 'parent'] });
  expect(again.build('parent').reasons).toEqual([{ kind: 'damaged', subject: 'dev-1' }]);
  expect(notes(again)).toEqual(['one two\n']);
  expect(await run(project)).toMatchObject({ built: [] });
});

function sizeOf(id: string): Record<string, string> {
  return { 'build.ts': script(`await urd.build('size', { source: '${id}' });`) };
}
