// A finished job as a live object. Everything is read from the job's own directory when it is first asked for.
// A handle costs almost nothing to make, because a run of hits makes one per build and reads none.

import { createReadStream, existsSync } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JobId } from '../../model/ids.ts';
import { splitJobId } from '../../model/ids.ts';
import type { DatasetRef, Post, Setup } from '../../model/manifest.ts';
import { globMatcher } from '../../util/glob.ts';
import { printAs } from '../../util/print-as.ts';
import type { DatasetHost } from '../dataset/dataset-host.ts';
import { Dataset } from '../dataset/dataset.ts';
import { keyedColumns } from '../dataset/keyed-columns.ts';
import { checkInsideName, RESULT_FILE, slicedName } from './file-names.ts';
import type { JobChainOptions } from './job-chain.ts';
import { jobChain } from './job-chain.ts';
import { JobFile } from './job-file.ts';
import type { JobHost } from './job-host.ts';
import {
  checkedJobId,
  linkInStage,
  missingMember,
  noSuchWorkdir,
  notShown,
  opaqueJob,
  readContent,
  undeclaredLineage,
  unfinished,
} from './job-mistakes.ts';
import type { OutputPart } from './job-output.ts';
import { outputParts, outputText } from './job-output.ts';
import type { JobParams } from './job-params.ts';
import { jobParams } from './job-params.ts';
import { readPost, readSetup } from './job-records.ts';
import type { JobView } from './job-view.ts';
import { datasetView, viewAt, viewOfInput } from './job-view.ts';
import { checkLinkOptions } from './result-link.ts';
import type { ResultLinkOptions } from './result-link.ts';

/** What a handle is made from. */
export interface JobSource {
  readonly id: JobId;
  readonly host: JobHost;
  /** Absolute path of the job's directory; found through the host's workdirs if not set. */
  readonly path?: string;
  /** What a stage may see of it; `content` if not set. */
  readonly view?: JobView;
  /** Name of a file that a stage may read whatever it may see of the job. */
  readonly shownFile?: string;
  /** The record, where it is known already. */
  readonly setup?: Setup;
}

/** Which of several files of one name is meant. */
export interface FileSlice {
  readonly sliceno?: number | undefined;
}

/** How a value is loaded. */
export interface LoadOptions<Value> extends FileSlice {
  /** What to return when there is no such file. */
  readonly default?: Value;
}

/** A finished job. `Result` is the type of what its synthesis returned. */
export class Job<out Result = unknown> {
  readonly id: JobId;
  /** Name of the workdir it lies in. */
  readonly workdir: string;
  readonly number: number;
  /** What a stage may see of it; a build script sees everything. */
  readonly view: JobView;
  readonly #facts: JobSource;
  #setup: Setup | undefined;
  #post: Post | undefined;
  #params: JobParams | undefined;

  constructor(facts: JobSource) {
    const parts = splitJobId(facts.id);
    if (parts === undefined) throw new Error(`Internal error: not a job id: ${facts.id}`);
    this.id = facts.id;
    this.workdir = parts.workdir;
    this.number = parts.number;
    this.view = facts.view ?? 'content';
    this.#facts = facts;
    this.#setup = facts.setup;
  }

  /** Absolute path of the job's directory. */
  get path(): string {
    const { path, host, id } = this.#facts;
    if (path !== undefined) return path;
    const { workdirs } = host;
    const workdir = Object.hasOwn(workdirs, this.workdir) ? workdirs[this.workdir] : undefined;
    if (workdir !== undefined) return join(workdir, id);
    throw noSuchWorkdir(id, this.workdir, Object.keys(host.workdirs));
  }

  /** Name of the method that made it. */
  get method(): string {
    this.#refuseOpaque();
    return this.#readSetup().method;
  }

  /** The record of what went into it. */
  get setup(): Setup {
    this.#checkEverything('setup');
    return this.#readSetup();
  }

