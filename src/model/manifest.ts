// What a job was made of (setup.json) and what it made (post.json): the two records of a job directory.
// The manifest inside setup.json is exactly what is hashed into the key; nothing else in it counts.

import type { Digest, JobId, JobKey } from './ids.ts';
import type { OptionData } from './option-value.ts';

/** Version of the key's meaning. Raising it makes every job run again. */
export const KEY_VERSION = 1;

/** What the key sees of an input dataset beside its content. */
interface DatasetFacts {
  /** What it is called in its job; absent where that is `default`. */
  readonly name?: string;
  /** The key of the job that made it, where the method declared that it looks at that. */
  readonly lineage?: JobKey;
  /** With `lineage`, the digest of what that job shows. */
  readonly job?: Digest;
}

/** An input dataset as the key sees it: by name and content, not by the job that made it. */
export type DatasetContent =
  | (DatasetFacts & { readonly digest: Digest })
  /** Only the declared columns count; each digest covers the same column of the dataset's `previous` too. */
  | (DatasetFacts & {
      /** The declared column by whose hash rows lie in slices; absent when it is none of these. */
      readonly hashlabel?: string;
      readonly columns: Readonly<
        Record<string, { readonly type: string; readonly digest: Digest }>
      >;
    });

/** An input job as the key sees it; `lineage` is the input job's own key, where the method declared it. */
export interface JobContent {
  readonly digest: Digest;
  readonly lineage?: JobKey;
}

/** Everything that decides whether two jobs are the same work. Hashed as canonical JSON. */
export interface Manifest {
  readonly engine: number;
  readonly method: string;
  readonly code: Digest;
  readonly packages: Readonly<Record<string, string>>;
  /** Validated and defaulted; files inside appear by name and content. */
  readonly options: Readonly<Record<string, OptionData>>;
  /** `null` where an optional input was not given. */
  readonly datasets: Readonly<Record<string, DatasetContent | readonly DatasetContent[] | null>>;
  readonly jobs: Readonly<Record<string, JobContent | readonly JobContent[] | null>>;
  /** Content of each file the method depends on, by path relative to the method's file. */
  readonly dependsOn: Readonly<Record<string, Digest>>;
  /** `null` where the variable is not set. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly version: string | number | null;
  readonly slices: number;
}

/** Names a dataset: the job that made it and the name within that job. */
export interface DatasetRef {
  readonly job: JobId;
  readonly name: string;
}

/** Directory of a job's datasets, below the job directory. */
export const DATASET_DIRECTORY = 'DS';

/** The inputs of a job as given: by reference, for running and for lineage. Not in the key. */
export interface InputRefs {
  /** Options with files as references (`$jobFile` with its job, `$inputFile` with its path). */
  readonly options: Readonly<Record<string, OptionData>>;
  readonly datasets: Readonly<Record<string, DatasetRef | readonly DatasetRef[] | null>>;
  readonly jobs: Readonly<Record<string, JobId | readonly JobId[] | null>>;
}

/** An input file as it was when the job started, to be looked at again when the job has ended. */
export interface InputFileRecord {
  /** Relative to the input directory. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly digest: Digest;
}

/** `setup.json`: everything that went into a job. Written when the job is allocated. */
export interface Setup {
  readonly version: 1;
  readonly id: JobId;
  readonly method: string;
  readonly key: JobKey;
  readonly manifest: Manifest;
  readonly inputs: InputRefs;
  readonly inputFiles: readonly InputFileRecord[];
  readonly inputDirectory: string;
  readonly slices: number;
  /** Stored random number of this job: an integer in [0, 2^53). */
  readonly seed: number;
  /** The job that built this one as a subjob; `null` when a build script did. */
  readonly parent: JobId | null;
  /** Path of the build script, relative to the project; `null` outside a script. */
  readonly script: string | null;
  /** The run that built this job, as numbered in the index. */
  readonly run: number;
  readonly name: string;
  readonly caption: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly unsound: readonly string[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly host: string;
  readonly versions: { readonly acc: string; readonly node: string };
}

/** A registered file of a finished job. */
export interface FileRecord {
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** A dataset of a finished job, as the index and the key need it; the whole is in `DS/NAME.json`. */
export interface DatasetRecord {
  readonly name: string;
  readonly digest: Digest;
  readonly rows: number;
  readonly previous: DatasetRef | null;
  readonly hashlabel: string | null;
  readonly columns: Readonly<Record<string, { readonly type: string; readonly digest: Digest }>>;
  /** Files below the job directory that hold this job's own part of it, manifest included, with their sizes. */
  readonly files: Readonly<Record<string, number>>;
  /** Other jobs whose files hold columns of it, sorted; absent when there are none. */
  readonly sources?: readonly JobId[];
  /**
   * It was merged because its parts come from one dataset, which is in no key: the job stands for the very inputs that it
   * was given, not for others with the same content.
   */
  readonly tied?: true;
}

/** A subjob, with what decides whether it is still current. */
export interface SubjobRecord {
  readonly id: JobId;
  readonly method: string;
  /** The code digest it ran with. */
  readonly code: Digest;
  /** False when it was reused. */
  readonly built: boolean;
}

/** Execution times in milliseconds. */
export interface ExecTimes {
  readonly prepare?: number;
  /** In slice order. */
  readonly analysis?: readonly number[];
  readonly synthesis?: number;
  readonly total: number;
}

/** `post.json`: what a job made. Its presence under this name is the definition of finished. */
export interface Post {
  readonly version: 1;
  /** What the job shows to those who use it: see `jobDigest`. */
  readonly digest: Digest;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly execMs: ExecTimes;
  /** By name relative to the job directory, sorted. */
  readonly files: Readonly<Record<string, FileRecord>>;
  /** In the order in which they were finished. */
  readonly datasets: readonly DatasetRecord[];
  readonly subjobs: readonly SubjobRecord[];
  /** Why this job is kept but never reused; absent when it can be. */
  readonly tainted?: string;
}
