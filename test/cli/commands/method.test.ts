import { expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const RANK = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  description: 'Ranks rows',
  options: { limit: z.int().min(1).describe('How many rows to keep'), by: z.string().default('price') },
  datasets: { source: dataset({ columns: { price: 'float64' } }), more: dataset().optional() },
  synthesis() {},
});
`;
const CUT = `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis() { return 1 +; } });
`;

test('a method is shown with all that its inputs take, and a build call', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default {};\n',
    'methods/rank.ts': RANK,
  });
  const { stdout, stderr, code } = await project.acc('method', 'rank');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout.split('\n').slice(1, 12)).toEqual([
    'Ranks rows',
    '  options',
    '    limit  required; positive integer',
    '           How many rows to keep',
    '    by     default "price"; string',
    '  datasets',
    '    source  required; columns price: float64',
    '    more    optional; any columns',
    '  build',
    "    await urd.build('rank', { limit: 1, source: job })",
    '  stages  synthesis',
  ]);
});

test('the standard methods say what their options are for', async () => {
  await using project = await Project.create({ 'acc.config.ts': 'export default {};\n' });
  const { stdout } = await project.acc('method', 'csvimport');
  expect(stdout).toContain('"float64"');
  expect(stdout).toContain('{ price: "float64", sold: { type: "date", nullable: true } }');
});

test('a method that cannot be parsed is listed with its error, and told by acc types', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default {};\n',
    'methods/cut.ts': CUT,
  });
  const text = /^cut +cannot be used: methods\/cut\.ts:2:\d+ {2}Syntax error/mu;
  expect((await project.acc('method')).stdout).toMatch(text);
  const types = await project.acc('types');
  expect(types.stdout).toMatch(/types of \d+ methods/u);
  expect(types.stderr).toMatch(text);
});
