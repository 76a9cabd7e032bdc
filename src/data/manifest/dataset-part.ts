// The records that pass between the stages of a job while a dataset is being written: what was declared, and what
// each slice holds. Plain data; whoever carries them need not look inside.

import type { ColumnType, ColumnWritingFacts, Compression } from '../../model/column-type.ts';
import type { Digest } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';

/** A column as declared. */
export interface DeclaredColumn extends ColumnWritingFacts {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** A dataset as declared, before anything is written. */
export interface DatasetDeclaration {
  readonly name: string;
  /** What the names of its files begin with, relative to the job directory. */
  readonly stem: string;
  /** In the order of `write`. */
  readonly columns: readonly DeclaredColumn[];
  /** What the data files are compressed with; no part of the dataset's digest. */
  readonly compression: Compression;
  readonly caption: string;
  /** The file it was imported from, for people; `null` when there is none. */
  readonly filename: string | null;
  readonly previous: DatasetRef | null;
  /** The dataset whose columns this one takes over; `null` when it stands alone. */
  readonly parent: DatasetRef | null;
  /** Columns of the parent that are not taken over, beside those that are written anew. */
  readonly dropped: readonly string[];
  /** The column by whose hash rows are in their slices; `null` when they are not. */
  readonly hashlabel: string | null;
  /** The author has named the hashlabel: it must be among the columns. */
  readonly isHashlabelGiven: boolean;
  /** The only slice whose analysis writes; it writes all slices. `null` when each writes its own. */
  readonly forSingleSlice: number | null;
  /** Slices that were never written count as empty instead of being an error. */
  readonly allowMissingSlices: boolean;
}

/** The smallest and the largest value of a column, as JSON: see `encodeBound`. Both `null` when there is none. */
export interface Bounds {
  readonly min: Bound;
  readonly max: Bound;
}

/** A column's value as JSON keeps it: 64-bit integers as decimal text, and numbers JSON has no form for by name. */
export type Bound = number | string | boolean | null;

/** What one slice holds of one column. */
export interface PartColumn {
  /** SHA-256 over the column's values in this slice. */
  readonly digest: Digest;
  readonly nulls: number;
  /** Of a datetime column: every value is in whole milliseconds. True for all other types. */
  readonly wholeMs: boolean;
  /** Per record batch. */
  readonly batches: readonly Bounds[];
  /** CRC-32 of the column's bytes in the file, per record batch. */
  readonly checksums: readonly number[];
  /** CRC-32 of the dictionary that the values are numbers of; `null` when they are the values themselves. */
  readonly dictionary: number | null;
}

/** One finished slice file. */
export interface SlicePart {
  readonly sliceno: number;
  readonly rows: number;
  readonly sizeBytes: number;
  /** Rows of each record batch. */
  readonly batches: readonly number[];
  /** CRC-32 of the header of each record batch, and of the footer with what follows it. */
  readonly checksums: readonly number[];
  /** In the order of the declaration. */
  readonly columns: readonly PartColumn[];
}

/** Rows of one slice's analysis, or of another stage, on their way to the slices they belong to. */
export interface SpillPart {
  /** The slice that has written it. */
  readonly sliceno: number;
  readonly sizeBytes: number;
  /** Rows of each record batch. */
  readonly batches: readonly number[];
  /** As in `SlicePart`. */
  readonly checksums: readonly number[];
  /** CRC-32 of each column's bytes, per record batch. */
  readonly columns: readonly (readonly number[])[];
  /** The slice that each record batch belongs to. */
  readonly targets: readonly number[];
}
