// The identifiers that pass between rooms, as branded strings: a digest can never be passed for a job id.
// Each brand is made in one place only, by the functions below; they check form, not existence.

/** Identifies a job: `WORKDIR-NUMBER`, as `dev-42`. */
export type JobId = string & { readonly __brand: 'JobId' };

/** SHA-256 in lower case hex of a job's manifest: two jobs with the same key are the same work. */
export type JobKey = string & { readonly __brand: 'JobKey' };

/** SHA-256 in lower case hex of some content: a file, a column, a bundle, or a job's outputs. */
export type Digest = string & { readonly __brand: 'Digest' };

/** The two parts of a job id. */
export interface JobIdParts {
  readonly workdir: string;
  /** Not negative. */
  readonly number: number;
}

const WORKDIR_NAME = /^[A-Za-z_][A-Za-z0-9_.]*(?:-[A-Za-z_][A-Za-z0-9_.]*)*$/;
const JOB_ID = /^(.+)-(0|[1-9][0-9]{0,14})$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** Tells whether `name` can name a workdir: letters, digits, `_`, `.` and `-`, and no part that looks like a number. */
export function isWorkdirName(name: string): boolean {
  return WORKDIR_NAME.test(name);
}

/** Makes the id of job `number` in `workdir`. Inverse of `splitJobId`. */
export function jobId(workdir: string, number: number): JobId {
  return `${workdir}-${number}` as JobId;
}

/** Splits a job id into its parts; `undefined` when `text` does not have the form of one. */
export function splitJobId(text: string): JobIdParts | undefined {
  const match = JOB_ID.exec(text);
  const [, workdir, number] = match ?? [];
  if (workdir === undefined || number === undefined || !isWorkdirName(workdir)) return undefined;
  return { workdir, number: Number(number) };
}

/** Brands `text` as a job id; `undefined` when it does not have the form of one. */
export function parseJobId(text: string): JobId | undefined {
  return splitJobId(text) === undefined ? undefined : (text as JobId);
}

/** Brands the hex output of SHA-256. */
export function digest(hex: string): Digest {
  if (!SHA256_HEX.test(hex)) throw new Error(`Internal error: not a SHA-256 in hex: ${hex}`);
  return hex as Digest;
}

/** Brands the digest of a manifest as the job's key. */
export function jobKey(manifestDigest: Digest): JobKey {
  return manifestDigest as string as JobKey;
}
