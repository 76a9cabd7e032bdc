import { cp, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { Project } from '../rig/project.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the main job makes a chart, a table and a summary, and does so once', async () => {
  await using project = await Project.create();
  await cp(`${ROOT}/build.ts`, project.path('build.ts'));
  await cp(`${ROOT}/methods/birdstrikes`, project.path('methods/birdstrikes'), { recursive: true });
  await symlink(`${ROOT}/node_modules`, project.path('node_modules'));

  const first = await project.acc('run');
  expect(first.stdout, first.stderr).toMatch(/\nbuilt 17, reused 0, failed 0 in/u);
  expect(first.stdout).toContain('10000 strikes from 1990 to 2002 cost 40545276 dollars');

  const chart = await project.read('results/strikes-by-month.svg');
  expect(chart).toMatch(/^<svg .*<\/svg>$/su);
  expect(chart).toContain('Bird strikes by month');
  expect(chart).not.toContain('NaN');

  const table = await project.read('results/strikes-by-state.csv');
  expect(table.split('\n').slice(0, 3)).toEqual([
    'state,strikes,cost',
    'Texas,1495,7798739',
    'California,890,4861510',
  ]);

  const summary = JSON.parse(await project.read('results/summary.json')) as Record<string, unknown>;
  expect(summary).toMatchObject({
    strikes: 10_000,
    cost: 40_545_276,
    firstMonth: '1990-01',
    lastMonth: '2002-07',
  });

  const second = await project.acc('run');
  expect(second.stdout, second.stderr).toMatch(/\nbuilt 0, reused 17, failed 0 in/u);
});
