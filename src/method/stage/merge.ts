// Merges what the slices of an analysis returned into one value: pure, and never changes what it is given.
// Kinds are decided by the values themselves, so an empty Map merges with any Map and nothing merges with nothing.

import { UsageError } from '../../model/errors.ts';
import { withArticle } from '../../util/quantity.ts';

/**
 * Merges values in slice order: numbers and bigints add, sets unite, arrays concatenate, Maps and records merge by key
 * down to the leaves. A slice that returned `undefined` does not take part; if none did, the result is `undefined`.
 * Throws `UsageError` naming the path where kinds differ or cannot be merged.
 */
export function merge<Value>(analysisRes: Iterable<Value>): Merged<Value> {
  const values = [...analysisRes].filter((value) => value !== undefined);
  return mergeValues(values, '') as Merged<Value>;
}

/** The type of a merged value: an array of tuples is no tuple any more, and literals become their kind. */
export type Merged<Value> = Value extends number
  ? number
  : Value extends bigint
    ? bigint
    : Value extends readonly (infer Item)[]
      ? Item[]
      : Value;

type Kind = 'number' | 'bigint' | 'set' | 'array' | 'map' | 'record';

function mergeValues(values: readonly unknown[], path: string): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  const kind = commonKind(values, path);
  switch (kind) {
    case 'number':
      return (values as readonly number[]).reduce((sum, value) => sum + value);
    case 'bigint':
      return (values as readonly bigint[]).reduce((sum, value) => sum + value);
    case 'set':
      return new Set((values as readonly ReadonlySet<unknown>[]).flatMap((set) => [...set]));
    case 'array':
      return (values as readonly (readonly unknown[])[]).flat();
    case 'map':
      return mergeMaps(values as readonly ReadonlyMap<unknown, unknown>[], path);
    case 'record':
      return mergeRecords(values as readonly Readonly<Record<string, unknown>>[], path);
  }
}

function mergeMaps(
  maps: readonly ReadonlyMap<unknown, unknown>[],
  path: string,
): Map<unknown, unknown> {
  return mergeByKey(
    maps.map((map) => map.entries()),
    (key) => `${path}{${typeof key === 'string' ? JSON.stringify(key) : String(key)}}`,
  );
}

function mergeRecords(
  records: readonly Readonly<Record<string, unknown>>[],
  path: string,
): Record<string, unknown> {
  const merged = mergeByKey(
    records.map((record) => Object.entries(record)),
    (key) => `${path}.${key}`,
  );
  return Object.fromEntries(merged);
}

/** Members are collected first and merged once per key, so that long arrays are not copied once per slice. */
function mergeByKey<Key>(
  slices: readonly Iterable<readonly [Key, unknown]>[],
  pathOf: (key: Key) => string,
): Map<Key, unknown> {
  const members = new Map<Key, unknown[]>();
  for (const entries of slices) {
    for (const [key, value] of entries) {
      const known = members.get(key);
      if (known === undefined) members.set(key, [value]);
      else known.push(value);
    }
  }
  const merged = new Map<Key, unknown>();
  for (const [key, values] of members) {
    const present = values.filter((value) => value !== undefined);
    merged.set(key, mergeValues(present, pathOf(key)));
  }
  return merged;
}

function commonKind(values: readonly unknown[], path: string): Kind {
  const kinds = new Set<Kind>();
  for (const value of values) {
    const kind = kindOf(value);
    if (kind === undefined) throw cannotMerge(path, `${nameOf(value)} cannot be merged`);
    kinds.add(kind);
  }
  const [kind, ...others] = kinds;
  if (kind !== undefined && others.length === 0) return kind;
  throw cannotMerge(path, `slices returned different kinds: ${[...kinds].join(', ')}`);
}

function kindOf(value: unknown): Kind | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return typeof value as Kind;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return 'array';
  if (value instanceof Set) return 'set';
  if (value instanceof Map) return 'map';
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? 'record' : undefined;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? withArticle(value.constructor.name) : `a ${typeof value}`;
}

function cannotMerge(path: string, reason: string): UsageError {
  const place =
    path === ''
      ? 'the results of analysis'
      : `the results of analysis at ${path.replace(/^\./u, '')}`;
  return new UsageError({
    code: 'cannot_merge',
    message: `Cannot merge ${place}: ${reason}`,
    hint: 'Numbers and bigints add, sets unite, arrays concatenate, Maps and records merge by key.',
  });
}
