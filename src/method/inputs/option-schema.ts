// Looks into zod types, of whichever copy of zod 4, for what its issues do not say:
// the names an object takes, and all the limits of a number in one phrase.

import type { z } from 'zod';

/** A zod type as it is found in a definition. */
export type OptionSchema = z.ZodType;

/** The part of zod's internals that is looked at. All of it is optional, because kinds differ. */
interface Internals {
  readonly type?: string;
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckFacts } }[];
  readonly shape?: Readonly<Record<string, OptionSchema>>;
  readonly innerType?: OptionSchema;
  readonly in?: OptionSchema;
  readonly element?: OptionSchema;
  readonly valueType?: OptionSchema;
  readonly items?: readonly OptionSchema[];
}

interface CheckFacts {
  readonly check: string;
  readonly value?: number | bigint;
  readonly inclusive?: boolean;
  readonly format?: string;
}

/** Finds the type at a path, through optional, default and the like; `undefined` where the path leads through a union. */
export function schemaAt(
  schema: OptionSchema,
  path: readonly PropertyKey[],
): OptionSchema | undefined {
  let found: OptionSchema | undefined = unwrapped(schema);
  for (const key of path) {
    if (found === undefined) return undefined;
    const { shape, element, valueType, items } = internals(found);
    const next: OptionSchema | undefined =
      shape?.[String(key)] ?? element ?? valueType ?? items?.[Number(key)];
    found = next === undefined ? undefined : unwrapped(next);
  }
  return found;
}

/** Names of the members that an object type takes; empty for other types. */
export function keysOf(schema: OptionSchema | undefined): readonly string[] {
  return schema === undefined ? [] : Object.keys(internals(schema).shape ?? {});
}

/** Describes a number type with its limits, as `a non-negative integer`; `undefined` for other types. */
export function numberPhrase(schema: OptionSchema | undefined): string | undefined {
  if (schema === undefined || internals(schema).type !== 'number') return undefined;
  const { format, checks = [] } = internals(schema);
  const facts = checks.map((check) => check['_zod'].def);
  const formats = [format, ...facts.map((fact) => fact.format)];
  const isInteger = formats.some((name) => name?.includes('int') === true);
  const noun = isInteger ? 'an integer' : 'a number';
  const lower = lowerPhrase(
    facts.findLast((fact) => fact.check === 'greater_than'),
    isInteger,
  );
  const upper = upperPhrase(facts.findLast((fact) => fact.check === 'less_than'));
  if (lower?.adjective !== undefined && upper === undefined) {
    return `a ${lower.adjective} ${noun.slice(noun.indexOf(' ') + 1)}`;
  }
  return [noun, [lower?.text, upper].filter((text) => text !== undefined).join(' and ')]
    .join(' ')
    .trim();
}

function lowerPhrase(
  fact: CheckFacts | undefined,
  isInteger: boolean,
): { readonly text: string; readonly adjective?: string } | undefined {
  if (fact === undefined) return undefined;
  const value = Number(fact.value);
  const isInclusive = fact.inclusive === true;
  const text = isInclusive ? `of at least ${value}` : `above ${value}`;
  if (value === 0) return { text, adjective: isInclusive ? 'non-negative' : 'positive' };
  return isInteger && isInclusive && value === 1 ? { text, adjective: 'positive' } : { text };
}

function upperPhrase(fact: CheckFacts | undefined): string | undefined {
  if (fact === undefined) return undefined;
  return fact.inclusive === true ? `of at most ${fact.value}` : `below ${fact.value}`;
}

function unwrapped(schema: OptionSchema): OptionSchema {
  const { type, innerType, in: source } = internals(schema);
  if (innerType !== undefined) return unwrapped(innerType);
  return type === 'pipe' && source !== undefined ? unwrapped(source) : schema;
}

function internals(schema: OptionSchema): Internals {
  return schema['_zod'].def;
}
