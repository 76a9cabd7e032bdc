// Ends a dataset whose slices have been written: checks that every slice is there and writes the manifest.

import { join } from 'node:path';

import { columnTypeText } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRecord } from '../../model/manifest.ts';
import { writeFileAtomic } from '../../util/atomic-file.ts';
import { attempt } from '../format/file-access.ts';
import { publishSlice, SliceWriter } from '../write/slice-writer.ts';
import { quote } from '../write/value-error.ts';
import { uniteBounds } from './bounds.ts';
import { columnDigest, datasetDigest } from './dataset-digest.ts';
import { dataFileStem, manifestFileName, sliceFileName } from './dataset-files.ts';
import type { DatasetManifest, ManifestColumn, ManifestFile } from './dataset-manifest.ts';
import { MANIFEST_VERSION, readManifest } from './dataset-manifest.ts';
import type { DatasetDeclaration, PartColumn, SlicePart } from './dataset-part.ts';

/** A dataset whose slices have been written and published. */
export interface WrittenDataset {
  readonly declaration: DatasetDeclaration;
  readonly parts: readonly SlicePart[];
  readonly slices: number;
  readonly job: JobId;
  readonly jobPath: string;
  /** Directory of the job that `previous` lies in. */
  readonly pathOfJob: (job: JobId) => string;
}

/** Writes a dataset's manifest and returns its record; its files are complete but not flushed to disk. */
export function finishDataset(written: WrittenDataset): DatasetRecord {
  const { declaration, jobPath } = written;
  const parts = completeParts(written);
  const previousRef = declaration.previous;
  const previous =
    previousRef === null ? null : readManifest(previousRef, written.pathOfJob(previousRef.job));
  const stem = dataFileStem(declaration.name);
  const manifest = makeManifest(written, parts, previous);
  const text = `${JSON.stringify(manifest)}\n`;
  const path = join(jobPath, manifestFileName(declaration.name));
  attempt('write', path, () => writeFileAtomic(path, text));
  return {
    name: declaration.name,
    digest: manifest.digest,
    rows: manifest.lines.reduce((sum, lines) => sum + lines, 0),
    previous: previousRef,
    hashlabel: null,
    columns: Object.fromEntries(
      manifest.columns.map((column) => [
        column.name,
        { type: columnTypeText(column), digest: column.digest },
      ]),
    ),
    files: Object.fromEntries([
      [manifestFileName(declaration.name), Buffer.byteLength(text)],
      ...parts.map((part) => [sliceFileName(stem, part.sliceno), part.sizeBytes] as const),
    ]),
  };
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
  writer.start(sliceno);
  const part = writer.end();
  publishSlice(jobPath, declaration.name, sliceno);
  return part;
}

function makeManifest(
  { declaration, job }: WrittenDataset,
  parts: readonly SlicePart[],
  previous: DatasetManifest | null,
): DatasetManifest {
  const lines = parts.map((part) => part.rows);
  const columns = declaration.columns.map((column, i): ManifestColumn => {
    const slices = parts.map((part) => partColumn(part, i));
    const bounds = uniteBounds(
      column.type,
      slices.flatMap((slice) => slice.batches),
    );
    return {
      ...column,
      digest: columnDigest({ ...column, slices }, previous),
      ...bounds,
      file: 0,
      fileColumn: column.name,
      slices,
    };
  });
  const file: ManifestFile = {
    job,
    stem: dataFileStem(declaration.name),
    slices: parts.map(({ sizeBytes, batches, checksums }) => ({ sizeBytes, batches, checksums })),
  };
  return {
    version: MANIFEST_VERSION,
    name: declaration.name,
    digest: datasetDigest({ columns, lines, hashlabel: null, previous }),
    caption: declaration.caption,
    filename: declaration.filename,
    hashlabel: null,
    previous: declaration.previous,
    parent: null,
    lines,
    columns,
    files: [file],
  };
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
