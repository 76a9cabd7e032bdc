// Ends a dataset whose slices have been written: checks that every slice is there and writes the manifest.

import { UsageError } from '../../model/errors.ts';
import type { DatasetRecord } from '../../model/manifest.ts';
import { plural } from '../../util/quantity.ts';
import { publishSlice, SliceWriter } from '../write/slice-writer.ts';
import { quote } from '../write/value-error.ts';
import { uniteBounds } from './bounds.ts';
import { composeDataset, locatedColumns } from './compose-manifest.ts';
import type { ComposingJob, LocatedColumn } from './compose-manifest.ts';
import { sliceFileName } from './dataset-files.ts';
import type { DatasetManifest } from './dataset-manifest.ts';
import { readManifest } from './dataset-manifest.ts';
import type { DatasetDeclaration, PartColumn, SlicePart } from './dataset-part.ts';

/** A dataset whose slices have been written and published. */
export interface WrittenDataset extends ComposingJob {
  readonly declaration: DatasetDeclaration;
  readonly parts: readonly SlicePart[];
  readonly slices: number;
}

/** Writes a dataset's manifest and returns its record; its files are complete but not flushed to disk. */
export function finishDataset(written: WrittenDataset): DatasetRecord {
  const { declaration } = written;
  const { name, stem, caption, filename, hashlabel, previous, parent } = declaration;
  const parts = completeParts(written);
  const inherited = parent === null ? null : readManifest(parent, written.pathOfJob(parent.job));
  if (inherited !== null) checkLines(name, parts, inherited.lines);
  return composeDataset(
    {
      name,
      caption,
      filename,
      hashlabel,
      previous,
      parent,
      merged: null,
      lines: parts.map((part) => part.rows),
      columns: allColumns(declaration, ownColumns(written, parts), inherited),
    },
    written,
    {
      stem,
      data: Object.fromEntries(
        parts.map((part) => [sliceFileName(stem, part.sliceno), part.sizeBytes] as const),
      ),
    },
  );
}

/** Gives one part for each slice, in order; empty slices are written where they may be missing. */
function completeParts(written: WrittenDataset): readonly SlicePart[] {
  const bySlice = new Map(written.parts.map((part) => [part.sliceno, part]));
  const all = Array.from({ length: written.slices }, (_, sliceno) => sliceno);
  const missing = all.filter((sliceno) => !bySlice.has(sliceno));
  if (missing.length > 0 && !written.declaration.allowMissingSlices) {
    throw missingSlices(written.declaration.name, missing);
  }
  return all.map((sliceno) => bySlice.get(sliceno) ?? writeEmptySlice(written, sliceno));
}

function writeEmptySlice({ declaration, jobPath }: WrittenDataset, sliceno: number): SlicePart {
  const writer = new SliceWriter(declaration, jobPath);
  const part = writer.writeSlice(sliceno, () => undefined);
  publishSlice(jobPath, declaration.stem, sliceno);
  return part;
}

/** Columns of the parent keep their places; those written anew take theirs or come last. */
function allColumns(
  { dropped }: DatasetDeclaration,
  own: readonly LocatedColumn[],
  parent: DatasetManifest | null,
): readonly LocatedColumn[] {
  if (parent === null) return own;
  const columns = new Map(locatedColumns(parent).map((column) => [column.name, column]));
  for (const name of dropped) columns.delete(name);
  for (const column of own) columns.set(column.name, column);
  return [...columns.values()];
}

function ownColumns(
  { declaration, job }: WrittenDataset,
  parts: readonly SlicePart[],
): readonly LocatedColumn[] {
  const location = {
    job,
    stem: declaration.stem,
    slices: parts.map(({ sizeBytes, batches, checksums }) => ({ sizeBytes, batches, checksums })),
  };
  return declaration.columns.map((column, i) => {
    const slices = parts.map((part) => partColumn(part, i));
    const bounds = uniteBounds(
      column.type,
      slices.flatMap((slice) => slice.batches),
    );
    const { name, type, nullable } = column;
    return { name, type, nullable, ...bounds, fileColumn: name, slices, location };
  });
}

function checkLines(
  dataset: string,
  parts: readonly SlicePart[],
  expected: readonly number[],
): void {
  const wrong = parts.find((part) => part.rows !== expected[part.sliceno]);
  if (wrong === undefined) return;
  throw new UsageError({
    code: 'parent_lines',
    message:
      `Expected ${plural(expected[wrong.sliceno] ?? 0, 'row')} in slice ${wrong.sliceno} of dataset ` +
      `${quote(dataset)}, as its parent has, got ${wrong.rows}`,
    hint: 'New columns need a value for each row of the parent, in the same order.',
  });
}

function partColumn(part: SlicePart, i: number): PartColumn {
  const column = part.columns[i];
  if (column === undefined) throw new Error(`Internal error: slice ${part.sliceno} lacks a column`);
  return column;
}

function missingSlices(dataset: string, missing: readonly number[]): UsageError {
  const slices = missing.length === 1 ? 'slice' : 'slices';
  return new UsageError({
    code: 'missing_slices',
    message: `Dataset ${quote(dataset)} was not written in ${slices} ${missing.join(', ')}`,
    hint: 'Visit every slice with `setSlice`, or make the writer with `allowMissingSlices: true`.',
  });
}
