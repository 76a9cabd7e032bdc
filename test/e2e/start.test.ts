// The command starts from compiled code that it keeps beside itself, and does without where it cannot.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { chmod, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

let project: Project;
/** The `dist` of an installation that nothing was run in. */
let dist: string;

beforeEach(async () => {
  project = await Project.create({
    'methods/one.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: () => 1 });
`,
    'build.ts': `import type { Urd } from 'acc-engine';
export default async function main(urd: Urd) {
  await urd.build('one');
}
`,
  });
  const engine = project.path('engine');
  dist = join(engine, 'dist');
  mkdirSync(engine);
  const isCache = /\.cache(?:\.\d+)?$/u;
  cpSync(join(REPOSITORY, 'dist'), dist, {
    recursive: true,
    filter: (path) => !isCache.test(path),
  });
  cpSync(join(REPOSITORY, 'package.json'), join(engine, 'package.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(engine, 'node_modules'));
  symlinkSync(join(REPOSITORY, 'methods'), join(engine, 'methods'));
});

afterEach(() => project[Symbol.asyncDispose]());

test('a run keeps what was compiled, and the next ones use it', async () => {
  await succeed('--version');
  await succeed('--help');
  expect(caches()).toEqual([]);
  await succeed('run');
  const kept = identity();
  await succeed('run');
  await succeed('status');
  expect(identity()).toEqual(kept);
});

test.for([
  ['cut short', (cache: string) => truncate(cache, 100_000)],
  ['empty', (cache: string) => truncate(cache, 0)],
  ['damaged inside', flipBytes],
  ['of another program', (cache: string) => writeFile(cache, 'no code, no code, ')],
  ['writable by others', (cache: string) => chmod(cache, 0o666)],
] as const)('a cache that is %s is not used, and replaced', async ([, spoil]) => {
  await succeed('run');
  const [cache = ''] = caches();
  await spoil(join(dist, cache));
  const spoilt = identity();
  await succeed('run');
  expect(identity()).not.toEqual(spoilt);
  const mended = identity();
  await succeed('run');
  expect(identity()).toEqual(mended);
});

test('without a place for the cache all runs are as they were', async () => {
  await succeed('run');
  const [cache = ''] = caches();
  await rm(join(dist, cache));
  mkdirSync(join(dist, cache));
  await succeed('run');
  expect(caches()).toEqual([cache]);
  expect(statSync(join(dist, cache)).isDirectory()).toBe(true);
});

test('runs that begin together leave one cache', async () => {
  await Promise.all(['one', 'two', 'three'].map(() => succeed('run')));
  expect(caches()).toHaveLength(1);
  const kept = identity();
  await succeed('run');
  expect(identity()).toEqual(kept);
});

async function succeed(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(dist, 'acc.cjs'), ...args], {
    cwd: project.directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await once(child, 'close')).toEqual([0, null]);
}

function caches(): string[] {
  return readdirSync(dist).filter((name) => name.includes('.cache'));
}

/** Changes whenever the cache is written. */
function identity(): unknown {
  expect(caches()).toHaveLength(1);
  const { ino, mtimeMs } = statSync(join(dist, caches()[0] ?? ''));
  return { ino, mtimeMs };
}

async function flipBytes(cache: string): Promise<void> {
  const bytes = readFileSync(cache);
  for (let at = 5000; at < bytes.length / 2; at += 5000) bytes[at] = ~(bytes[at] ?? 0);
  await writeFile(cache, bytes);
}
