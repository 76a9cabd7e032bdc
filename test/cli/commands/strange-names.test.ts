// Names and captions that hold line ends and escapes of terminals: whatever shows them, the terminal obeys none.

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const STRANGE = String.raw`'a\nb\x1b[31m\x9b2J'`;
const SHOWN = String.raw`a\nb\x1b[31m\x9b2J`;

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 1 };\n',
    'methods/odd.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { text: z.string() },
  datasets: { previous: dataset().optional() },
  prepare: ({ job, datasets }) => job.datasetWriter({
    name: ${STRANGE}, caption: ${STRANGE}, filename: ${STRANGE}, previous: datasets.previous,
    columns: { [${STRANGE}]: 'string' },
  }),
  analysis: ({ prepareRes }) => prepareRes.write(${STRANGE}),
  synthesis: ({ job }) => job.write(${STRANGE}, ''),
});
`,
    'build.ts': `export default async function main(urd) {
  const strange = ${STRANGE};
  const first = await urd.build('odd', { text: '' });
  const settings = { name: strange, caption: strange, labels: { [strange]: strange } };
  await urd.build('odd', { text: strange, previous: first.dataset(strange) }, settings);
}
`,
  });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

test.each([
  { command: ['run'], times: 1 },
  { command: ['jobs'], times: 2 },
  { command: ['job', 'dev-1'], times: 7 },
  { command: ['ds', '-l', 'dev-1'], times: 2 },
  { command: ['ds', '-c', '--location', 'dev-1/a\nb\x1b[31m\x9b2J'], times: 9 },
  { command: ['ds', '--head', '1', 'dev-1/a\nb\x1b[31m\x9b2J'], times: 2 },
  { command: ['cat', '-H', '-D', '-f', 'aligned', 'dev-1/a\nb\x1b[31m\x9b2J'], times: 3 },
  { command: ['grep', '-l', 'a', '-f', 'aligned', 'dev-1/a\nb\x1b[31m\x9b2J'], times: 1 },
  { command: ['why', 'dev-1'], times: 1 },
  { command: ['ds', 'dev-1'], times: 1 },
])('$command.0 $command.1: nothing that it shows moves the cursor', async ({ command, times }) => {
  const { stdout, stderr } = await project.acc(...command);
  const text = stdout + stderr;
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/u);
  expect(text.split(SHOWN).length - 1, text).toBeGreaterThanOrEqual(times);
});
