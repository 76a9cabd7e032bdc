import { expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const DAYS = `import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    const columns = { day: 'date', at: 'datetime' };
    const writer = job.datasetWriter({ columns });
    writer.setSlice(0);
    writer.writeRow({ day: new Date('1990-01-08'), at: new Date('1990-01-08T01:02:03Z') });
  },
});
`;

test('a date is shown as a day, a datetime with its time, as bounds and in rows', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default { slices: 1 };\n',
    'methods/days.ts': DAYS,
    'build.ts': "export default (urd) => urd.build('days');\n",
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
  const { stdout } = await project.acc('ds', 'days');
  expect(stdout).toMatch(/^ +day +date +1990-01-08 … 1990-01-08$/mu);
  expect(stdout).toMatch(
    /^ +at +datetime +1990-01-08T01:02:03\.000Z … 1990-01-08T01:02:03\.000Z$/mu,
  );
  const head = await project.acc('ds', 'days', '--head', '1');
  expect(head.stdout).toMatch(/^1990-01-08 +1990-01-08T01:02:03\.000Z$/mu);
});
