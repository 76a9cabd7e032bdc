// Mistakes in looking into datasets: patterns, columns, slices, flags and queries.

import { onCommandLine } from './mistake.ts';
import type { Mistake } from './mistake.ts';

/** Mistakes of the commands that look into datasets. */
export const LOOKING_MISTAKES: readonly Mistake[] = [
  onCommandLine('invalid_pattern', 'no regular expression', ['grep', 'a(b', 'table']),
  onCommandLine('invalid_pattern', 'no number', ['grep', '-N', 'seven', 'table']),
  onCommandLine('unknown_column', 'neither column nor dataset', ['grep', 'Oslo', 'table', 'ctiy']),
  onCommandLine('unknown_slice', 'on the command line', ['cat', 'table', '--slice', '70']),
  onCommandLine('conflicting_flags', 'two orders', ['cat', 'table', '--unordered', '-r']),
  onCommandLine('invalid_flag', 'a misspelt format', ['cat', 'table', '-f', 'jsn']),
  onCommandLine('invalid_flag', 'no tab stops', ['cat', 'table', '-T', 'wide']),
  onCommandLine('invalid_query', 'no column of the index', ['sql', 'select mthod from jobs']),
  onCommandLine('invalid_query', 'no column of a dataset', ['sql', 'select ctiy from {table}']),
  onCommandLine('invalid_query', 'no dataset of the query', [
    'sql',
    'select * from {table} join weather using (city)',
  ]),
  onCommandLine(
    'invalid_query',
    'a chain with two types of a column',
    ['sql', '--chain', 'select * from {mixed}'],
    {
      files: {
        'methods/mixed.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { type: z.enum(['int32', 'string']) },
  datasets: { previous: dataset().optional() },
  prepare: ({ job, options, datasets }) =>
    job.datasetWriter({ columns: { price: options.type }, previous: datasets.previous }),
  analysis: ({ options, prepareRes }) => prepareRes.write(options.type === 'int32' ? 3 : 'three'),
});
`,
        'build.ts': `export default async function main(urd) {
  const previous = await urd.build('mixed', { type: 'int32' });
  await urd.build('mixed', { type: 'string', previous });
}
`,
      },
    },
  ),
  onCommandLine('invalid_query', 'a change of the index', ['sql', 'delete from jobs']),
  { code: 'unused_workdir', title: 'nothing to ask', command: ['sql', 'select 1'] },
  onCommandLine('missing_argument', 'no column to count', ['hist', 'table']),
  {
    code: 'infinite_values',
    title: 'bins that would never end',
    files: {
      'methods/report.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { speed: 'float64' } }),
  analysis: ({ prepareRes }) => prepareRes.write(Infinity),
});
`,
      'build.ts': "export default (urd) => urd.build('report');\n",
    },
    before: [['run']],
    command: ['hist', 'report', 'speed'],
  },
  onCommandLine('missing_argument', 'no dataset to search', ['grep', 'Oslo']),
  onCommandLine('missing_argument', 'no dataset to print', ['cat']),
];
