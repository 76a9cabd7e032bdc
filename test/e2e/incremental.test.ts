// A method that reads what has come since its last job, and what the author of a failing loop is told.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 2 };\n' };

const DAY = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { day: z.number() },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options, datasets }) {
    const writer = job.datasetWriter({ columns: { day: 'int32' }, previous: datasets.previous });
    for (const slice of [0, 1]) {
      writer.setSlice(slice);
      writer.write(options.day * 10 + slice);
    }
  },
});
`;

test('a chain stops before what the job of an earlier result was given, if that is declared with lineage', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/day.ts': DAY,
    'methods/total.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset(), previous: dataset({ lineage: true }).optional() },
  synthesis({ job, datasets }) {
    const writer = job.datasetWriter({ columns: { n: 'int32' }, allowMissingSlices: true });
    writer.setSlice(0);
    for (const n of datasets.source.chain({ stop: { of: datasets.previous, input: 'source' } }).iterate(null, 'day')) writer.write(n);
  },
});
`,
    'build.ts': script(
      "const one = await urd.build('day', { day: 1 });",
      "const two = await urd.build('day', { day: 2, previous: one });",
      "const three = await urd.build('day', { day: 3, previous: two });",
      "const first = await urd.build('total', { source: one });",
      "const second = await urd.build('total', { source: three, previous: first });",
      "note([first, second].map((job) => [...job.dataset().iterate(null, 'n')]));",
    ),
  });

  const result = await run(project);

  expect(result, result.stderr).toMatchObject({ code: 0 });
  expect(notes(result)).toEqual([
    [
      [10, 11],
      [20, 21, 30, 31],
    ],
  ]);
});

test('an error in a filter names dataset, slice and row below the status it happened in', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/day.ts': DAY,
    'methods/fails.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  synthesis({ datasets, status }) {
    using line = status('counting');
    const filters = (day: number) => { if (day === 11) throw new Error('no'); return true; };
    for (const _ of datasets.source.iterate(1, 'day', { range: { day: [11, null] }, filters }));
  },
});
`,
    'build.ts': script(
      "const one = await urd.build('day', { day: 1 });",
      "await urd.build('fails', { source: one });",
    ),
  });

  const result = await run(project);

  expect(result.code).toBe(1);
  expect(JSON.stringify(result.build('fails'))).toContain('"reading dev-0, slice 1, row 0"');
  expect(JSON.stringify(result.build('fails'))).toContain('"counting"');
});
