// Checks how an author declares a dataset and brings it into its one form. All mistakes are reported together.

import { COLUMN_TYPES, columnTypeFacts, isColumnType } from '../../model/column-type.ts';
import type { Problem } from '../../model/errors.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import { nearest } from '../../util/nearest.ts';
import { isWellFormed } from '../../util/well-formed.ts';
import type { ColumnTypes } from '../column-values.ts';
import { describeValue, quote } from '../write/value-error.ts';
import type { DatasetDeclaration, DeclaredColumn } from './dataset-part.ts';

/** How a dataset is declared by its author, `previous` resolved. */
export interface DatasetFacts {
  readonly name: string;
  readonly columns: ColumnTypes;
  readonly previous: DatasetRef | null;
  readonly caption: string;
  readonly filename: string | null;
  readonly allowMissingSlices: boolean;
}

/** Makes the declaration; throws `UsageError` naming every mistake. Columns may still be added. */
export function declareDataset(facts: DatasetFacts): DatasetDeclaration {
  const columns = Object.entries(facts.columns).map(([name, declaration]) => {
    return { name, ...columnTypeFacts(declaration) };
  });
  const problems = columns.flatMap((column) => columnProblems(facts.name, column));
  if (!isWellFormed(facts.name)) {
    problems.push({
      code: 'bad_dataset_name',
      message: `Expected the name of a dataset to be valid Unicode, got ${quote(facts.name)}`,
    });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return { ...facts, columns };
}

/** Adds a column to a declaration. */
export function declareColumn(
  declaration: DatasetDeclaration,
  column: DeclaredColumn,
): DatasetDeclaration {
  const problems = columnProblems(declaration.name, column);
  if (declaration.columns.some((other) => other.name === column.name)) {
    problems.push({
      code: 'duplicate_column',
      message: `Dataset ${quote(declaration.name)} already has a column ${quote(column.name)}`,
    });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return { ...declaration, columns: [...declaration.columns, column] };
}

function columnProblems(dataset: string, { name, type }: DeclaredColumn): Problem[] {
  const where = `column ${quote(name)} of dataset ${quote(dataset)}`;
  const problems: Problem[] = [];
  if (!isColumnType(type)) {
    const meant = nearest(String(type), COLUMN_TYPES);
    problems.push({
      code: 'bad_column_type',
      message: `Expected the type of ${where} to be one of ${COLUMN_TYPES.join(', ')}, got ${describeValue(type)}`,
      ...(meant === undefined ? {} : { hint: `Did you mean ${quote(meant)}?` }),
      token: String(type),
    });
  }
  if (!isWellFormed(name)) {
    problems.push({
      code: 'bad_column_name',
      message: `Expected the names of columns of dataset ${quote(dataset)} to be valid Unicode, got ${quote(name)}`,
    });
  }
  return problems;
}
