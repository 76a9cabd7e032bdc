// Whether all columns of a batch hold as many values as it has rows: authors who append to columns may lose count.

import { UsageError } from '../../model/errors.ts';
import { plural } from '../../util/quantity.ts';
import type { DatasetDeclaration } from '../manifest/dataset-part.ts';
import { quote } from './value-error.ts';

/** The rows that the columns are to hold. */
export interface CountedRows {
  readonly declaration: DatasetDeclaration;
  /** Rows of the present batch. */
  readonly rows: number;
  /** Rows in earlier batches. */
  readonly rowsBefore: number;
  /** The slice they are written to; left out where it is not known yet. */
  readonly sliceno?: number;
}

/** Throws `UsageError` for the first column that holds another number of values than there are rows. */
export function checkLengths(
  columns: readonly { readonly length: number }[],
  { declaration, rows, rowsBefore, sliceno }: CountedRows,
): void {
  const uneven = columns.findIndex((column) => column.length !== rows);
  if (uneven < 0) return;
  const place = sliceno === undefined ? '' : ` in slice ${sliceno}`;
  throw new UsageError({
    code: 'uneven_columns',
    message:
      `Expected column ${quote(declaration.columns[uneven]?.name ?? '')} of dataset ` +
      `${quote(declaration.name)} to hold ${plural(rowsBefore + rows, 'value')}${place}, ` +
      `one for each row, got ${rowsBefore + (columns[uneven]?.length ?? 0)}`,
    hint: 'Append one value to every column before each `endRow()`.',
  });
}
