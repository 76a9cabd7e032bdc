// Output that cannot be written: every command says so in one line and ends with 3.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/table.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { n: 'int32' } }),
  analysis: ({ sliceno, prepareRes }) => prepareRes.write(sliceno),
});
`,
    'build.ts': "export default (urd) => urd.build('table');\n",
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

const COMMANDS = [
  ['cat', 'table'],
  ['grep', '1', 'table'],
  ['ds', 'table'],
  ['sql', 'select * from jobs'],
  ['hist', 'table', 'n'],
  ['run'],
  ['run', '--json'],
  ['jobs'],
  ['method'],
  ['--help'],
  ['--version'],
].map((words) => [words] as const);

test.skipIf(!existsSync('/dev/full')).each(COMMANDS)('acc %j into a full device', (words) => {
  const command = `${project.shellCommand(words)} > /dev/full`;
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    cwd: project.directory,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: 'error  Cannot write to stdout: ENOSPC: no space left on device\n',
  });
});
