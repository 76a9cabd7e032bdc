// The two records of a job directory, read and written: setup.json first, post.json last.
// post.json under its final name means finished, so it is renamed there only when everything else is on disk.

import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Post, Setup } from '../model/manifest.ts';
import { crashPoint } from '../util/crash-point.ts';
import { flushAll } from './flush-tree.ts';
import type { TreeFlusher } from './flush-tree.ts';
import { isPost, isSetup } from './record-shape.ts';
import { onMachine, systemError } from './system-error.ts';

/** What a job directory says about itself. */
export interface JobRecords {
  readonly setup: Setup;
  /** Absent in a directory that is not finished. */
  readonly finished?: { readonly post: Post; readonly sizeBytes: number };
}

const SETUP = 'setup.json';
const POST = 'post.json';

/** Writes `setup.json` into a job directory. It is flushed later, with everything else. */
export function writeSetupFile(directory: string, setup: Setup): void {
  const path = join(directory, SETUP);
  onMachine('write', path, () => writeFileSync(path, text(setup)));
}

/**
 * Makes a job directory finished: when this resolves, it is and stays so. Gives the size of `post.json`.
 * Two rounds of flushes, so that `post.json` never reaches the disk before what it speaks of.
 */
export async function writePostFile(
  directory: string,
  post: Post,
  flusher: TreeFlusher,
): Promise<number> {
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
  return Buffer.byteLength(content);
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
  const path = join(directory, POST);
  const post = readJson(path);
  return isPost(post) ? { setup, finished: { post, sizeBytes: statSync(path).size } } : { setup };
}

/** For people too: `less setup.json` is a way to look at a job. */
function text(record: Setup | Post): string {
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
