// The example that `acc method NAME` shows for each standard method runs as it is printed.

import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { script } from '../rig/run.ts';
import { zipOf } from '../rig/zip.ts';

const STANDARD = new URL('../../methods/', import.meta.url);

/** What the examples take for granted. */
const GIVEN = [
  "const source = await urd.build('rows');",
  "const imported = await urd.build('csvimport', { filename: 'imported.csv' });",
  "const placed = await urd.build('dataset_hashpart', { source, hashlabel: 'user' });",
  'const [orders, users, typed, flights, yesterday] = [placed, placed, source, source, source];',
  "const airports = await urd.build('csvimport', { filename: 'airports.csv' });",
  "const scored = await urd.build('dataset_rename_columns', { source: typed, rename: { cost: 'score' } });",
  'const yesterdayAndToday = source;',
  "const parquet = await urd.build('parquet_export', { source });",
  "parquet.withFile('result.parquet');",
  "(await import('node:fs')).copyFileSync(parquet.filename('result.parquet'), 'flights-1.parquet');",
];

const ROWS = `import { defineMethod } from 'acc-engine';

export default defineMethod({
  prepare: ({ job }) =>
    job.datasetWriter({
      columns: {
        id: 'int32', user: 'string', country: 'string', price: 'float64', cost: 'float64', day: 'date',
        time: 'datetime', comment: 'string', origin: 'string', delay: 'float64',
      },
    }),
  analysis({ sliceno, prepareRes }) {
    const at = new Date(sliceno * 86_400_000);
    prepareRes.write(sliceno, 'ada', 'SE', 1.5, 2, at, at, '', 'OSL', 3);
    prepareRes.write(sliceno, 'bo', 'NO', 2.5, 2, at, at, 'x', 'RIX', 4);
  },
});
`;

const PRICES = 'price,sold\n1.5,2024-03-31\n2,2024-04-01\n';

test('the example of each standard method runs as it is printed', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/rows.ts': ROWS,
    'imported.csv': 'price,sold\n1.5,31.03.2024\n2,01.04.2024\n',
    'airports.csv': 'code,city\nOSL,Oslo\nRIX,Riga\n',
  });
  await mkdir(project.path('2024'));
  await writeFile(project.path('2024/a.csv.gz'), gzipSync(PRICES));
  await writeFile(project.path('prices.zip'), zipOf([{ name: 'a.csv', content: PRICES }]));
  const event = '{"at":"2024-03-31T12:00:00","n":1}\n';
  await writeFile(project.path('events-1.jsonl.gz'), gzipSync(event));

  const names = readdirSync(STANDARD).flatMap((file) => /^(\w+)\.ts$/u.exec(file)?.[1] ?? []);
  expect(names).toContain('dataset_filter_columns');
  const { stdout } = await project.acc('method', ...names);
  const examples = new Map(names.map((name) => [name, exampleOf(stdout, name)]));
  await project.write({
    'build.ts': script(
      ...GIVEN,
      ...[...examples].map(([name, text]) => `{ const ${name} = ${text};\nawait ${name}; }`),
    ),
  });
  const run = await project.acc('run');
  expect(run.stdout, run.stderr).not.toContain('failed  ');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  for (const name of names) expect(run.stdout).toMatch(new RegExp(`^dev-\\d+ +${name} `, 'mu'));
});

/** The call that is shown for a method. */
function exampleOf(shown: string, method: string): string {
  const text = shown
    .split(/^(?=\w+ {2}\S*\/methods\/)/mu)
    .find((one) => one.startsWith(`${method}  `));
  const [, example] =
    /^Example: ([^]*?)\n {2}(?:options|datasets|jobs|stages)\b/mu.exec(text ?? '') ?? [];
  // A second call would not have been tried.
  expect(text?.split('urd.build(')).toHaveLength(2);
  return example ?? `'${method} has no example'`;
}
