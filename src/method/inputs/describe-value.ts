// Shows a value that an author gave, in a few words, for a sentence that ends "…, got VALUE".

import { plural, withArticle } from '../../util/quantity.ts';
import { DatasetChain } from '../dataset/dataset-chain.ts';
import { Dataset } from '../dataset/dataset.ts';
import { DatasetInput, JobInput } from '../definition/input-declarations.ts';
import { InputFile } from '../job/input-file.ts';
import { JobFile } from '../job/job-file.ts';
import { Job } from '../job/job.ts';

const LONGEST = 60;

/** Describes a value: `"3" (string)`, `nothing`, `a list of 3`, `job dev-42`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return `${shorten(JSON.stringify(value))} (string)`;
    case 'bigint':
      return `${shorten(String(value))}n (bigint)`;
    case 'number':
      return `${Object.is(value, -0) ? '-0' : String(value)} (number)`;
    case 'boolean':
      return `${String(value)} (boolean)`;
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    case 'object':
      return value === null ? 'null' : describeObject(value);
  }
}

function describeObject(value: object): string {
  if (value instanceof Job) return `job ${value.id}`;
  if (value instanceof Dataset) return `dataset ${String(value)}`;
  if (value instanceof DatasetChain) return `a chain of ${plural(value.length, 'dataset')}`;
  if (value instanceof JobFile) return `job file ${String(value)}`;
  if (value instanceof InputFile) return `input file ${value.name}`;
  if (value instanceof DatasetInput || value instanceof JobInput) {
    return `a ${value.kind} declaration`;
  }
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value instanceof Date)
    return `${Number.isNaN(value.getTime()) ? 'an invalid' : value.toISOString()} (Date)`;
  // A build, too: names of our own classes are lost where they are packed.
  if (value instanceof Promise) return 'a promise';
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  if (typeof name === 'string' && name !== '' && name !== 'Object') return withArticle(name);
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : shorten(`an object with ${keys.join(', ')}`);
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
