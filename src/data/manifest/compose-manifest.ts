// Puts a dataset's manifest together from columns, wherever these lie. Nothing is read or copied but metadata.

import { columnTypeText } from '../../model/column-type.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRecord, DatasetRef } from '../../model/manifest.ts';
import { onMachine } from '../../model/system-error.ts';
import { writeFileAtomic } from '../../util/atomic-file.ts';
import { chainFacts } from './chain-links.ts';
import { columnDigest, datasetDigest } from './dataset-digest.ts';
import { manifestFileName } from './dataset-files.ts';
import type { DatasetManifest, ManifestColumn, ManifestFile } from './dataset-manifest.ts';
import { MANIFEST_VERSION, readManifest } from './dataset-manifest.ts';

/** A column with the files that it lies in. */
export interface LocatedColumn extends Omit<ManifestColumn, 'digest' | 'file'> {
  readonly location: ManifestFile;
}

/** A dataset to be. */
export interface ComposedDataset extends Pick<
  DatasetManifest,
  'name' | 'caption' | 'filename' | 'hashlabel' | 'previous' | 'parent' | 'merged' | 'lines'
> {
  readonly columns: readonly LocatedColumn[];
}

/** The job that a dataset is made in. */
export interface ComposingJob {
  readonly job: JobId;
  /** Absolute path of its directory. */
  readonly jobPath: string;
  readonly pathOfJob: (job: JobId) => string;
}

/** Columns of a dataset that exists, under the same names. */
export function locatedColumns({ columns, files }: DatasetManifest): readonly LocatedColumn[] {
  return columns.map((present) => {
    const { file, digest: _, ...column } = present;
    const location = files[file];
    if (location === undefined) throw new Error(`Internal error: no file ${file} in a manifest`);
    return { ...column, location };
  });
}

/** The files of a dataset in its own job. */
export interface OwnFiles {
  readonly stem: string;
  /** Those that hold its own columns, with their sizes. */
  readonly data: Readonly<Record<string, number>>;
}

/** Writes the manifest of a dataset into its job and returns its record. Nothing is flushed to disk. */
export function composeDataset(
  dataset: ComposedDataset,
  job: ComposingJob,
  { stem, data }: OwnFiles,
): DatasetRecord {
  const manifest = composeManifest(dataset, job);
  const text = `${JSON.stringify(manifest)}\n`;
  const file = manifestFileName(stem);
  const path = `${job.jobPath}/${file}`;
  onMachine('write', path, () => writeFileAtomic(path, text));
  const others = manifest.files.map((location) => location.job).filter((id) => id !== job.job);
  return {
    name: dataset.name,
    digest: manifest.digest,
    rows: manifest.lines.reduce((sum, lines) => sum + lines, 0),
    previous: dataset.previous,
    hashlabel: dataset.hashlabel,
    columns: Object.fromEntries(
      manifest.columns.map((column) => [
        column.name,
        { type: columnTypeText(column), digest: column.digest },
      ]),
    ),
    files: { [file]: Buffer.byteLength(text), ...data },
    ...(others.length === 0 ? {} : { sources: [...new Set(others)].toSorted() }),
  };
}

function composeManifest(dataset: ComposedDataset, { pathOfJob }: ComposingJob): DatasetManifest {
  const ref: DatasetRef | null = dataset.previous;
  const previous = ref === null ? null : readManifest(ref, pathOfJob(ref.job));
  const { columns, files } = numberFiles(dataset.columns);
  return {
    version: MANIFEST_VERSION,
    name: dataset.name,
    digest: datasetDigest({ ...dataset, columns, previous }),
    caption: dataset.caption,
    filename: dataset.filename,
    hashlabel: dataset.hashlabel,
    previous: ref,
    parent: dataset.parent,
    merged: dataset.merged,
    ...chainFacts(ref, previous, pathOfJob),
    lines: dataset.lines,
    columns: columns.map((column) => ({ ...column, digest: columnDigest(column, previous) })),
    files,
  };
}

/** Lists each file once and lets columns refer to it by number. */
function numberFiles(located: readonly LocatedColumn[]): {
  columns: readonly Omit<ManifestColumn, 'digest'>[];
  files: readonly ManifestFile[];
} {
  const numbers = new Map<string, number>();
  const files: ManifestFile[] = [];
  const columns = located.map(({ location, ...column }) => {
    const key = `${location.job}/${location.stem}`;
    const file = numbers.get(key) ?? files.push(location) - 1;
    numbers.set(key, file);
    return { ...column, file };
  });
  return { columns, files };
}
