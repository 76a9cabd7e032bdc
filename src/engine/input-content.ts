// Turns the inputs of a build, given by reference, into the manifest, which sees only their content.
// Reads the index and hashes files; never opens a dataset or a job's result.

import { dirname, resolve } from 'node:path';

import type { FileDigests } from '../key/file-digest.ts';
import { acceptsColumn } from '../model/column-type.ts';
import { datasetSpec } from '../model/dataset-spec.ts';
import { UsageError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { Digest, JobId } from '../model/ids.ts';
import { KEY_VERSION } from '../model/manifest.ts';
import type {
  DatasetContent,
  DatasetRef,
  InputFileRecord,
  JobContent,
  Manifest,
} from '../model/manifest.ts';
import type { DatasetInputShape, JobInputShape } from '../model/method-shape.ts';
import { encodeFileByContent, filesIn, mapFiles } from '../model/option-value.ts';
import type { FileRef, OptionData } from '../model/option-value.ts';
import type { FinishedJob } from '../store/lookup.ts';
import { didYouMean } from '../util/nearest.ts';
import { sha256 } from '../util/sha256.ts';
import type { BuildRequest } from './build-request.ts';
import { nearbyFile } from './nearby-file.ts';
import type { Workdirs } from './workdirs.ts';

/** The manifest of a build, and the files it stands on as they were when it was made. */
export interface BuildContent {
  readonly manifest: Manifest;
  readonly inputFiles: readonly InputFileRecord[];
  /** Those in `dependsOn`; paths are relative to the method's file. */
  readonly dependsOn: readonly InputFileRecord[];
}

/** The part of a request that the key is made of. */
type KeyedRequest = Pick<BuildRequest, 'code' | 'shape' | 'inputs'>;

/** The files of a request, and those of them that are missing. */
interface LookedAt {
  readonly inputFiles: readonly InputFileRecord[];
  readonly dependsOn: readonly InputFileRecord[];
  readonly missing: Readonly<Record<'inputFiles' | 'dependsOn', readonly Problem[]>>;
}

const NONE_MISSING: LookedAt['missing'] = { inputFiles: [], dependsOn: [] };

/** Looks at the content of inputs. */
export class InputContent {
  readonly #workdirs: Workdirs;
  readonly #files: FileDigests;
  readonly #inputDirectory: string;

  constructor(options: { workdirs: Workdirs; files: FileDigests; inputDirectory: string }) {
    this.#workdirs = options.workdirs;
    this.#files = options.files;
    this.#inputDirectory = options.inputDirectory;
  }

  /** Makes the manifest. Throws `UsageError` listing every input that is missing or does not fit. */
  async of(request: KeyedRequest, slices: number): Promise<BuildContent> {
    const missing = { inputFiles: [] as Problem[], dependsOn: [] as Problem[] };
    const inputFiles = await this.#inputFiles(inputPaths(request), missing.inputFiles);
    const dependsOn = await this.#dependsOn(request, missing.dependsOn);
    return this.#content(request, slices, { inputFiles, dependsOn, missing });
  }

  /** The same without waiting; `undefined` when a file would have to be read for it, or is missing. */
  known(request: KeyedRequest, slices: number): BuildContent | undefined {
    const inputFiles: InputFileRecord[] = [];
    for (const path of inputPaths(request)) {
      const content = this.#files.known(resolve(this.#inputDirectory, path));
      if (content === undefined) return undefined;
      inputFiles.push({ path, ...content });
    }
    const dependsOn: InputFileRecord[] = [];
    for (const path of request.shape.dependsOn) {
      const content = this.#files.known(resolve(dirname(request.code.file), path));
      if (content === undefined) return undefined;
      dependsOn.push({ path, ...content });
    }
    return this.#content(request, slices, { inputFiles, dependsOn, missing: NONE_MISSING });
  }

  /** Throws `UsageError` with the missing files and all other problems. */
  #content(request: KeyedRequest, slices: number, looked: LookedAt): BuildContent {
    const { inputFiles, dependsOn, missing } = looked;
    const problems = [...missing.inputFiles];
    const { code, shape, inputs } = request;
    const datasets = mapInputs(inputs.datasets, (ref, name) =>
      this.#dataset(ref, { name, method: code.name, shape: shape.datasets[name] }, problems),
    );
    const jobs = mapInputs(inputs.jobs, (id, name) =>
      this.#job(id, { name, method: code.name, shape: shape.jobs[name] }, problems),
    );
    const options = inputs.options as OptionData;
    const jobFiles = new Map(
      filesIn(options).map((file) => [fileKey(file), this.#jobFile(file, problems)]),
    );
    problems.push(...missing.dependsOn);
    if (problems.length > 0) throw new UsageError(problems);
    const byPath = new Map(inputFiles.map((file) => [file.path, file.digest]));
    const contentOf = (file: FileRef): OptionData => {
      const content =
        file.kind === 'input_file' ? byPath.get(file.path) : jobFiles.get(fileKey(file));
      if (content === undefined) throw new Error('Internal error: a file without content');
      return encodeFileByContent(file, content);
    };
    const manifest: Manifest = {
      engine: KEY_VERSION,
      method: code.name,
      code: code.digest,
      packages: code.packages,
      options: mapFiles(options, contentOf) as Manifest['options'],
      datasets,
      jobs,
      dependsOn: Object.fromEntries(dependsOn.map((file) => [file.path, file.digest])),
      env: Object.fromEntries(shape.env.map((name) => [name, process.env[name] ?? null])),
      version: shape.version ?? null,
      slices,
    };
    return { manifest, inputFiles, dependsOn };
  }

  #dataset(
    ref: DatasetRef,
    input: { name: string; method: string; shape: DatasetInputShape | undefined },
    problems: Problem[],
  ): DatasetContent | undefined {
    const record = this.#workdirs.datasetRecord(ref.job, ref.name);
    if (record === undefined) {
      problems.push(this.#noDataset(ref, input));
      return undefined;
    }
    const wanted = input.shape?.columns;
    const job = input.shape?.lineage === true ? this.#workdirs.job(ref.job) : undefined;
    const facts = {
      ...(ref.name === 'default' ? {} : { name: ref.name }),
      ...(job === undefined ? {} : { lineage: job.key, job: job.digest }),
    };
    // Without a column nothing would tell how many rows there are, which every handle shows.
    if (wanted === undefined || Object.keys(wanted).length === 0) {
      return { digest: record.digest, ...facts };
    }
    const columns = Object.entries(wanted).flatMap(([name, type]) => {
      const column = Object.hasOwn(record.columns, name) ? record.columns[name] : undefined;
      if (column !== undefined && acceptsColumn(type, column.type))
        return [[name, column] as const];
      problems.push(badColumn({ ref, input, name, type, record: record.columns }));
      return [];
    });
    const { hashlabel } = record;
    const placed = hashlabel !== null && Object.hasOwn(wanted, hashlabel) ? { hashlabel } : {};
    return { columns: Object.fromEntries(columns), ...placed, ...facts };
  }

  #noDataset(ref: DatasetRef, input: { name: string; method: string }): Problem {
    const job = this.#workdirs.job(ref.job);
    const has =
      job === undefined
        ? `there is no finished job ${ref.job}`
        : `job ${ref.job} (${job.method}) has no dataset "${ref.name}"`;
    return {
      code: 'unknown_dataset',
      message: `Dataset \`${input.name}\` of method \`${input.method}\`: ${has}`,
      hint: `\`acc ${job === undefined ? 'jobs' : `job ${ref.job}`}\` lists what there is.`,
      token: input.name,
    };
  }

  #job(
    id: JobId,
    input: { name: string; method: string; shape: JobInputShape | undefined },
    problems: Problem[],
  ): JobContent | undefined {
    const job = this.#finished(id, `Job \`${input.name}\` of method \`${input.method}\``, problems);
    if (job === undefined) return undefined;
    return input.shape?.lineage === true
      ? { digest: job.digest, lineage: job.key }
      : { digest: job.digest };
  }

  #finished(id: JobId, subject: string, problems: Problem[]): FinishedJob | undefined {
    const job = this.#workdirs.job(id);
    if (job === undefined) {
      problems.push({
        code: 'unknown_job',
        message: `${subject}: there is no finished job ${id}`,
        hint: '`acc jobs` lists the jobs there are.',
        token: id,
      });
    }
    return job;
  }

  /** Content of a file in a job; of a sliced file, the content of all its slices. */
  #jobFile(file: FileRef, problems: Problem[]): Digest | undefined {
    if (file.kind !== 'job_file') return undefined;
    const job = this.#finished(file.job, `File ${file.name}`, problems);
    if (job === undefined) return undefined;
    const names = file.sliced
      ? Array.from({ length: this.#workdirs.target.slices }, (_, i) => `${file.name}.${i}`)
      : [file.name];
    const digests = names.map((name) => this.#workdirs.fileDigest(file.job, name));
    const missing = names.filter((_, i) => digests[i] === undefined);
    if (missing.length > 0) {
      problems.push({
        code: 'unknown_job_file',
        message: `Job ${file.job} (${job.method}) has no file ${missing.map((name) => `"${name}"`).join(', ')}`,
        hint: `\`acc job ${file.job}\` lists its files.`,
        token: file.name,
      });
      return undefined;
    }
    return file.sliced ? (sha256(digests.join(' ')) as Digest) : digests[0];
  }

  async #inputFiles(
    paths: ReadonlySet<string>,
    problems: Problem[],
  ): Promise<readonly InputFileRecord[]> {
    const records: InputFileRecord[] = [];
    for (const path of paths) {
      const absolute = resolve(this.#inputDirectory, path);
      const content = await this.#files.digestIfFile(absolute);
      if (typeof content === 'object') records.push({ path, ...content });
      else problems.push(noInputFile(path, this.#inputDirectory, content));
    }
    return records;
  }

  async #dependsOn(
    request: KeyedRequest,
    problems: Problem[],
  ): Promise<readonly InputFileRecord[]> {
    const records: InputFileRecord[] = [];
    for (const path of request.shape.dependsOn) {
      const content = await this.#files.digestIfFile(resolve(dirname(request.code.file), path));
      if (typeof content === 'object') records.push({ path, ...content });
      else problems.push(noDependsOnFile(path, request.code, content));
    }
    return records;
  }
}

/** `found` is what there is in the file's place. */
function noInputFile(path: string, directory: string, found: 'nothing' | 'directory'): Problem {
  const place = found === 'nothing' ? 'does not exist in' : 'is a directory in';
  return {
    code: 'unknown_input_file',
    message: `Input file ${path} ${place} ${directory}`,
    hint:
      found === 'nothing'
        ? inputFileHint(path, directory)
        : `Name a file in it, as ${path}/NAME, or, where the option takes several, a pattern as ${path}/*.`,
    token: path,
  };
}

function inputFileHint(path: string, directory: string): string {
  const near = nearbyFile(path, directory);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  return 'Paths of input files are relative to the input directory.';
}

function noDependsOnFile(
  path: string,
  { name, file }: KeyedRequest['code'],
  found: 'nothing' | 'directory',
): Problem {
  const trouble = found === 'nothing' ? 'does not exist' : 'is a directory';
  return {
    code: 'unknown_depends_on_file',
    message: `Method \`${name}\` depends on ${path}, which ${trouble}`,
    hint:
      found === 'nothing'
        ? 'Paths in `dependsOn` are relative to the method’s file.'
        : 'Name each file in `dependsOn`: which files a directory holds is in no key.',
    where: { file, line: 1, column: 1, length: 1 },
    token: path,
  };
}

/** Paths of the input files among the options, each once. */
function inputPaths({ inputs }: KeyedRequest): ReadonlySet<string> {
  const files = filesIn(inputs.options);
  return new Set(files.flatMap((file) => (file.kind === 'input_file' ? [file.path] : [])));
}

/** Looks at each reference of each input; inputs that were not given are `null`. */
function mapInputs<Ref extends object | string, Content>(
  inputs: Readonly<Record<string, Ref | readonly Ref[] | null>>,
  look: (ref: Ref, name: string) => Content | undefined,
): Record<string, Content | Content[] | null> {
  const isList = (value: Ref | readonly Ref[]): value is readonly Ref[] => Array.isArray(value);
  const entries = Object.entries(inputs).map(([name, value]) => {
    if (value === null) return [name, null] as const;
    if (!isList(value)) return [name, look(value, name) ?? null] as const;
    return [name, value.flatMap((ref) => look(ref, name) ?? [])] as const;
  });
  return Object.fromEntries(entries);
}

function badColumn(facts: {
  ref: DatasetRef;
  input: { name: string; method: string };
  name: string;
  type: string;
  record: Readonly<Record<string, { readonly type: string }>>;
}): Problem {
  const { ref, input, name, type, record } = facts;
  const spec = datasetSpec(ref);
  const found = Object.hasOwn(record, name) ? record[name] : undefined;
  const subject = `Dataset \`${input.name}\` of method \`${input.method}\``;
  if (found !== undefined) {
    return {
      code: 'column_type',
      message: `${subject}: expected column "${name}" to be ${typeWords(type)}, but in ${spec} it is ${typeWords(found.type)}`,
      token: input.name,
    };
  }
  return {
    code: 'unknown_column',
    message: `${subject}: ${spec} has no column "${name}"; it has ${Object.keys(record).join(', ')}`,
    hint: didYouMean(name, Object.keys(record)),
    token: input.name,
  };
}

function fileKey(file: FileRef): string {
  return file.kind === 'input_file' ? file.path : `${file.job}/${file.name}/${file.sliced}`;
}

/** A column type for a sentence: `float64?` is one that may hold null. */
function typeWords(type: string): string {
  return type.replace(/\?$/u, ' or null');
}
