// Result links: symlinks in the result directory to files of jobs, replaced by one atomic step.
// The symlink is the truth; the index only remembers who made it, with header and description.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';

import { UsageError } from '../model/errors.ts';
import type { JobId } from '../model/ids.ts';
import { onMachine, systemError } from '../model/system-error.ts';
import { entriesBelow } from '../util/entries-below.ts';
import { jobNumber, jobPath } from './workdir-place.ts';
import type { IndexedWorkdir, WorkdirPlace } from './workdir-place.ts';

/** A result link to make. */
export interface ResultLink {
  /** Absolute. */
  readonly resultDirectory: string;
  readonly job: JobId;
  /** A file or directory, relative to the job directory. */
  readonly file: string;
  /** Relative to the result directory; a trailing `/` means inside that directory; by default the file's base name. */
  readonly linkName?: string;
  readonly header?: string;
  readonly description?: string;
  /** The run that made it, 0 outside a run. */
  readonly run: number;
}

/** A link that was found in a result directory. */
export interface FoundLink {
  /** Relative to the result directory. */
  readonly name: string;
  /** The job it leads into. */
  readonly number: number;
  /** Relative to the job directory. */
  readonly file: string;
  /** ISO 8601, UTC. */
  readonly linkedAt: string;
}

/** Makes or replaces a result link and records it in the workdir of the job. Returns the link's normalised name. */
export function linkResult(workdir: IndexedWorkdir, link: ResultLink): string {
  const number = jobNumber(workdir, link.job);
  if (number === undefined)
    throw new Error(`Internal error: ${link.job} is not in workdir ${workdir.name}`);
  const file = insidePath(link.file, `a job's directory`);
  const source = join(jobPath(workdir, number), file);
  if (!existsSync(source)) throw missingSource(link.job, file);
  const name = insidePath(linkNameOf(link, file), 'the result directory');
  placeLink(link.resultDirectory, name, source);
  workdir.index.run(
    `INSERT OR REPLACE INTO results (directory, name, job, file, header, description, linked_at, run)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    link.resultDirectory,
    name,
    number,
    file,
    link.header ?? null,
    link.description ?? null,
    new Date().toISOString(),
    link.run,
  );
  return name;
}

/** All links below a result directory that lead into jobs of this workdir. */
export function resultLinks(workdir: WorkdirPlace, resultDirectory: string): FoundLink[] {
  const place = onMachine('look at', resultDirectory, () =>
    statSync(resultDirectory, { throwIfNoEntry: false }),
  );
  if (place?.isDirectory() !== true) return [];
  const entries = onMachine('list', resultDirectory, () => entriesBelow(resultDirectory));
  return entries
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => foundLink(workdir, resultDirectory, join(entry.parentPath, entry.name)))
    .filter((link) => link !== undefined);
}

function linkNameOf(link: ResultLink, file: string): string {
  const { linkName } = link;
  if (linkName === undefined) return basename(file);
  return linkName === '' || linkName.endsWith('/') ? `${linkName}${basename(file)}` : linkName;
}

/** Normalises a relative path, and refuses what is not one or leads out. */
function insidePath(path: string, where: string): string {
  const normal = posix.normalize(path).replace(/\/$/, '');
  const outside = isAbsolute(normal) || normal === '..' || normal.startsWith('../');
  if (!outside && normal !== '.' && normal !== '' && !normal.includes('\0')) return normal;
  throw new UsageError({
    code: 'path_outside',
    message: `Expected a relative path inside ${where}, got "${path}"`,
    token: path,
  });
}

function missingSource(job: JobId, file: string): UsageError {
  return new UsageError({
    code: 'unknown_file',
    message: `Job ${job} has no file "${file}" to link`,
    hint: `\`acc job ${job}\` lists its files.`,
    token: file,
  });
}

/** Makes the directories, then puts the link in place by a rename: there is no moment without one. */
function placeLink(resultDirectory: string, name: string, source: string): void {
  onMachine('create', resultDirectory, () => mkdirSync(resultDirectory, { recursive: true }));
  const path = join(resultDirectory, name);
  makeParents(resultDirectory, name);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isSymbolicLink()) {
    throw inTheWay(name, there.isDirectory() ? 'directory' : 'file');
  }
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    rmSync(temporary, { force: true });
    symlinkSync(linkText(resultDirectory, dirname(path), source), temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw systemError(error, 'link', path);
  }
}

/** Through a symlink the link would land in a place that is not below the result directory, as inside a job. */
function makeParents(resultDirectory: string, name: string): void {
  const steps = name.split('/').slice(0, -1);
  for (const [i] of steps.entries()) {
    const parent = steps.slice(0, i + 1).join('/');
    const path = join(resultDirectory, parent);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined) onMachine('create', path, () => mkdirSync(path, { recursive: true }));
    else if (!there.isDirectory())
      throw inTheWay(parent, there.isSymbolicLink() ? 'symlink' : 'file');
  }
}

function inTheWay(name: string, kind: 'file' | 'directory' | 'symlink'): UsageError {
  return new UsageError({
    code: 'result_in_the_way',
    message: `Expected "${name}" in the result directory to be free or a result link, but it is a ${kind}`,
    hint: 'Choose another link name, or remove it.',
    token: name,
  });
}

/** Relative where workdir and results lie in one project, so that the project can be moved. */
function linkText(resultDirectory: string, from: string, source: string): string {
  const project = dirname(realpathSync(resultDirectory));
  const inProject = !relative(project, source).startsWith('..');
  return inProject ? relative(realpathSync(from), source) : source;
}

function foundLink(
  workdir: WorkdirPlace,
  resultDirectory: string,
  path: string,
): FoundLink | undefined {
  const target = resolve(realpathSync(dirname(path)), readlinkSync(path));
  const [id = '', ...file] = relative(workdir.path, target).split('/');
  const number = jobNumber(workdir, id);
  if (number === undefined || file.length === 0) return undefined;
  return {
    name: relative(resultDirectory, path),
    number,
    file: file.join('/'),
    linkedAt: lstatSync(path).mtime.toISOString(),
  };
}
