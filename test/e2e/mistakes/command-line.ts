// Mistakes on the command line: words, flags and specs of jobs and datasets.

import { inScript, onCommandLine } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const CHAIN = [
  "const first = await urd.build('table');",
  "await urd.build('table', { start: 2, previous: first });",
];

const LISTS = {
  'methods/many.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { sources: dataset().array(), other: dataset().optional() },
});
`,
  'build.ts': `export default async function main(urd) {
  const one = await urd.build('table');
  const two = await urd.build('table', { start: 2 });
  await urd.build('many', { sources: [one, two] });
}
`,
};

/** Mistakes of words and flags, then of specs. */
export const COMMAND_LINE_MISTAKES: readonly Mistake[] = [
  { code: 'missing_command', title: 'a flag without a command', command: ['--jsn'] },
  { code: 'unknown_command', title: 'a misspelt command', command: ['rum'] },
  { code: 'unknown_command', title: 'a script instead of a command', command: ['build.ts'] },
  { code: 'unknown_command', title: 'a word that is like no command', command: ['frobnicate'] },
  { code: 'unknown_flag', title: 'misspelt', command: ['run', '--frce'] },
  { code: 'unknown_flag', title: 'like no flag', command: ['status', '-x'] },
  { code: 'invalid_flag', title: 'no number', command: ['run', '--slices', 'two'] },
  { code: 'invalid_flag', title: 'no value', command: ['run', '--workdir'] },
  { code: 'invalid_flag', title: 'a value too many', command: ['run', '--json=yes'] },
  { code: 'invalid_flag', title: 'a misspelt state', command: ['jobs', '--state', 'finishd'] },
  { code: 'invalid_flag', title: 'no time', command: ['jobs', '--since', 'yesterday'] },
  { code: 'missing_argument', title: 'nothing to explain', command: ['why'] },
  { code: 'invalid_argument', title: 'misspelt', command: ['db', 'rebuld'] },
  { code: 'extra_argument', title: 'two where one goes', command: ['why', 'dev-1', 'dev-2'] },
  { code: 'missing_script', title: 'no build.ts', files: {} },
  inScript('missing_script', 'misspelt', [], { command: ['run', 'bild.ts'] }),
  inScript('missing_script', 'like no other', [], { command: ['run', 'nofile.ts'] }),
  {
    code: 'no_project',
    title: 'a directory that is not there',
    command: ['--project', 'shop', 'run'],
  },
  {
    code: 'no_project',
    title: 'a file instead of a directory',
    command: ['--project', 'sales.csv', 'jobs'],
  },
  {
    code: 'no_project',
    title: 'nowhere above',
    change: { 'package.json': null, 'acc.config.ts': null, methods: null },
    command: ['jobs'],
  },
  {
    code: 'unknown_workdir',
    title: 'misspelt on the command line',
    command: ['run', '--workdir', 'def'],
  },
  { code: 'not_empty', title: 'init where there are files', command: ['init'] },
  { code: 'not_a_directory', title: 'init in a file', command: ['init', 'sales.csv'] },
  onCommandLine('not_a_spec', 'no step', ['job', 'dev-0?']),
  onCommandLine('not_a_spec', 'an empty spec', ['job', '']),
  onCommandLine('not_a_job', 'a directory that is no job', ['job', './methods']),
  onCommandLine('unknown_job', 'no such number', ['job', 'dev-99']),
  onCommandLine('unknown_job', 'no such workdir', ['job', 'prod-1']),
  onCommandLine('unknown_job', 'a misspelt method', ['why', 'tabel']),
  onCommandLine('missing_job', 'its directory was deleted', ['ds', 'table'], {
    change: { 'workdirs/dev/dev-0': null },
  }),
  inScript('missing_job', 'an earlier one of a chain was deleted', CHAIN, {
    before: [['run']],
    change: { 'workdirs/dev/dev-0': null },
    command: ['cat', '-c', 'dev-1'],
  }),
  onCommandLine('unknown_input', 'of a job', ['job', 'dev-0.previos']),
  onCommandLine('unset_input', 'an input that was left out', ['job', 'dev-0.previous']),
  onCommandLine('ambiguous_input', 'an input that is a list', ['job', 'many.sources'], {
    files: LISTS,
  }),
  onCommandLine('too_far', 'back over jobs', ['job', 'table~3']),
  inScript('too_far', 'back over datasets', CHAIN, {
    before: [['run']],
    command: ['ds', 'dev-1/default~3'],
  }),
  inScript('too_far', 'back over inputs', CHAIN, {
    before: [['run']],
    command: ['job', 'dev-1^4'],
  }),
  onCommandLine(
    'outside_workdirs',
    'a step from a job that was copied away',
    ['job', './copy/dev-0~'],
    {
      break: async (project) => {
        await project.write({
          'copy/dev-0/setup.json': await project.read('workdirs/dev/dev-0/setup.json'),
        });
      },
    },
  ),
  inScript('unknown_dataset', 'of a job that has none', ["await urd.build('bare');"], {
    files: {
      'methods/bare.ts':
        "import { defineMethod } from 'acc-engine';\nexport default defineMethod({});\n",
    },
    before: [['run']],
    command: ['ds', 'dev-0'],
  }),
  onCommandLine('unknown_dataset', 'on the command line', ['ds', 'dev-0/defalt']),
  onCommandLine('unknown_file', 'on the command line', ['job', 'dev-0', '--file', 'sumary.json']),
  onCommandLine('no_source', 'the code of a job is gone', ['job', 'dev-0', '--source'], {
    change: { 'workdirs/dev/dev-0/method.mjs': null },
  }),
  onCommandLine('unreadable_job', 'setup.json is damaged', ['job', 'dev-0'], {
    change: { 'workdirs/dev/dev-0/setup.json': '{' },
  }),
  { code: 'unknown_method', title: 'on the command line', command: ['method', 'tabel'] },
  onCommandLine('unknown_method', 'whose jobs are asked for', ['jobs', 'tabel', 'table']),
  onCommandLine('unknown_method', 'a job instead of a method', ['jobs', 'dev-0']),
  inScript('unknown_method', 'to be forced', [], { command: ['run', '--force', 'tabel'] }),
];
