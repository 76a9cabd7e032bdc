// Looks into a project's workdir past acc: job directories and index as they are on the disk.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';

import type { Post, Setup } from '../../src/model/manifest.ts';
import { sha256 } from '../../src/util/sha256.ts';
import type { Project } from './project.ts';

const WORKDIR = 'workdirs/dev';

/** Ids of all job directories, finished or not. */
function jobDirectories(project: Project): string[] {
  return readdirSync(project.path(WORKDIR))
    .filter((name) => /^dev-\d+$/u.test(name))
    .toSorted();
}

/** Ids of the jobs that are finished: those with a `post.json`. */
export function finishedJobs(project: Project): string[] {
  return jobDirectories(project).filter((id) => project.exists(`${WORKDIR}/${id}/post.json`));
}

/** Shows that every finished job is whole, and that no key was made twice. Gives the ids. */
export function expectIntact(project: Project): string[] {
  const ids = finishedJobs(project);
  const keys = ids.map((id) => {
    const directory = project.path(WORKDIR, id);
    const post = readJson(join(directory, 'post.json')) as Post;
    for (const [name, record] of Object.entries(post.files)) {
      const path = join(directory, name);
      expect(statSync(path).size, `${id}/${name}`).toBe(record.sizeBytes);
      expect(sha256(readFileSync(path)), `${id}/${name}`).toBe(record.digest);
    }
    for (const dataset of post.datasets) {
      for (const [name, size] of Object.entries(dataset.files)) {
        expect(statSync(join(directory, name)).size, `${id}/${name}`).toBe(size);
      }
    }
    return (readJson(join(directory, 'setup.json')) as Setup).key;
  });
  expect(new Set(keys).size, 'a finished job was made again').toBe(keys.length);
  return ids;
}

/** Node 24 aborts the process when it collects an object of the binding between two turns of the event loop. */
const neverCollected: object[] = [];

/** Rows of a query on the index. */
export function indexRows(
  project: Project,
  sql: string,
): readonly Readonly<Record<string, string | number | null>>[] {
  const path = project.path(WORKDIR, 'acc.sqlite');
  if (!existsSync(path)) return [];
  const sqlite = new Sqlite(path, { readonly: true });
  neverCollected.push(sqlite);
  try {
    const statement = sqlite.prepare<[], Record<string, string | number | null>>(sql);
    neverCollected.push(statement);
    return statement.all();
  } finally {
    sqlite.close();
  }
}

/** Ids of the jobs that the index calls finished. */
export function indexedJobs(project: Project): string[] {
  const rows = indexRows(project, `SELECT id FROM jobs WHERE state = 'finished'`);
  return rows.map(({ id }) => String(id)).toSorted();
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
