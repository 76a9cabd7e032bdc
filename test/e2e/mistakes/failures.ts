// Jobs that end without success, one for each kind of failure, and failures of the standard methods.

import { inMethod, inScript } from './mistake.ts';
import type { Mistake } from './mistake.ts';

function csv(title: string, text: string, inputs = ''): Mistake {
  return inScript(
    'threw',
    `csvimport ${title}`,
    [`await urd.build('csvimport', { filename: 'data.csv', ${inputs} });`],
    {
      files: { 'data.csv': text },
    },
  );
}

/** One of each kind, then what the standard methods throw. */
export const FAILURES: readonly Mistake[] = [
  {
    ...inMethod(
      'threw',
      'an exception',
      "analysis({ sliceno }) {\n  if (sliceno === 1) { console.log('loading'); throw new RangeError('no rows'); }\n},",
    ),
    throws: 'RangeError',
  },
  inMethod('exited', 'process.exit', 'synthesis() { process.exit(3); },'),
  inMethod(
    'exited',
    'in a process of its own',
    "memoryLimitMb: 200,\nsynthesis() { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); },",
  ),
  inMethod(
    'out_of_memory',
    'more than its limit',
    'memoryLimitMb: 60,\nsynthesis() { const all = []; for (;;) all.push(new Array(10_000).fill(1.5)); },',
  ),
  inMethod('timed_out', 'an endless loop', 'timeout: 100,\nsynthesis() { for (;;); },'),
  inMethod('invalid_output', 'a function', 'synthesis: () => ({ score: () => 1 }),'),
  inMethod(
    'invalid_output',
    'a file that was never ended',
    "synthesis({ job }) { job.open('rows.txt', 'w').write('x'); },",
  ),
  inMethod(
    'invalid_output',
    'a file that is gone',
    "synthesis({ job }) { job.write('a.txt', 'x'); return import('node:fs').then((fs) => fs.rmSync(job.path + '/a.txt')); },",
  ),
  inScript(
    'invalid_input',
    'a column that a dataset does not have, in an option of a standard method',
    [
      "const source = await urd.build('table');",
      "await urd.build('dataset_sort', { source, sortColumns: ['citty'] });",
    ],
  ),
  inScript(
    'skipped',
    'an input that failed',
    ["const bad = urd.build('bad');", "await urd.build('table', { previous: bad });"],
    {
      files: {
        'methods/bad.ts':
          "import { defineMethod } from 'acc-engine';\nexport default defineMethod({ synthesis() { throw new Error('no'); } });\n",
      },
    },
  ),
  inScript('retry', 'twice', ["await urd.build('bad', {}, { retries: 1 });"], {
    files: {
      'methods/bad.ts':
        "import { defineMethod } from 'acc-engine';\nexport default defineMethod({ synthesis() { throw new Error('no'); } });\n",
    },
  }),
  csv('of a ragged line', 'city,price\nOslo,3\nRiga\n'),
  csv('of a quote that is never closed', 'city,price\n"Oslo,3\n'),
  csv('of an empty file', ''),
  csv('of two columns with one name', 'city,city\n'),
  csv('of a value of another type', 'city,price\nOslo,3\nRiga,four\n', "types: { price: 'int32' }"),
  csv('of a misspelt column', 'city,price\nOslo,3\n', "types: { prise: 'int32' }"),
  csv('of a separator that is none', 'city,price\nOslo,3\n', "separator: ';;'"),
  inScript('threw', 'csvexport of a misspelt column', [
    "const source = await urd.build('table');",
    "await urd.build('csvexport', { source, columns: ['cty'] });",
  ]),
];
