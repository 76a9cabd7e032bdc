// The records of a job directory, read and written: setup.json first, post.json last, or failure.json instead.
// post.json under its final name means finished, so it is renamed there only when everything else is on disk.

import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Failure, SkippedFailure } from '../model/failure.ts';
import type { ExecTimes, Post, Setup } from '../model/manifest.ts';
import { onMachine, systemError } from '../model/system-error.ts';
import { writeFileAtomic } from '../util/atomic-file.ts';
import { crashPoint } from '../util/crash-point.ts';
import { flushAll } from './flush-tree.ts';
import type { TreeFlusher } from './flush-tree.ts';
import { isDamageMark, isFailureRecord, isPost, isSetup } from './record-shape.ts';

/** What a job directory says about itself. */
export interface JobRecords {
  readonly setup: Setup;
  /** Absent in a directory that is not finished. */
  readonly finished?: FinishedRecords;
  /** Present where a file was found to be damaged. */
  readonly damage?: DamageMark;
  /** Present where the execution ended and did not succeed. */
  readonly failed?: FailureRecord;
}

/** A job that was executed and has its own failure: everything but a skipped one. */
export type JobFailure = Exclude<Failure, SkippedFailure>;

/** `failure.json`: how an execution ended that did not succeed. */
export interface FailureRecord {
  readonly version: 1;
  readonly state: 'failed' | 'timed_out' | 'cancelled';
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly execMs: ExecTimes;
  readonly failure: JobFailure;
}

/** What a finished job left, with the sizes of both records. */
export interface FinishedRecords {
  readonly post: Post;
  readonly sizeBytes: number;
  readonly setupSizeBytes: number;
}

/** `damage.json`: a file of a finished job was found not to hold what was written to it. */
export interface DamageMark {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Relative to the job directory. */
  readonly file: string;
  readonly reason: string;
}

const SETUP = 'setup.json';
export const POST = 'post.json';
export const DAMAGE = 'damage.json';
const FAILURE = 'failure.json';

/** Writes `setup.json` into a job directory. It is flushed later, with everything else. */
export function writeSetupFile(directory: string, setup: Setup): void {
  const path = join(directory, SETUP);
  onMachine('write', path, () => writeFileSync(path, text(setup)));
}

/**
 * Makes a job directory finished: when this resolves, it is and stays so.
 * Two rounds of flushes, so that `post.json` never reaches the disk before what it speaks of.
 */
export async function writePostFile(
  directory: string,
  post: Post,
  flusher: TreeFlusher,
): Promise<void> {
  const path = join(directory, POST);
  const temporary = `${path}.tmp`;
  const content = text(post);
  onMachine('write', temporary, () => writeFileSync(temporary, content));
  crashPoint('post_written');
  await flusher.flushBelow(directory);
  crashPoint('outputs_flushed');
  onMachine('rename to', path, () => renameSync(temporary, path));
  await flushAll([directory, dirname(directory)]);
  crashPoint('post_renamed');
}

/** Writes how an execution ended that did not succeed. Not flushed: what is lost with it makes nothing wrong. */
export function writeFailureFile(directory: string, record: FailureRecord): void {
  const path = join(directory, FAILURE);
  onMachine('write', path, () => writeFileAtomic(path, text(record)));
}

/** Reads `setup.json`; `undefined` where there is none, or none that can be read. */
export function readSetup(directory: string): Setup | undefined {
  const record = readJson(join(directory, SETUP));
  return isSetup(record) ? record : undefined;
}

/** Reads both records; `undefined` where not even `setup.json` is there. */
export function readRecords(directory: string): JobRecords | undefined {
  const setup = readSetup(directory);
  if (setup === undefined) return undefined;
  const post = readJson(join(directory, POST));
  if (!isPost(post)) {
    const failed = readJson(join(directory, FAILURE));
    return isFailureRecord(failed) ? { setup, failed } : { setup };
  }
  const damage = readDamage(directory);
  const finished = { post, ...recordSizes(directory) };
  return damage === undefined ? { setup, finished } : { setup, finished, damage };
}

/** Reads `damage.json`; `undefined` where there is none. */
export function readDamage(directory: string): DamageMark | undefined {
  const record = readJson(join(directory, DAMAGE));
  return isDamageMark(record) ? record : undefined;
}

/** Sizes of the two records of a finished job, which are part of what must be found there. */
export function recordSizes(directory: string): Omit<FinishedRecords, 'post'> {
  const sizeOf = (name: string): number => {
    const path = join(directory, name);
    return onMachine('look at', path, () => statSync(path).size);
  };
  return { sizeBytes: sizeOf(POST), setupSizeBytes: sizeOf(SETUP) };
}

/** For people too: `less setup.json` is a way to look at a job. */
function text(record: Setup | Post | FailureRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Parsed JSON; `undefined` where there is no such file, or no JSON in it. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (
      error instanceof Error &&
      'code' in error &&
      /^(ENOENT|ENOTDIR)$/.test(String(error.code))
    ) {
      return undefined;
    }
    throw systemError(error, 'read', path);
  }
}
