// Mistakes in writing and reading datasets.

import { MANIFEST_VERSION } from '../../../src/data/manifest/dataset-manifest.ts';
import { inMethod, inSynthesis } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const WRITER =
  "const writer = job.datasetWriter({ columns: { price: 'int32', city: 'string' } });\nwriter.setSlice(0);\n";

function writing(code: string, title: string, body: string): Mistake {
  return inSynthesis(code, title, WRITER + body);
}

function inAnalysis(code: string, title: string, body: string): Mistake {
  return inMethod(
    code,
    title,
    `prepare: ({ job }) => job.datasetWriter({ columns: { price: 'int32' } }),\nanalysis({ job, prepareRes, sliceno }) {\n  if (sliceno === 0) ${body}\n},`,
  );
}

/** Mistakes of declaring, writing and reading. */
export const DATASET_MISTAKES: readonly Mistake[] = [
  inSynthesis(
    'invalid_dataset_name',
    'half a character',
    String.raw`job.datasetWriter({ name: '\ud800', columns: { a: 'int32' } });`,
  ),
  inSynthesis(
    'invalid_column_name',
    'half a character',
    String.raw`job.datasetWriter({ columns: { '\ud800': 'int32' } });`,
  ),
  inSynthesis(
    'invalid_column_type',
    'misspelt',
    "job.datasetWriter({ columns: { price: 'in32' } });",
  ),
  writing(
    'duplicate_column',
    'added twice',
    "job.datasetWriter({ name: 'b', columns: { a: 'int32' } }).add('a', 'string');",
  ),
  writing(
    'late_column',
    'after the first row',
    "writer.write(1, 'Oslo');\nwriter.add('tax', 'int32');",
  ),
  inMethod(
    'late_column',
    'in another stage',
    "prepare: ({ job }) => job.datasetWriter({ columns: { price: 'int32' } }),\nsynthesis({ prepareRes }) { prepareRes.add('tax', 'int32'); },",
  ),
  writing('duplicate_dataset', 'the same name', "job.datasetWriter({ columns: { a: 'int32' } });"),
  inSynthesis(
    'writer_without_columns',
    'with other options',
    "job.datasetWriter({ name: 'sales', hashlabel: 'user', previous: undefined });",
  ),
  inSynthesis('unknown_writer', 'without columns', "job.datasetWriter({ name: 'sales' });"),
  writing('unknown_writer', 'misspelt', "job.datasetWriter({ name: 'defalt' });"),
  inAnalysis(
    'dataset_in_analysis',
    'a writer',
    "job.datasetWriter({ name: 'b', columns: { a: 'int32' } });",
  ),
  inAnalysis('set_slice_in_analysis', 'another slice', 'prepareRes.setSlice(1);'),
  inAnalysis('finish_in_analysis', 'too early', 'prepareRes.finish();'),
  inSynthesis(
    'no_slice',
    'write before setSlice',
    "job.datasetWriter({ columns: { a: 'int32' } }).write(1);",
  ),
  inSynthesis(
    'no_columns',
    'an empty declaration',
    'job.datasetWriter({ columns: {} }).setSlice(0);',
  ),
  writing('unknown_slice', 'to write', 'writer.setSlice(2);'),
  writing('slice_written', 'back to a slice', 'writer.setSlice(1);\nwriter.setSlice(0);'),
  writing(
    'dataset_finished',
    'write after finish',
    "writer.setSlice(1);\nwriter.finish();\nwriter.write(1, 'Oslo');",
  ),
  writing('wrong_columns', 'too few values', 'writer.write(1);'),
  writing(
    'wrong_columns',
    'a misspelt name',
    "writer.writeRow({ price: 1, city: 'Oslo', cty: 'Oslo' });",
  ),
  writing('uneven_columns', 'in a batch', "writer.writeBatch({ price: [1, 2], city: ['Oslo'] });"),
  writing(
    'uneven_columns',
    'column by column',
    'writer.columns.price.append(1);\nwriter.endRow();\nwriter.setSlice(1);',
  ),
  writing('invalid_value', 'text for a number', "writer.write('3', 'Oslo');"),
  writing(
    'invalid_value',
    'too large',
    "writer.write(1, 'Riga');\nwriter.write(3_000_000_000, 'Oslo');",
  ),
  writing('invalid_value', 'null', 'writer.write(1, null);'),
  writing(
    'invalid_value',
    'a misspelt name in a row',
    "writer.writeRow({ price: 1, cty: 'Oslo' });",
  ),
  writing('missing_slices', 'one of two', "writer.write(1, 'Oslo');"),
  writing('missing_slices', 'asked to finish', 'writer.finish();'),
  inSynthesis('not_in_digest', 'the caption of an input', 'table.caption;'),
  inSynthesis(
    'not_in_digest',
    'the name of a dataset before an input',
    "const next = job.datasetWriter({ name: 'next', columns: { a: 'int32' }, previous: table, allowMissingSlices: true });\nnext.finish().previous.name;",
  ),
  inSynthesis('not_in_digest', 'the file of a column', "table.columnFile('price', 0);"),
  inSynthesis('unknown_slice', 'to read', "[...table.iterate(7, 'price')];"),
  inSynthesis('unknown_column', 'misspelt', "[...table.iterate(null, 'prise')];"),
  inSynthesis('unknown_column', 'like none', "table.min('frobnicate');"),
  inMethod(
    'undeclared_column',
    'to read',
    "datasets: { table: dataset({ columns: { price: 'int32' } }) },\nsynthesis: ({ datasets }) => [...datasets.table.iterate(null, 'city')],",
    'table',
  ),
  inMethod(
    'inexact_values',
    'as numbers',
    "prepare({ job }) {\n  const writer = job.datasetWriter({ columns: { id: 'int64' } });\n  writer.setSlice(0);\n  writer.write(2n ** 60n);\n  writer.setSlice(1);\n  return writer.finish();\n},\nsynthesis: ({ prepareRes }) => [...prepareRes.iterate(null, 'id', { int64: 'number' })],",
  ),
  inSynthesis(
    'unknown_dataset',
    'the files are gone',
    "const { rmSync } = await import('node:fs');\nconst own = await build('table', { start: 60 });\nrmSync(own.path + '/DS', { recursive: true });\n[...own.dataset().iterate(null, 'price')];",
  ),
  inSynthesis(
    'dataset_version',
    'of a later acc',
    `const { writeFileSync } = await import('node:fs');\nconst own = await build('table', { start: 50 });\nwriteFileSync(own.path + '/DS/default.json', '{"version":${MANIFEST_VERSION + 1}}');\n[...own.dataset().iterate(null, 'price')];`,
  ),
];
