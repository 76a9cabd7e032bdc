// What a new job costs on this disk at least: the same files written and flushed by hand, without a job around them.

import { closeSync, fsync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { median } from './in-turn.ts';
import { scratchDirectory, settleDisk } from './scratch.ts';

const DIRECTORIES = 200;
const NAMES = ['setup.json', 'result.msgpack', 'post.json.tmp'];
/** About what setup.json has. */
const CONTENT = 'x'.repeat(1500);

const flush = promisify(fsync);

/** Milliseconds for a directory with three files that is on disk: the files, then their names. */
export async function plainDurableFiles(): Promise<number> {
  const scratch = scratchDirectory();
  settleDisk();
  const samples: number[] = [];
  for (let number = 0; number < DIRECTORIES; number++) {
    const startedAt = performance.now();
    const directory = join(scratch, String(number));
    mkdirSync(directory);
    const paths = NAMES.map((name) => join(directory, name));
    for (const path of paths) writeFileSync(path, CONTENT);
    await Promise.all(paths.map(flushed));
    renameSync(join(directory, 'post.json.tmp'), join(directory, 'post.json'));
    await Promise.all([directory, scratch].map(flushed));
    samples.push(performance.now() - startedAt);
  }
  return median(samples);
}

async function flushed(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  await flush(fd);
  closeSync(fd);
}
