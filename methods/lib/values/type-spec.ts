// The names of the types that text can be read as, and what they say: `int32`, `int64_16i`, `date?:%Y%m%d`,
// `unicode:latin-1/replace`. What is read how is for cell-reader.ts.

import { nearest } from 'acc-engine';
import type { ColumnType } from 'acc-engine';

import { PatternError, parseDatePattern } from './date-pattern.ts';
import type { DateElement } from './date-pattern.ts';
import { CodecError, textCodec } from './text-codecs.ts';
import type { AsciiMode, TextCodec } from './text-codecs.ts';

/** What a type name says. */
export interface TypeSpec {
  /** Type of the column that the values are stored in. */
  readonly type: ColumnType;
  /** An empty text is a null. */
  readonly nullable: boolean;
  readonly form: TextForm;
}

/** How the values are written. */
export type TextForm = FixedForm | VaryingForm;

/** Of values of fixed width. */
export type FixedForm =
  | { readonly kind: 'integer'; readonly base: 0 | 8 | 10 | 16; readonly isPrefix: boolean }
  | { readonly kind: 'float' | 'floatbool'; readonly isPrefix: boolean }
  | { readonly kind: 'bool' | 'strbool' | 'iso' }
  | {
      readonly kind: 'pattern';
      readonly elements: readonly DateElement[];
      readonly isPrefix: boolean;
    };

/** Of values that are stored as text or bytes. */
export type VaryingForm =
  | { readonly kind: 'number'; readonly isInteger: boolean }
  | { readonly kind: 'json' }
  | { readonly kind: 'bytes'; readonly strips: boolean }
  | { readonly kind: 'ascii'; readonly strips: boolean; readonly mode: AsciiMode }
  | { readonly kind: 'text'; readonly strips: boolean; readonly codec: TextCodec };

/** Tells the two apart. */
export function isVarying(form: TextForm): form is VaryingForm {
  return VARYING.has(form.kind);
}

/** Says what was expected instead of a type name, as the end of "expected". */
export class TypeSpecError extends Error {}

const PARTS = /^([a-z]+(?:\d+(?:_\d+)?)?i?)(\?|\+None)?(?::([\s\S]*))?$/;
const INTEGER = /^(u?int(?:8|16|32|64))(?:_(\d+))?(i?)$/;
const FLOAT = /^(float32|float64)(i?)$/;
const DATE = /^(datetime|date|time)(i?)$/;
const TEXT = /^(string|unicode|ascii|bytes)(strip)?$/;
const BASES: ReadonlySet<number> = new Set([0, 8, 10, 16]);
const VARYING: ReadonlySet<string> = new Set(['number', 'json', 'bytes', 'ascii', 'text']);
const ASCII_MODES: ReadonlySet<string> = new Set(['replace', 'encode', 'strict']);

/** The names without their arguments, for messages. */
const NAMES = (
  'int8 int16 int32 int64 uint8 uint16 uint32 float32 float64 int32_16 int64_16 int32_10i int64_10i float64i ' +
  'number number:int bool strbool floatbool floatbooli date time datetime datei timei datetimei string stringstrip ' +
  'bytes bytesstrip ascii asciistrip unicode unicodestrip json'
).split(' ');

/** Reads the name of a type. Throws `TypeSpecError`. */
export function parseTypeSpec(text: string): TypeSpec {
  const [, base = '', mark, argument] = PARTS.exec(text) ?? [];
  const isDate = DATE.test(base);
  // In a date pattern a question mark stands for itself.
  const hasMark = mark === undefined && !isDate && argument?.endsWith('?') === true;
  const rest = hasMark ? argument.slice(0, -1) : argument;
  const found = typed(base, rest);
  if (found === undefined) throw unknownType(text);
  return { ...found, nullable: mark !== undefined || hasMark };
}

