// Option values as JSON: what zod produced, with the kinds that JSON lacks written as single-key `$` objects.
// Two forms exist: by reference (for running) and by content (for the key); only files and jobs differ.

import { withArticle } from '../util/quantity.ts';
import type { Digest, JobId } from './ids.ts';

/** A JSON value. */
export type OptionData =
  | null
  | boolean
  | number
  | string
  | readonly OptionData[]
  | { readonly [key: string]: OptionData };

/** A file below the input directory, as an option value after validation. */
export interface InputFileRef {
  readonly kind: 'input_file';
  /** Relative to the input directory, normalised, with `/`. */
  readonly path: string;
}

/** A file in a finished job, as an option value after validation. */
export interface JobFileRef {
  readonly kind: 'job_file';
  readonly job: JobId;
  /** Relative to the job directory. For a sliced file the name without its slice number. */
  readonly name: string;
  readonly sliced: boolean;
}

/** A file met while encoding. */
export type FileRef = InputFileRef | JobFileRef;

/** Says how a file met inside a value is written. */
export type EncodeFile = (file: FileRef) => OptionData;

/** Makes the live value of a file met while decoding. */
export type DecodeFile = (file: FileRef) => unknown;

/** Stands among encoded options, as no option can be called: input files that are in the key but in no option's value. */
export const LOST_FILES = '$files';

/** Recognises a live object as a file reference; `undefined` for everything else. */
export type AsFileRef = (value: object) => FileRef | undefined;

/** Thrown by `encodeOption` for a value that has no written form. */
export class UnsupportedOptionError extends Error {
  /** Where in the options, as `filters.0.when`. */
  readonly path: string;
  /** What was found there, as `function`. */
  readonly found: string;

  constructor(path: string, found: string) {
    super(`Option ${path} holds ${withArticle(found)}, which cannot be part of a key`);
    this.name = 'UnsupportedOptionError';
    this.path = path;
    this.found = found;
  }
}

/** Writes a file by reference: job and name, or path. */
export function encodeFileByReference(file: FileRef): OptionData {
  return file.kind === 'input_file'
    ? { $inputFile: { path: file.path } }
    : { $jobFile: { job: file.job, name: file.name, sliced: file.sliced } };
}

/** Writes a file by name and content, as the key sees it. */
export function encodeFileByContent(file: FileRef, content: Digest): OptionData {
  return file.kind === 'input_file'
    ? { $inputFile: { path: file.path, digest: content } }
    : { $jobFile: { name: file.name, sliced: file.sliced, digest: content } };
}

/** Encodes one validated option. Members of objects are sorted, `undefined` ones left out. Throws `UnsupportedOptionError`. */
export function encodeOption(
  value: unknown,
  path: string,
  asFileRef: AsFileRef,
  encodeFile: EncodeFile,
): OptionData {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint':
      return { $bigint: String(value) };
    case 'undefined':
      return { $undefined: true };
    case 'object':
      return value === null ? null : encodeObject(value, path, asFileRef, encodeFile);
    case 'function':
    case 'symbol':
      throw new UnsupportedOptionError(path, typeof value);
  }
}

function encodeObject(
  value: object,
  path: string,
  asFileRef: AsFileRef,
  encodeFile: EncodeFile,
): OptionData {
  const encode = (item: unknown, step: string | number): OptionData =>
    encodeOption(item, `${path}.${step}`, asFileRef, encodeFile);
  const file = asFileRef(value);
  if (file !== undefined) return encodeFile(file);
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new UnsupportedOptionError(path, 'invalid Date');
    return { $date: value.toISOString() };
  }
  if (value instanceof Set) {
    const items = [...value].map(encode).map((item) => [JSON.stringify(item), item] as const);
    return { $set: items.toSorted((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, item]) => item) };
  }
  if (value instanceof Map) {
    return { $map: [...value].map(([key, item], i) => [encode(key, i), encode(item, i)]) };
  }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new UnsupportedOptionError(path, value.constructor.name);
  }
  // The key does not see the order of members, so the method must not see it either.
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, encode(item, key)] as const)
    .toSorted((a, b) => (a[0] < b[0] ? -1 : 1));
  const record = Object.fromEntries(entries);
  return entries.some(([key]) => key.startsWith('$')) ? { $object: record } : record;
}

/** Copies encoded options with every file in them written anew, as `replace` says. */
export function mapFiles(data: OptionData, replace: EncodeFile): OptionData {
  if (typeof data !== 'object' || data === null) return data;
  if (isArray(data)) return data.map((item) => mapFiles(item, replace));
  const file = fileOf(data);
  if (file !== undefined) return replace(file);
  // What is inside is an author's object, whose members may be called as a file is written.
  const { $object: escaped } = data as {
    readonly $object?: { readonly [key: string]: OptionData };
  };
  if (escaped !== undefined) return { $object: mapMembers(escaped, replace) };
  return mapMembers(data, replace);
}

function mapMembers(
  record: { readonly [key: string]: OptionData },
  replace: EncodeFile,
): { readonly [key: string]: OptionData } {
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [key, mapFiles(item, replace)]),
  );
}

/** Lists every file in options encoded by reference, in order of appearance. */
export function filesIn(data: OptionData): readonly FileRef[] {
  const files: FileRef[] = [];
  mapFiles(data, (file) => {
    files.push(file);
    return null;
  });
  return files;
}

function fileOf(data: { readonly [key: string]: OptionData }): FileRef | undefined {
  const input = data['$inputFile'] as unknown as Omit<InputFileRef, 'kind'> | undefined;
  if (input !== undefined) return { kind: 'input_file', ...input };
  const file = data['$jobFile'] as unknown as Omit<JobFileRef, 'kind'> | undefined;
  return file === undefined ? undefined : { kind: 'job_file', ...file };
}

/** Decodes what `encodeOption` wrote by reference. Inverse of `encodeOption`. */
export function decodeOption(data: OptionData, decodeFile: DecodeFile): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (isArray(data)) return data.map((item) => decodeOption(item, decodeFile));
  const [key] = Object.keys(data);
  if (key?.startsWith('$') === true) return decodeTagged(key, data[key] ?? null, decodeFile);
  return decodeRecord(data, decodeFile);
}

function decodeRecord(data: OptionData, decodeFile: DecodeFile): unknown {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, item]) => [key, decodeOption(item, decodeFile)]),
  );
}

function decodeTagged(tag: string, data: OptionData, decodeFile: DecodeFile): unknown {
  const items = isArray(data) ? data : [];
  const text = typeof data === 'string' ? data : '';
  switch (tag) {
    case '$number':
      return Number(data);
    case '$bigint':
      return BigInt(text);
    case '$undefined':
      return undefined;
    case '$date':
      return new Date(text);
    case '$bytes':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case '$set':
      return new Set(items.map((item) => decodeOption(item, decodeFile)));
    case '$map':
      return new Map(items.map((pair) => decodeOption(pair, decodeFile) as [unknown, unknown]));
    case '$object':
      return decodeRecord(data, decodeFile);
    case '$inputFile':
      return decodeFile({ kind: 'input_file', ...(data as unknown as { path: string }) });
    case '$jobFile':
      return decodeFile({
        kind: 'job_file',
        ...(data as unknown as { job: JobId; name: string; sliced: boolean }),
      });
    default:
      throw new Error(`Internal error: unknown tag ${tag} in stored options`);
  }
}

function isArray(data: OptionData): data is readonly OptionData[] {
  return Array.isArray(data);
}
