// Says in words what the options of a method take: type, default and description, from the zod types of whichever
// copy of zod 4. Unaware of how they are shown. A kind of type that is not known here goes by zod's own name for it.

import { numberPhrase } from '../inputs/option-schema.ts';
import type { OptionSchema } from '../inputs/option-schema.ts';

/** One option, for a person. */
export interface OptionFacts {
  readonly name: string;
  /** As `list of string` or `{ type: "a" | "b", nullable?: boolean }`. */
  readonly type: string;
  readonly required: boolean;
  /** As it would be written in a build script; `null` without one. */
  readonly default: string | null;
  /** What the author said with `.describe()`; empty without. */
  readonly description: string;
  /** A value that shows the form, as it would be written in a build script. */
  readonly example: string;
}

/** The part of zod's internals that is looked at. All of it is optional, because kinds differ. */
interface Internals {
  readonly type: string;
  readonly innerType?: OptionSchema;
  readonly defaultValue?: unknown;
  readonly in?: OptionSchema;
  readonly element?: OptionSchema;
  readonly keyType?: OptionSchema;
  readonly valueType?: OptionSchema;
  readonly items?: readonly OptionSchema[];
  readonly options?: readonly OptionSchema[];
  readonly shape?: Readonly<Record<string, OptionSchema>>;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
  readonly left?: OptionSchema;
  readonly right?: OptionSchema;
  readonly error?: (issue: object) => unknown;
}

const OPTIONAL = new Set(['optional', 'default', 'prefault', 'catch']);

/** Describes the options of a definition, in their order. */
export function describeOptions(
  options: Readonly<Record<string, OptionSchema>>,
): readonly OptionFacts[] {
  return Object.entries(options).map(([name, schema]) => ({
    name,
    type: typeText(schema),
    required: isRequired(schema),
    default: defaultOf(schema),
    description: wrappings(schema).find((one) => one.description !== undefined)?.description ?? '',
    example: exampleOf(schema),
  }));
}

function isRequired(schema: OptionSchema): boolean {
  return !wrappings(schema).some((one) => OPTIONAL.has(internals(one).type));
}

function defaultOf(schema: OptionSchema): string | null {
  const holder = wrappings(schema).find((one) => 'defaultValue' in internals(one));
  return holder === undefined ? null : valueText(internals(holder).defaultValue);
}

/** The type itself first, then what it is wrapped around, as the type below `.optional()` or `.default()`. */
function wrappings(schema: OptionSchema): readonly OptionSchema[] {
  const { type, innerType, in: source } = internals(schema);
  const inner = type === 'pipe' ? source : innerType;
  return inner === undefined ? [schema] : [schema, ...wrappings(inner)];
}

function typeText(schema: OptionSchema): string {
  const def = internals(schema);
  if (def.type === 'nullable' && def.innerType !== undefined) {
    return `${typeText(def.innerType)} or null`;
  }
  if (def.type === 'pipe' && def.in !== undefined) return typeText(def.in);
  if (def.innerType !== undefined) return typeText(def.innerType);
  switch (def.type) {
    case 'number':
      return (numberPhrase(schema) ?? 'a number').replace(/^an? /u, '');
    case 'enum':
      return Object.values(def.entries ?? {})
        .map(valueText)
        .join(' | ');
    case 'literal':
      return (def.values ?? []).map(valueText).join(' | ');
    case 'union':
      return [...new Set((def.options ?? []).map(typeText))].join(' or ');
    case 'custom':
      return customText(def);
    default:
      return containerText(def);
  }
}

function containerText({ type, element, valueType, items, shape, left, right }: Internals): string {
  if (element !== undefined) return `list of ${inBrackets(element)}`;
  if (items !== undefined) return `[${items.map(typeText).join(', ')}]`;
  if (valueType !== undefined) return `${type} of ${inBrackets(valueType)}`;
  if (left !== undefined && right !== undefined) return `${typeText(left)} and ${typeText(right)}`;
  if (shape === undefined) return type;
  const members = Object.entries(shape).map(([name, member]) => {
    return `${name}${isRequired(member) ? '' : '?'}: ${typeText(member)}`;
  });
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function inBrackets(schema: OptionSchema): string {
  const text = typeText(schema);
  return / (?:or|and) |\|/u.test(text) && !text.startsWith('{') ? `(${text})` : text;
}

/** The message of a type made by hand says what it expects, as those of `inputFile()` and `jobFile()` do. */
function customText({ error }: Internals): string {
  const text = error?.({});
  return typeof text === 'string' ? text : 'any';
}

function valueText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return `new Date("${value.toISOString()}")`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? typeof value;
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value.constructor.name;
  const members = Object.entries(value).map(([name, member]) => `${name}: ${valueText(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function exampleOf(schema: OptionSchema): string {
  const last = wrappings(schema).at(-1) ?? schema;
  const { type, entries, values, options, element, shape } = internals(last);
  const [first] = options ?? [];
  if (first !== undefined) return exampleOf(first);
  if (element !== undefined) return `[${exampleOf(element)}]`;
  switch (type) {
    case 'number':
      return '1';
    case 'bigint':
      return '1n';
    case 'boolean':
      return 'true';
    case 'date':
      return 'new Date(0)';
    case 'enum':
      return valueText(Object.values(entries ?? {})[0]);
    case 'literal':
      return valueText(values?.[0]);
    case 'record':
      return '{}';
    case 'custom':
      return /`(.+)`/u.exec(customText(internals(last)))?.[1] ?? "'…'";
    case 'object': {
      const members = Object.entries(shape ?? {}).filter(([, member]) => isRequired(member));
      const texts = members.map(([name, member]) => `${name}: ${exampleOf(member)}`);
      return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
    }
    default:
      return "'…'";
  }
}

function internals(schema: OptionSchema): Internals {
  return schema['_zod'].def as unknown as Internals;
}
