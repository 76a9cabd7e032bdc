// Mistakes in giving values to the columns of a dataset.

import { inSynthesis } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const WRITER =
  "const writer = job.datasetWriter({ columns: { x: 'int8' } });\nwriter.setSlice(0);\n";

/** Mistakes of batches and values. */
export const COLUMN_MISTAKES: readonly Mistake[] = [
  inSynthesis(
    'unknown_row',
    'a row that was not given',
    `${WRITER}writer.writeBatch({ x: [1, 2] }, { rows: Int32Array.of(0, 2) });`,
  ),
  inSynthesis(
    'too_many_rows',
    'more rows than a record batch takes',
    `${WRITER}writer.endRows(100_000);`,
  ),
  inSynthesis(
    'invalid_default',
    'a default of another type',
    "job.datasetWriter({ columns: { x: { type: 'int8', default: 'none' } } }).setSlice(0);",
  ),
  inSynthesis(
    'invalid_compression',
    'a codec that Arrow does not know',
    "job.datasetWriter({ columns: { x: 'int8' }, compression: 'gzip' });",
  ),
];
