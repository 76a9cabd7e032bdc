// A temporary workdir with jobs made to order, for the tests of this room.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach } from 'vitest';

import { digest, jobKey } from '../../src/model/ids.ts';
import type { Digest, JobKey } from '../../src/model/ids.ts';
import type { Post, Setup } from '../../src/model/manifest.ts';
import type { Claim } from '../../src/store/claims.ts';
import type { FinishedJob } from '../../src/store/lookup.ts';
import { Workdir } from '../../src/store/workdir.ts';
import { sha256 } from '../../src/util/sha256.ts';
import { testSetup } from '../rig/setup.ts';

const temporary: string[] = [];
const open: Workdir[] = [];

afterEach(() => {
  for (const workdir of open.splice(0)) workdir.close();
  for (const path of temporary.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A new directory, removed after the test. */
export function temporaryDirectory(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'acc-store-')));
  temporary.push(path);
  return path;
}

/** An open workdir, closed after the test; a new one unless `path` is given. */
export function openWorkdir(path: string = join(temporaryDirectory(), 'dev')): Workdir {
  const workdir = Workdir.open({ name: 'dev', path, slices: 2 });
  open.push(workdir);
  return workdir;
}

/** A key or digest that stands for `text`. */
export function keyOf(text: string): JobKey {
  return jobKey(digestOf(text));
}

/** The digest of `text`. */
export function digestOf(text: string): Digest {
  return digest(sha256(text));
}

/** Claims `key`, which must be free. */
export function claimFree(workdir: Workdir, key: JobKey, method: string = 'count'): Claim {
  const outcome = workdir.claim({ key, method, run: 0, newerThan: Infinity });
  if (outcome.kind !== 'taken') throw new Error(`the claim is ${outcome.kind}`);
  return outcome.claim;
}

/** What a job was made of, with some parts given. */
export function setupOf({ id, method, key }: Claim, parts: Partial<Setup> = {}): Setup {
  return testSetup({ id, method, key, run: 0, ...parts });
}

/** What a job made, with some parts given. */
export function postOf(parts: Partial<Post> = {}): Post {
  return {
    version: 1,
    digest: digestOf('outputs'),
    endedAt: '2024-05-01T10:00:01.000Z',
    execMs: { synthesis: 12, total: 12 },
    files: {},
    datasets: [],
    subjobs: [],
    ...parts,
  };
}

/** How to make a job. */
export interface JobToMake {
  readonly method?: string;
  /** Content by name; all are registered. */
  readonly files?: Readonly<Record<string, string>>;
  readonly setup?: Partial<Setup>;
  readonly post?: Partial<Post>;
}

/** Makes and publishes a job. */
export async function makeJob(
  workdir: Workdir,
  key: JobKey,
  { method = 'count', files = {}, setup = {}, post = {} }: JobToMake = {},
): Promise<FinishedJob> {
  const claim = claimFree(workdir, key, method);
  const setupRecord = setupOf(claim, setup);
  workdir.writeSetup(claim, setupRecord);
  for (const [name, content] of Object.entries(files)) writeInto(claim.path, name, content);
  const records = Object.entries(files).map(
    ([name, content]) => [name, { sizeBytes: content.length, digest: digestOf(content) }] as const,
  );
  return workdir.publish(
    claim,
    setupRecord,
    postOf({ files: Object.fromEntries(records), ...post }),
  );
}

/** Writes a file and the directories above it. */
export function writeInto(directory: string, name: string, content: string): void {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), content);
}
