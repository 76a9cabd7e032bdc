// The manifest of a dataset, `DS/NAME.json`: everything about it but the values, and where these lie.
// Columns refer to files, so that a later dataset can take over columns of an earlier one without copying them.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ColumnType } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Digest, JobId } from '../../model/ids.ts';
import { DATASET_DIRECTORY } from '../../model/manifest.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import { onMachine } from '../../model/system-error.ts';
import { didYouMean } from '../../util/nearest.ts';
import { damagedFile } from '../format/file-access.ts';
import { quote } from '../write/value-error.ts';
import type { ChainFacts } from './chain-links.ts';
import { fileStem, manifestFileName, otherFileStem } from './dataset-files.ts';
import type { Bound, PartColumn } from './dataset-part.ts';
import { isManifest } from './manifest-shape.ts';

/** Version of the manifest's form. */
export const MANIFEST_VERSION = 2;

/** The data files of a dataset in one job, one per slice: `STEM.SLICE.arrow`. */
export interface ManifestFile {
  readonly job: JobId;
  /** Relative to the job directory. */
  readonly stem: string;
  /** In slice order. */
  readonly slices: readonly {
    readonly sizeBytes: number;
    /** Rows of each record batch. */
    readonly batches: readonly number[];
    /** CRC-32 of the header of each record batch, and of the footer with what follows it. */
    readonly checksums: readonly number[];
  }[];
}

/** A column of a dataset. */
export interface ManifestColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Over type and values, and the same column of `previous`. */
  readonly digest: Digest;
  readonly min: Bound;
  readonly max: Bound;
  /** Where the values lie: number of the files in `files`, and the column's name in there. */
  readonly file: number;
  readonly fileColumn: string;
  /** In slice order. */
  readonly slices: readonly PartColumn[];
}

/** `DS/NAME.json`. */
export interface DatasetManifest extends ChainFacts {
  readonly version: typeof MANIFEST_VERSION;
  readonly name: string;
  readonly digest: Digest;
  readonly caption: string;
  readonly filename: string | null;
  readonly hashlabel: string | null;
  readonly previous: DatasetRef | null;
  /** The dataset whose columns it takes over; `null` when it stands alone. */
  readonly parent: DatasetRef | null;
  /** The dataset whose columns were merged into those of `parent`; `null` where none were. */
  readonly merged: DatasetRef | null;
  /** Rows per slice. */
  readonly lines: readonly number[];
  /** In the order in which they were declared. */
  readonly columns: readonly ManifestColumn[];
  readonly files: readonly ManifestFile[];
}

/** Reads the manifest of a dataset of the job at `jobPath`; throws `UsageError` when there is none. */
export function readManifest(ref: DatasetRef, jobPath: string): DatasetManifest {
  const found =
    manifestAt(jobPath, fileStem(ref.name), ref.name) ??
    manifestAt(jobPath, otherFileStem(ref.name), ref.name);
  if (found === undefined) throw noSuchDataset(ref, jobPath);
  const { path, manifest } = found;
  const version = manifest?.version;
  if (typeof version === 'number' && version !== MANIFEST_VERSION) {
    throw new UsageError({
      code: 'dataset_version',
      message: `Dataset ${quote(ref.name)} of job ${ref.job} has version ${version}, expected ${MANIFEST_VERSION}`,
      hint: 'It was made by another version of acc: use that one, or build the job again.',
    });
  }
  if (version !== MANIFEST_VERSION || !isManifest(manifest)) {
    throw damagedFile(path, 'it is no dataset manifest');
  }
  return manifest;
}

/** Finds a column; throws `UsageError` when there is none of that name. */
export function manifestColumn(
  manifest: DatasetManifest,
  name: string,
  spec: string,
): ManifestColumn {
  const column = manifest.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const names = manifest.columns.map((candidate) => candidate.name);
  throw new UsageError({
    code: 'unknown_column',
    message: `Dataset ${spec} has no column ${quote(name)}`,
    hint: suggestion(name, names),
    token: name,
  });
}

/** A file that is the manifest of another dataset, whose name differs in case, is none. */
function manifestAt(
  jobPath: string,
  stem: string,
  name: string,
): { readonly path: string; readonly manifest: ReturnType<typeof parse> } | undefined {
  const path = join(jobPath, manifestFileName(stem));
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  const manifest = parse(text);
  const isOther = typeof manifest?.name === 'string' && manifest.name !== name;
  return isOther ? undefined : { path, manifest };
}

function readIfPresent(path: string): string | undefined {
  return onMachine('read', path, () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  });
}

function parse(text: string): Partial<Record<keyof DatasetManifest, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function noSuchDataset(ref: DatasetRef, jobPath: string): UsageError {
  if (!existsSync(jobPath)) {
    return new UsageError({
      code: 'missing_job',
      message: `Dataset ${quote(ref.name)} of job ${ref.job} is gone with the job's directory ${jobPath}`,
      hint: 'The next run that needs the job makes it again, under a new number.',
      token: ref.name,
    });
  }
  return new UsageError({
    code: 'unknown_dataset',
    message: `Job ${ref.job} has no dataset named ${quote(ref.name)}`,
    hint: suggestion(ref.name, datasetNames(jobPath)),
    token: ref.name,
  });
}

function datasetNames(jobPath: string): readonly string[] {
  let files: readonly string[];
  try {
    files = readdirSync(join(jobPath, DATASET_DIRECTORY));
  } catch {
    return [];
  }
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => parse(readIfPresent(join(jobPath, DATASET_DIRECTORY, file)) ?? '')?.name)
    .filter((name) => typeof name === 'string');
}

function suggestion(name: string, names: readonly string[]): string {
  const listed = names.slice(0, 10).map(quote).join(', ') || 'none';
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return didYouMean(name, names, `It has ${listed}${more}.`);
}
