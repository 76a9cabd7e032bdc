// Brings a stage's value into a form that msgpack can hold, and says where it cannot be held.
// Acc's handles, −0, DataView and objects with a member called `__proto__` become `Token`s; a value without any of them is passed on as it is, not copied.

import { types } from 'node:util';

import { InvalidOutputError } from '../../model/invalid-output.ts';
import { withArticle } from '../../util/quantity.ts';

/** Stands for something that msgpack has no form for: `kind` says what, `data` is plain. */
export class Token {
  readonly kind: string;
  readonly data: unknown;

  constructor(kind: string, data: unknown) {
    this.kind = kind;
    this.data = data;
  }
}

/** Returns the token for a live object; `undefined` for everything that has a form of its own. */
export type AsToken = (value: object) => Token | undefined;

/** Returns `value`, or a copy with tokens in it. Throws `InvalidOutputError` naming the path of what cannot travel. */
export function plainValue(value: unknown, what: string, asToken: AsToken): unknown {
  switch (inspect(value, asToken, new Set())) {
    case 'plain':
      return value;
    case 'special':
      return replaceSpecial(value, asToken, new Map());
    case 'unfit':
      throw unfitError(value, what, asToken);
  }
}

type Finding = 'plain' | 'special' | 'unfit';

function inspect(value: unknown, asToken: AsToken, seen: Set<object>): Finding {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? 'special' : 'plain';
    case 'function':
    case 'symbol':
      return 'unfit';
    case 'object':
      return value === null ? 'plain' : inspectObject(value, asToken, seen);
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return 'plain';
  }
}

function inspectObject(value: object, asToken: AsToken, seen: Set<object>): Finding {
  if (seen.has(value)) return 'plain';
  seen.add(value);
  if (isLeaf(value)) return 'plain';
  if (value instanceof DataView || asToken(value) !== undefined) return 'special';
  if (unfitKind(value) !== undefined) return 'unfit';
  let finding: Finding = hasProtoMember(value) ? 'special' : 'plain';
  for (const member of membersOf(value)) {
    const found = inspect(member, asToken, seen);
    if (found === 'unfit') return 'unfit';
    if (found === 'special') finding = 'special';
  }
  return finding;
}

function replaceSpecial(value: unknown, asToken: AsToken, copies: Map<object, unknown>): unknown {
  if (Object.is(value, -0)) return new Token('-0', null);
  if (typeof value !== 'object' || value === null || isLeaf(value)) return value;
  if (copies.has(value)) return copies.get(value);
  const token = value instanceof DataView ? dataViewToken(value) : asToken(value);
  const replace = (member: unknown): unknown => replaceSpecial(member, asToken, copies);
  if (token === undefined && hasProtoMember(value)) return entriesToken(value, replace, copies);
  const copy = token ?? emptyLike(value);
  copies.set(value, copy);
  if (token !== undefined) return token;
  if (Array.isArray(value)) for (const item of value) (copy as unknown[]).push(replace(item));
  else if (value instanceof Set)
    for (const item of value) (copy as Set<unknown>).add(replace(item));
  else if (value instanceof Map) {
    for (const [key, item] of value)
      (copy as Map<unknown, unknown>).set(replace(key), replace(item));
  } else {
    for (const [key, item] of Object.entries(value)) {
      Object.defineProperty(copy, key, {
        value: replace(item),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return copy;
}

function emptyLike(value: object): object {
  if (Array.isArray(value)) return [];
  if (value instanceof Set) return new Set();
  return value instanceof Map ? new Map() : {};
}

/** msgpackr would rename such a member without a word. */
function hasProtoMember(value: object): boolean {
  return Object.hasOwn(value, '__proto__');
}

function entriesToken(
  value: object,
  replace: (member: unknown) => unknown,
  copies: Map<object, unknown>,
): Token {
  const entries: [string, unknown][] = [];
  const token = new Token('entries', entries);
  copies.set(value, token);
  for (const [key, item] of Object.entries(value)) entries.push([key, replace(item)]);
  return token;
}

function dataViewToken(view: DataView): Token {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return new Token('DataView', Buffer.from(bytes));
}

/** Objects that msgpack holds as they are and that have no members to look at. */
function isLeaf(value: object): boolean {
  return (
    (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
    value instanceof ArrayBuffer ||
    value instanceof Date ||
    value instanceof RegExp ||
    types.isBoxedPrimitive(value)
  );
}

function* membersOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) yield* value;
  else if (value instanceof Map) {
    for (const [key, item] of value) {
      yield key;
      yield item;
    }
  } else if (!types.isNativeError(value)) yield* Object.values(value);
}

/** Names what cannot travel: live things such as promises, streams and URLs, whose copy would be empty. */
function unfitKind(value: object): string | undefined {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  const isPlain =
    tag === 'Object' || tag === 'Array' || tag === 'Map' || tag === 'Set' || tag === 'Error';
  return isPlain ? undefined : tag;
}

/** Walks again to find the path, which the first walk did not keep because most values are fit. */
function unfitError(value: unknown, what: string, asToken: AsToken): InvalidOutputError {
  const { path, kind } = findUnfit(value, asToken, new Set()) ?? {
    path: '',
    kind: 'unknown value',
  };
  const place = path === '' ? what : `${what}, at ${path.replace(/^\./u, '')},`;
  return new InvalidOutputError(
    `${place} is ${withArticle(kind)}, which cannot be kept or passed to another stage`,
  );
}

function findUnfit(
  value: unknown,
  asToken: AsToken,
  seen: Set<object>,
): { path: string; kind: string } | undefined {
  if (typeof value === 'function' || typeof value === 'symbol')
    return { path: '', kind: typeof value };
  if (typeof value !== 'object' || value === null || seen.has(value) || isLeaf(value))
    return undefined;
  seen.add(value);
  if (value instanceof DataView || asToken(value) !== undefined) return undefined;
  const kind = unfitKind(value);
  if (kind !== undefined) return { path: '', kind };
  for (const [step, member] of stepsOf(value)) {
    const found = findUnfit(member, asToken, seen);
    if (found !== undefined) return { path: `${step}${found.path}`, kind: found.kind };
  }
  return undefined;
}

function* stepsOf(value: object): Iterable<[step: string, member: unknown]> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield [`[${i}]`, item];
  else if (value instanceof Set) for (const item of value) yield ['{}', item];
  else if (value instanceof Map) {
    for (const [key, item] of value) {
      yield ['{key}', key];
      yield [`{${typeof key === 'string' ? JSON.stringify(key) : String(key)}}`, item];
    }
  } else for (const [key, item] of Object.entries(value)) yield [`.${key}`, item];
}
