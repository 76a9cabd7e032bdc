// `equivalentTo`: an edit that is declared to change nothing makes no job run, and the next edit ends that.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { run, script } from '../rig/run.ts';

const METHOD = `import { defineMethod } from 'acc-engine';

export default defineMethod({
  synthesis: () => 1 + 1,
});
`;

const OUTER = `import { defineMethod } from 'acc-engine';

export default defineMethod({
  async synthesis({ build }) {
    return (await build('sum', {})).load();
  },
});
`;

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/sum.ts': METHOD,
  'methods/outer.ts': OUTER,
  'build.ts': script("urd.build('sum');", "urd.build('outer');"),
};

async function digestOf(project: Project): Promise<string> {
  const { stdout } = await project.acc('method', 'sum', '--json');
  return (JSON.parse(stdout) as { digest: string }[])[0]?.digest ?? '';
}

test('jobs of the older code are current until the next edit', async () => {
  await using project = await Project.create(FILES);
  await run(project);
  const older = await digestOf(project);
  await project.edit('methods/sum.ts', '1 + 1', '2');
  const present = await digestOf(project);
  const declaration = `  equivalentTo: ['${older}', '${present}'],\n`;
  await project.edit('methods/sum.ts', '  synthesis', `${declaration}  synthesis`);
  expect(await run(project)).toMatchObject({ built: [], reused: ['outer', 'sum'], warnings: [] });
  expect((await project.acc('method', 'sum')).stdout).toContain(`same as  ${older}`);

  await project.edit('methods/sum.ts', '=> 2', '=> 3');
  const edited = await run(project);
  expect(edited.built).toEqual(['outer', 'sum']);
  expect(edited.warnings.join()).toMatch(
    /`equivalentTo` does not name the present code.*add '\w{64}'/,
  );
});

test('a list that does not name the present code counts for nothing, and what to add is said', async () => {
  await using project = await Project.create(FILES);
  await run(project);
  const older = await digestOf(project);
  await project.edit('methods/sum.ts', '() => 1 + 1', `() => 2,\n  equivalentTo: ['${older}']`);
  const { stdout } = await project.acc('method', 'sum');
  const [, present = ''] = /add '(\w{64})'/.exec(stdout) ?? [];
  await project.edit('methods/sum.ts', `'${older}'`, `'${older}', '${present}'`);
  expect((await run(project)).built).toEqual([]);
});

test('a list that is made elsewhere is refused', async () => {
  const list = `const LIST = ['${'a'.repeat(64)}'].slice();\n`;
  await using project = await Project.create({
    ...FILES,
    'methods/sum.ts': list + METHOD.replace('  synthesis', '  equivalentTo: LIST,\n  synthesis'),
  });
  const { code, stdout, stderr } = await project.acc('method', 'sum');
  expect(code).toBe(2);
  expect(stdout + stderr).toContain('to be written out in its definition');
});
