// Checks how an author declares a dataset and brings it into its one form. All mistakes are reported together.

import {
  COLUMN_TYPES,
  columnTypeFacts,
  columnWritingFacts,
  COMPRESSIONS,
  isColumnType,
} from '../../model/column-type.ts';
import type { ColumnDeclaration, Compression } from '../../model/column-type.ts';
import type { Problem } from '../../model/errors.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import { didYouMean } from '../../util/nearest.ts';
import { isWellFormed } from '../../util/well-formed.ts';
import { describeValue, quote } from '../write/value-error.ts';
import { memberProblems } from './column-members.ts';
import type { DatasetManifest } from './dataset-manifest.ts';
import type { DatasetDeclaration, DeclaredColumn } from './dataset-part.ts';

/** Columns by name, as authors declare them; `null` drops a column of the parent. */
export type WrittenColumns = Readonly<Record<string, ColumnDeclaration | null>>;

/** How a dataset is declared by its author, other datasets resolved. */
export interface DatasetFacts {
  readonly name: string;
  readonly stem: string;
  readonly columns: WrittenColumns;
  readonly previous: DatasetRef | null;
  readonly parent: {
    readonly ref: DatasetRef;
    readonly manifest: DatasetManifest;
    /** Columns that are not taken over, as the author may not see them. */
    readonly hidden: readonly string[];
  } | null;
  /** `undefined`: that of the parent, if any. */
  readonly hashlabel: string | null | undefined;
  /** The hashlabel may be another one than the parent's. */
  readonly hashlabelOverride: boolean;
  readonly compression: Compression;
  readonly caption: string;
  readonly filename: string | null;
  readonly allowMissingSlices: boolean;
  readonly forSingleSlice: number | null;
}

/** Makes the declaration; throws `UsageError` naming every mistake. Columns may still be added. */
export function declareDataset(facts: DatasetFacts): DatasetDeclaration {
  const { parent, hashlabel: _, hashlabelOverride: __, ...plain } = facts;
  const columns = Object.entries(facts.columns).flatMap(([name, declaration]) =>
    declaration === null
      ? []
      : [{ name, ...columnTypeFacts(declaration), ...columnWritingFacts(declaration) }],
  );
  const dropped = Object.keys(facts.columns).filter((name) => facts.columns[name] === null);
  const problems = columns.flatMap((column) => columnProblems(facts.name, column));
  problems.push(
    ...Object.entries(facts.columns).flatMap(([name, declaration]) =>
      memberProblems(`Column ${quote(name)} of dataset ${quote(facts.name)}`, declaration),
    ),
  );
  problems.push(...dropped.flatMap((name) => dropProblem(name, facts)), ...labelProblem(facts));
  if (!COMPRESSIONS.includes(facts.compression)) {
    problems.push({
      code: 'invalid_compression',
      message: `Expected the compression of dataset ${quote(facts.name)} to be one of ${COMPRESSIONS.join(', ')}, got ${describeValue(facts.compression)}`,
      token: facts.compression,
    });
  }
  if (!isWellFormed(facts.name)) {
    problems.push({
      code: 'invalid_dataset_name',
      message: `Expected the name of a dataset to be valid Unicode, got ${quote(facts.name)}`,
    });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return {
    ...plain,
    columns,
    dropped: [...dropped, ...(parent?.hidden ?? [])],
    parent: parent?.ref ?? null,
    hashlabel: labelOf(facts, columns, dropped),
    isHashlabelGiven: typeof facts.hashlabel === 'string',
  };
}

/** The label is lost when its column is. */
function labelOf(
  { parent, hashlabel, hashlabelOverride }: DatasetFacts,
  columns: readonly DeclaredColumn[],
  dropped: readonly string[],
): string | null {
  if (hashlabel !== undefined || parent === null || hashlabelOverride) return hashlabel ?? null;
  const inherited = parent.manifest.hashlabel;
  const isWritten = columns.some(({ name }) => name === inherited);
  return inherited !== null && dropped.includes(inherited) && !isWritten ? null : inherited;
}

function labelProblem({ name, parent, hashlabel, hashlabelOverride }: DatasetFacts): Problem[] {
  const inherited = parent?.manifest.hashlabel;
  if (parent === null || hashlabelOverride || hashlabel === undefined || hashlabel === inherited) {
    return [];
  }
  const is =
    inherited === null ? 'has no hashlabel' : `has the hashlabel ${quote(inherited ?? '')}`;
  return [
    {
      code: 'other_hashlabel',
      message: `Expected the hashlabel of dataset ${quote(name)} to be that of its parent, which ${is}, got ${hashlabel === null ? 'null' : quote(hashlabel)}`,
      hint: 'Say `hashlabelOverride: true` if all rows are where the new hashlabel wants them.',
    },
  ];
}

function dropProblem(column: string, { name, parent }: DatasetFacts): Problem[] {
  if (parent?.manifest.columns.some((candidate) => candidate.name === column) === true) return [];
  const why = parent === null ? 'it has no parent' : 'its parent has no such column';
  return [
    {
      code: 'nothing_to_drop',
      message: `Column ${quote(column)} of dataset ${quote(name)} is null, which drops it, but ${why}`,
      token: column,
    },
  ];
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
    problems.push({
      code: 'invalid_column_type',
      message: `Expected the type of ${where} to be one of ${COLUMN_TYPES.join(', ')}, got ${describeValue(type)}`,
      hint: didYouMean(String(type), COLUMN_TYPES),
      token: String(type),
    });
  }
  if (!isWellFormed(name)) {
    problems.push({
      code: 'invalid_column_name',
      message: `Expected the names of columns of dataset ${quote(dataset)} to be valid Unicode, got ${quote(name)}`,
    });
  }
  return problems;
}
