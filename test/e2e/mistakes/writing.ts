// Mistakes in placing rows in slices and in making datasets of datasets.

import { inMethod, inSynthesis } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const HASHED =
  "const writer = job.datasetWriter({ name: 'b', columns: { n: 'int32' }, hashlabel: 'n' });\n";
const CHILD =
  "const writer = job.datasetWriter({ name: 'b', parent: table, columns: { n: 'int32' } });\n";

function linking(code: string, title: string, options: string): Mistake {
  return inSynthesis(code, title, `job.linkDataset(table, ${options});`);
}

/** Mistakes of hashing, split writers, parents, links and merges. */
export const WRITING_MISTAKES: readonly Mistake[] = [
  inSynthesis(
    'cannot_hash',
    'an object',
    "const { hashSlice } = await import('acc-engine');\nhashSlice({ city: 'Oslo' }, 2);",
  ),
  inSynthesis(
    'cannot_hash',
    'a column of json',
    "const { SlicePlacer } = await import('acc-engine');\nnew SlicePlacer('json', 2);",
  ),
  inSynthesis(
    'unknown_slice',
    'to write alone',
    "job.datasetWriter({ name: 'b', columns: { n: 'int32' }, forSingleSlice: 7 });",
  ),
  inSynthesis('wrong_slice', 'a row', `${HASHED}writer.setSlice(1);\nwriter.write(0);`),
  inSynthesis(
    'wrong_slice',
    'a batch',
    `${HASHED}writer.setSlice(1);\nwriter.writeBatch({ n: [0] });\nwriter.finish();`,
  ),
  inSynthesis(
    'no_hash_column',
    'not declared',
    "job.datasetWriter({ columns: { n: 'int32' }, hashlabel: 'm' }).setSlice(0);",
  ),
  inSynthesis(
    'no_hash_column',
    'a column of the parent',
    "const hashed = job.datasetWriter({ name: 'h', columns: { n: 'int32' }, hashlabel: 'n' });\nhashed.split();\njob.datasetWriter({ columns: { m: 'int32' }, parent: hashed.finish() }).split();",
  ),
  inSynthesis(
    'no_hashlabel',
    'nothing to go by',
    "job.datasetWriter({ columns: { n: 'int32' } }).enableHashDiscard();",
  ),
  inSynthesis(
    'late_hash_discard',
    'after setSlice',
    `${HASHED}writer.setSlice(0);\nwriter.enableHashDiscard();`,
  ),
  inSynthesis(
    'split_and_slices',
    'one after the other',
    `${HASHED}writer.split();\nwriter.setSlice(0);`,
  ),
  inSynthesis(
    'split_missing_slices',
    'no slice will be missing',
    "job.datasetWriter({ columns: { n: 'int32' }, allowMissingSlices: true }).split();",
  ),
  inMethod(
    'other_single_slice',
    'another slice',
    "prepare: ({ job }) => job.datasetWriter({ columns: { n: 'int32' }, forSingleSlice: 1 }),\nanalysis({ prepareRes, sliceno }) {\n  if (sliceno === 0) prepareRes.write(1);\n},",
  ),
  inSynthesis('parent_lines', 'too few rows', `${CHILD}writer.split();\nwriter.finish();`),
  inSynthesis(
    'other_hashlabel',
    'than the parent has',
    "job.datasetWriter({ parent: table, columns: { n: 'int32' }, hashlabel: 'n' });",
  ),
  inSynthesis(
    'unfinished_source',
    'a writer as parent',
    "const left = job.datasetWriter({ name: 'left', columns: { m: 'int32' } });\njob.datasetWriter({ columns: { n: 'int32' }, parent: left });",
  ),
  inSynthesis(
    'nothing_to_drop',
    'not in the parent',
    'job.datasetWriter({ parent: table, columns: { prise: null } });',
  ),
  inSynthesis(
    'nothing_to_drop',
    'no parent',
    "job.datasetWriter({ columns: { n: 'int32', price: null } });",
  ),
  inSynthesis(
    'invalid_dataset_spec',
    'no job',
    "job.datasetWriter({ columns: { n: 'int32' }, previous: 'sales' });",
  ),
  linking('unknown_column', 'to rename', "{ rename: { prise: 'cost' } }"),
  linking('unknown_column', 'to keep', "{ columns: ['town'] }"),
  linking('renamed_twice', 'to one name', "{ rename: { price: 'a', city: 'a' } }"),
  linking('no_columns', 'all left out', '{ rename: { price: null, city: null } }'),
  linking(
    'duplicate_dataset',
    'of a link',
    "{});\njob.linkDataset(table, { rename: { city: 'c' } }",
  ),
  inSynthesis(
    'unknown_dataset_option',
    'of a writer',
    "job.datasetWriter({ columns: { n: 'int32' }, hashLabel: 'n' });",
  ),
  linking('unknown_dataset_option', 'of a link', "{ renames: { price: 'cost' } }"),
  inSynthesis(
    'unknown_dataset_option',
    'of a merge',
    'job.mergeDatasets(table, table, { unrelated: true });',
  ),
  inSynthesis('unknown_dataset_option', 'of a chain', 'table.chain({ stopDs: table });'),
  inSynthesis(
    'unknown_dataset_option',
    'of columns that are written',
    "job.datasetWriter({ columns: { n: { type: 'int32', nulable: true } } });",
  ),
  inSynthesis(
    'unknown_dataset_option',
    'of a column that is added',
    "job.datasetWriter({ columns: {} }).add('n', { type: 'int32', none: 0 });",
  ),
  inSynthesis('merge_itself', 'twice the same', 'job.mergeDatasets(table, table);'),
  inSynthesis(
    'merge_lines',
    'other slices',
    `${HASHED}writer.split();\njob.mergeDatasets(table, writer.finish());`,
  ),
  inSynthesis(
    'merge_unrelated',
    'made apart',
    "const writer = job.datasetWriter({ name: 'b', columns: { n: 'int32' } });\nconst split = writer.split();\nsplit.write(1);\nsplit.write(2);\njob.mergeDatasets(table, writer.finish());",
  ),
];