  /** The record of what it made; throws `UsageError` while the job is unfinished. */
  get post(): Post {
    this.#checkEverything('post');
    return this.#readPost();
  }

  /** What it was made of, with live datasets, jobs and files. */
  get params(): JobParams {
    this.#refuseOpaque();
    return (this.#params ??= jobParams(this.#readSetup(), {
      job: (id, input) => this.related(id, input),
      jobOfFile: (id, shownFile) => this.#named(id, shownFile),
      dataset: (ref, input) => this.inputDataset(ref, input),
      checkLineage: (member) => this.#checkLineage(`params.${member}`),
      checkEverything: (member) => this.#checkEverything(`params.${member}`),
    }));
  }

  /** The input directory when the job ran. */
  get inputDirectory(): string {
    this.#checkEverything('inputDirectory');
    return this.#readSetup().inputDirectory;
  }

  /** Always false: build scripts are recorded as runs, not as jobs. */
  get isBuild(): boolean {
    return false;
  }

  /** The job that built this one as a subjob; `undefined` when a build script did. */
  get parent(): Job | undefined {
    this.#checkEverything('parent');
    const { parent } = this.#readSetup();
    return parent === null ? undefined : this.#named(parent);
  }

  /** The run of a build script that first built this job, directly or through its parents. */
  get buildJob(): { readonly run: number; readonly script: string | null } {
    this.#checkEverything('buildJob');
    const { run, script } = this.#readSetup();
    return { run, script };
  }

  /**
   * All datasets of the job, in the order in which they were finished; in a stage by name, because their order is in no
   * key.
   */
  get datasets(): readonly Dataset[] {
    this.#refuseOpaque();
    const names = this.#readPost().datasets.map(({ name }) => name);
    const ordered = this.#facts.host.place === 'stage' ? names.toSorted() : names;
    return ordered.map((name) => this.openDataset(name));
  }

  /** Returns one dataset; throws `UsageError` naming those there are. */
  dataset(name = 'default'): Dataset {
    this.#refuseOpaque();
    const names = this.#readPost().datasets.map((dataset) => dataset.name);
    if (names.includes(name)) return this.openDataset(name);
    throw missingMember({ what: 'dataset', name, job: this, names });
  }

  /** Returns the names of the job's files, sorted; `pattern` may use `*`, `**`, `?`, `[…]` and `{a,b}`. */
  files(pattern?: string, settings: { readonly absolute?: boolean } = {}): readonly string[] {
    const matches = pattern === undefined ? () => true : globMatcher(pattern);
    this.#refuseOpaque();
    const names = this.fileNames().filter(matches).toSorted();
    return settings.absolute === true ? names.map((name) => this.filename(name)) : names;
  }

  /** Returns the absolute path of a file, which need not exist. */
  filename(name: string, sliceno?: number): string {
    checkInsideName(name, 'the name of a file in a job');
    const path = join(this.path, slicedName(name, sliceno));
    this.#refuseHiddenFile(name, slicedName(name, sliceno), path);
    return path;
  }

  /** Opens a file for reading. */
  open(name: string, settings: FileSlice = {}): ReadStream {
    return createReadStream(this.#existing(name, settings.sliceno));
  }

  /** Reads a whole file, as bytes or in an encoding as text. */
  read(name: string): Promise<Buffer>;
  read(name: string, encoding: BufferEncoding): Promise<string>;
  async read(name: string, encoding?: BufferEncoding): Promise<Buffer | string> {
    const path = this.#existing(name, undefined);
    return encoding === undefined ? readFile(path) : readFile(path, encoding);
  }

  /** Returns what synthesis returned (`undefined` if nothing), or a value that was saved under `name`. */
  load(): Promise<Result>;
  load<Value = unknown>(name?: string, options?: LoadOptions<Value>): Promise<Value>;
  async load(name: string = RESULT_FILE, options: LoadOptions<unknown> = {}): Promise<unknown> {
    const isOptional = 'default' in options || name === RESULT_FILE;
    if (isOptional && this.#wasNeverMade(name, options.sliceno)) return options.default;
    const { decodeValue } = await import('../stage/stage-codec.ts');
    const path = this.#existing(name, options.sliceno);
    const bytes = await readFile(path);
    return readContent(path, 'msgpack', () => decodeValue(bytes, this.#facts.host));
  }

  /** Reads a JSON file. */
  async loadJson<Value = unknown>(
    name = 'result.json',
    options: LoadOptions<Value> = {},
  ): Promise<Value> {
    if ('default' in options && this.#wasNeverMade(name, options.sliceno)) return options.default;
    const path = this.#existing(name, options.sliceno);
    const text = await readFile(path, 'utf8');
    return readContent(path, 'JSON', () => JSON.parse(text) as Value);
  }

  /** Returns what the stages printed: all of it, of one stage, of one slice, or in parts by `analysis/3` and so on. */
  output(part: 'parts'): Readonly<Record<string, string>>;
  output(part?: Exclude<OutputPart, 'parts'>): string;
  output(part?: OutputPart): string | Readonly<Record<string, string>> {
    this.#checkEverything('output()');
    return part === 'parts' ? outputParts(this.path) : outputText(this.path, part);
  }

  /** Returns a reference to a file, to be passed as an option of type `jobFile()`. */
  withFile(name: string, settings: { readonly sliced?: boolean } = {}): JobFile {
    return new JobFile(this, name, settings);
  }

  /** Links a file into the result directory, replacing an earlier link. Only in build scripts. */
  linkResult(name: string = RESULT_FILE, options: ResultLinkOptions = {}): string {
    const { linkResult } = this.#facts.host;
    checkLinkOptions(options);
    this.#existing(name, undefined);
    if (linkResult !== undefined)
      return linkResult({ job: this.id, jobPath: this.path, name, ...options });
    throw linkInStage(this.id);
  }

  /** Returns this job and its predecessors, oldest first: the jobs given as job input `previous`. */
  chain(options: JobChainOptions = {}): readonly Job[] {
    return jobChain<Job>(this, options, {
      find: (id) => (id === this.id ? this : this.#named(checkedJobId(id))),
      contentOf: (id) => this.#contentOf(id),
    });
  }

  /** The job that was given as job input `name`; `undefined` where there is none. */
  inputJob(name: string): Job | undefined {
    if (name === 'previous') this.#refuseOpaque();
    else this.#checkLineage('params.jobs');
    const id = this.#readSetup().inputs.jobs[name];
    return typeof id === 'string' ? this.related(id, name) : undefined;
  }

  /** Returns the id. */
  toString(): string {
    return this.id;
  }

  /** Returns the id, so that a job in a JSON file is its id. */
  toJSON(): string {
    return this.id;
  }

  /** The dataset handle of a name that is known to exist. */
  protected openDataset(name: string): Dataset {
    return new Dataset({ job: this.id, name }, datasetHost(this.#facts.host));
  }

  /** Names of the registered files. */
  protected fileNames(): readonly string[] {
    return Object.keys(this.#readPost().files);
  }

  /** The handle of a dataset that was given to this job as input: a stage sees as much of it as the job's key holds. */
  protected inputDataset(ref: DatasetRef, input: string): Dataset {
    const { host } = this.#facts;
    if (host.place === 'build_script') return new Dataset(ref, datasetHost(host));
    const { columns, job } = datasetView(this.#readSetup(), input);
    return shownDataset(ref, host, { columns, job });
  }

  /** The handle of a job that was given to this one as input. */
  protected related(id: JobId, input: string): Job {
    const view = viewOfInput(this.#readSetup().manifest, input);
    return new Job({ id, host: this.#facts.host, view });
  }

  /** A file that was made and is gone is damage, not a file that there is not. */
  #wasNeverMade(name: string, sliceno: number | undefined): boolean {
    if (existsSync(this.filename(name, sliceno))) return false;
    return !this.fileNames().includes(slicedName(name, sliceno));
  }

  #existing(name: string, sliceno: number | undefined): string {
    const path = this.filename(name, sliceno);
    if (existsSync(path)) return path;
    throw missingMember({
      what: 'file',
      name: slicedName(name, sliceno),
      job: this,
      names: this.fileNames(),
    });
  }

  #readSetup(): Setup {
    return (this.#setup ??= readSetup(this.path, this.id));
  }

  #readPost(): Post {
    this.#post ??= readPost(this.path);
    if (this.#post !== undefined) return this.#post;
    throw unfinished(this.id);
  }

  /** The digest of a job; its id where there is none, as of the running job. */
  #contentOf(id: string): string {
    const { workdirs } = this.#facts.host;
    const { workdir = '' } = splitJobId(id) ?? {};
    const directory = Object.hasOwn(workdirs, workdir) ? workdirs[workdir] : undefined;
    return (directory === undefined ? undefined : readPost(join(directory, id))?.digest) ?? id;
  }

  #named(id: JobId, shownFile?: string): Job {
    const { host } = this.#facts;
    return new Job({ id, host, view: 'name', ...(shownFile === undefined ? {} : { shownFile }) });
  }

  /** What may be seen here. */
  #shownHere(): JobView {
    return viewAt(this.#facts.host, this.id, this.view);
  }

  #refuseOpaque(): void {
    if (this.#shownHere() === 'name') throw opaqueJob(this.id);
  }

  #checkLineage(member: string): void {
    this.#refuseOpaque();
    if (this.#shownHere() === 'content') throw undeclaredLineage(this.id, member);
  }

  #checkEverything(member: string): void {
    this.#refuseOpaque();
    if (this.#shownHere() !== 'everything') throw notShown(this.id, member);
  }

  /** Registered files are in the digest; the job's records, its code and its output are not. */
  #refuseHiddenFile(name: string, slice: string, path: string): void {
    if (this.#shownHere() === 'everything' || name === this.#facts.shownFile) return;
    this.#refuseOpaque();
    if (existsSync(path) && !this.fileNames().includes(slice)) throw notShown(this.id, name);
  }
}

printAs(Job, (job) => `Job ${job.id}`);

const datasetHosts = new WeakMap<JobHost, DatasetHost>();

/** The surroundings of dataset handles that belong to those of job handles. */
export function datasetHost(host: JobHost): DatasetHost {
  const known = datasetHosts.get(host);
  if (known !== undefined) return known;
  const hides = (id: JobId): boolean => host.place === 'stage' && id !== host.ownJob;
  const jobPath = (id: JobId): string => new Job({ id, host }).path;
  const made: DatasetHost = {
    jobPath,
    keyedColumns: keyedColumns(host.inputDatasets ?? [], jobPath),
    job: (id) => new Job({ id, host, view: 'name' }),
    hides,
    ...(host.composer === undefined ? {} : { composer: host.composer }),
    ...(host.onRows === undefined ? {} : { onRows: host.onRows }),
    ...(host.onPlan === undefined ? {} : { onPlan: host.onPlan }),
    ...(host.onLeave === undefined ? {} : { onLeave: host.onLeave }),
  };
  datasetHosts.set(host, made);
  return made;
}

/** The handle of an input dataset: a stage may read these columns of it, all if there are none, and see so much of its job. */
export function shownDataset(
  ref: DatasetRef,
  host: JobHost,
  {
    columns,
    job: view,
  }: { readonly columns: readonly string[] | undefined; readonly job: JobView },
): Dataset {
  const shown = datasetHost(host);
  if (view === 'name') return new Dataset(ref, shown, columns);
  const job = (id: JobId): Job => (id === ref.job ? new Job({ id, host, view }) : shown.job(id));
  return new Dataset(ref, { ...shown, job }, columns);
}
