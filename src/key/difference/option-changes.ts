// Compares two sets of encoded options and writes the values that differ the way a person would.

import type { OptionData } from '../../model/option-value.ts';
import { canonicalJson } from '../job-key.ts';

/** An option, or a value inside one, that differs. */
export interface OptionChange {
  /** As `filters.0.when`. */
  readonly path: string;
  /** `undefined` where there is no such value. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** True when it is a file under the same name with other content. */
  readonly isFile: boolean;
}

type OptionRecord = { readonly [key: string]: OptionData };

/** Lists the innermost values that differ, in the order of their names. */
export function optionChanges(before: OptionRecord, after: OptionRecord): readonly OptionChange[] {
  const told = new Set<string>();
  return recordChanges('', before, after).filter(({ path, isFile }) => {
    if (!isFile) return true;
    // A file may be given in several options.
    const isNew = !told.has(path);
    told.add(path);
    return isNew;
  });
}

function recordChanges(path: string, before: OptionRecord, after: OptionRecord): OptionChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .toSorted()
    .flatMap((name) =>
      valueChanges(path === '' ? name : `${path}.${name}`, before[name], after[name]),
    );
}

function valueChanges(
  path: string,
  before: OptionData | undefined,
  after: OptionData | undefined,
): OptionChange[] {
  if (canonicalJson([before]) === canonicalJson([after])) return [];
  const [old, present] = [recordOf(before), recordOf(after)];
  if (old !== undefined && present !== undefined) return recordChanges(path, old, present);
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const items = after as readonly OptionData[];
    return items.flatMap((item, i) => valueChanges(`${path}.${i}`, before[i] as OptionData, item));
  }
  const [fileBefore, fileAfter] = [fileName(before), fileName(after)];
  if (fileBefore !== undefined && fileBefore === fileAfter) {
    return [{ path: fileBefore, before: undefined, after: undefined, isFile: true }];
  }
  return [{ path, before: textOf(before), after: textOf(after), isFile: false }];
}

/** The members of a plain object; `undefined` for everything else, also for the kinds that JSON lacks. */
function recordOf(value: OptionData | undefined): OptionRecord | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  const [tag, content] = tagged(value);
  if (tag === '$object') return content as OptionRecord;
  return tag === undefined ? value : undefined;
}

function tagged(value: OptionRecord): readonly [string | undefined, OptionData] {
  const [key] = Object.keys(value);
  return key?.startsWith('$') === true ? [key, value[key] ?? null] : [undefined, null];
}

function fileName(value: OptionData | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  const [tag, content] = tagged(value);
  if (tag !== '$inputFile' && tag !== '$jobFile') return undefined;
  const { path, name } = content as { readonly path?: string; readonly name?: string };
  return path ?? name;
}

function textOf(value: OptionData | undefined): string | undefined {
  return value === undefined ? undefined : optionText(value);
}

/** Writes an option the way a person would: files by their names, everything else as in a source text. */
export function optionText(value: OptionData): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(optionText).join(', ')}]`;
  const [tag, content] = tagged(value);
  return tag === undefined ? recordText(value) : taggedText(tag, content);
}

function recordText(record: OptionRecord): string {
  const members = Object.entries(record).map(([name, item]) => `${name}: ${optionText(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function taggedText(tag: string, content: OptionData): string {
  switch (tag) {
    case '$bigint':
      return `${stringOf(content)}n`;
    case '$undefined':
      return 'undefined';
    case '$set':
    case '$map':
      return `${tag === '$set' ? 'Set' : 'Map'} ${textOf(content)}`;
    case '$bytes':
      return `${Buffer.from(stringOf(content), 'base64').length} bytes`;
    case '$object':
      return recordText(content as OptionRecord);
    case '$inputFile':
    case '$jobFile': {
      // The key knows a file by its content, whatever job it lies in.
      const { job } = content as { readonly job?: string };
      return [...(job === undefined ? [] : [job]), fileName({ [tag]: content })].join('/');
    }
    default:
      return stringOf(content);
  }
}

function stringOf(content: OptionData): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function isList(value: OptionData): value is readonly OptionData[] {
  return Array.isArray(value);
}