/** The names of types, as a hint lists them. */
const TYPE_FORMS =
  'int8 int16 int32 int64 uint8 uint16 uint32 (also _0 _8 _10 _16 for the base), float32 float64, number, number:int, ' +
  'bool, strbool, floatbool, date, time, datetime (also :PATTERN), string, bytes, ascii[:replace|encode|strict], ' +
  'unicode:CODEC[/strict|replace|ignore], json; with strip after the name of a text, i after that of a number or ' +
  'date to ignore what follows, and ? where empty is null';

type Typed = Omit<TypeSpec, 'nullable'>;

function typed(base: string, argument: string | undefined): Typed | undefined {
  const [, integer, ownBase, integerPrefix] = INTEGER.exec(base) ?? [];
  if (integer !== undefined) {
    if (integer === 'uint64') return undefined;
    const isPrefix = integerPrefix === 'i';
    return { type: integer as ColumnType, form: integerForm(ownBase ?? argument, isPrefix) };
  }
  const [, date, datePrefix] = DATE.exec(base) ?? [];
  if (date !== undefined) {
    return { type: date as ColumnType, form: dateForm(argument, datePrefix === 'i') };
  }
  const [, text, strip] = TEXT.exec(base) ?? [];
  if (text !== undefined) return textForm(text, strip !== undefined, argument);
  if (base === 'number' && (argument === undefined || argument === 'int')) {
    return { type: 'number', form: { kind: 'number', isInteger: argument === 'int' } };
  }
  return argument === undefined ? plainType(base) : undefined;
}

function plainType(base: string): Typed | undefined {
  const [, float, prefix] = FLOAT.exec(base) ?? [];
  if (float !== undefined) {
    return { type: float as ColumnType, form: { kind: 'float', isPrefix: prefix === 'i' } };
  }
  switch (base) {
    case 'bool':
    case 'strbool':
      return { type: 'bool', form: { kind: base } };
    case 'floatbool':
    case 'floatbooli':
      return { type: 'bool', form: { kind: 'floatbool', isPrefix: base === 'floatbooli' } };
    case 'json':
      return { type: 'json', form: { kind: 'json' } };
    default:
      return undefined;
  }
}

function integerForm(text: string | undefined, isPrefix: boolean): TextForm {
  const base = text === undefined ? 10 : Number(text);
  if (!BASES.has(base) || text === '') {
    throw new TypeSpecError('base 10, 16, 8 or 0 for integers');
  }
  return { kind: 'integer', base: base as 0 | 8 | 10 | 16, isPrefix };
}

function dateForm(pattern: string | undefined, isPrefix: boolean): TextForm {
  if (pattern === undefined) {
    if (!isPrefix) return { kind: 'iso' };
    throw new TypeSpecError('a pattern after a colon, as datei:%Y-%m-%d');
  }
  try {
    return { kind: 'pattern', elements: parseDatePattern(pattern), isPrefix };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new TypeSpecError(`a date pattern (in ${JSON.stringify(pattern)}, ${error.message})`);
  }
}

function textForm(base: string, strips: boolean, argument: string | undefined): Typed | undefined {
  if (base === 'bytes' && argument === undefined) {
    return { type: 'bytes', form: { kind: 'bytes', strips } };
  }
  if (base === 'string' && argument === undefined) {
    return { type: 'string', form: { kind: 'text', strips, codec: textCodec('utf-8') } };
  }
  if (base === 'ascii' && (argument === undefined || ASCII_MODES.has(argument))) {
    const mode = (argument ?? 'replace') as AsciiMode;
    return { type: 'string', form: { kind: 'ascii', strips, mode } };
  }
  if (base !== 'unicode') return undefined;
  try {
    const codec = textCodec(argument ?? 'utf-8');
    return { type: 'string', form: { kind: 'text', strips, codec } };
  } catch (error) {
    throw error instanceof CodecError ? new TypeSpecError(error.message) : error;
  }
}

function unknownType(text: string): TypeSpecError {
  const name = text.replace(/\?|\+None/, '').split(':', 1)[0] ?? '';
  const near = nearest(name, NAMES);
  const hint = near === undefined ? TYPE_FORMS : `did you mean ${near}?`;
  return new TypeSpecError(`a type (${hint})`);
}
