// Makes of a type's name what reads cells of text as values of that type: the one piece of code behind the import of
// text files and the typing of datasets. Values come out as the columns of a writer's batch.

import type { ColumnType } from 'acc-engine';

import { isSpace, latin1, NULL, READ } from './cells.ts';
import type { Cells, ParsedCells, ReadCells } from './cells.ts';
import { dateReader } from './dates.ts';
import { decimalText, float32Reader, floatOf, floatReader } from './floats.ts';
import type { FloatFormat } from './floats.ts';
import { integerReader } from './integers.ts';
import { appendDecoded, appendEscaped } from './text-codecs.ts';
import type { TextSink } from './text-codecs.ts';
import type { TimeZone } from './time-zone.ts';
import { isVarying } from './type-spec.ts';
import type { FixedForm, TypeSpec, VaryingForm } from './type-spec.ts';

/** What holds for all columns. */
export interface ReadSettings {
  /** Decimals follow a comma. */
  readonly hasComma: boolean;
  /** Of datetimes that do not say; UTC if not given. */
  readonly zone?: TimeZone | undefined;
}

/** Appends the value in `bytes[start, end)` as it is stored; `false`, and nothing appended, where there is none. */
export type AppendText = (sink: TextSink, bytes: Uint8Array, start: number, end: number) => boolean;

/** What reads cells: into numbers, or into text. */
export type CellReader =
  | { readonly kind: 'fixed'; readonly read: ReadCells }
  | { readonly kind: 'text'; readonly append: AppendText };

/** Text one after another: value `i` is bytes `[offsets[i], offsets[i + 1])`. */
export interface TextValues {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

const INT_RANGES: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
};
const FALSE_WORDS = new Set(['', '0', 'false', 'f', 'no', 'off', 'nil', 'null']);
const LONGEST_FALSE_WORD = 5;
const INTEGRAL = /^([+-]?)(\d+\.0*|\.0+|\d+)$/;
const ZERO = 48;
const ONE = 49;

/** Makes what reads values of a type. */
export function cellReader(spec: TypeSpec, settings: ReadSettings): CellReader {
  const { type, form } = spec;
  return isVarying(form)
    ? { kind: 'text', append: textAppender(form, settings) }
    : { kind: 'fixed', read: fixedReader(type, form, settings) };
}

function fixedReader(
  type: ColumnType,
  form: FixedForm,
  { hasComma, zone }: ReadSettings,
): ReadCells {
  switch (form.kind) {
    case 'integer': {
      const [min, max] = INT_RANGES[type] ?? [0n, 0n];
      return integerReader({ base: form.base, isPrefix: form.isPrefix, min, max });
    }
    case 'float': {
      const format: FloatFormat = { hasComma, isPrefix: form.isPrefix };
      return type === 'float32' ? float32Reader(format) : floatReader(format);
    }
    case 'floatbool':
      return floatBoolReader({ hasComma, isPrefix: form.isPrefix });
    case 'bool':
      return readBools;
    case 'strbool':
      return readWords;
    case 'iso':
    case 'pattern': {
      const isPattern = form.kind === 'pattern';
      return dateReader({
        type: type as 'date' | 'time' | 'datetime',
        elements: isPattern ? form.elements : undefined,
        isPrefix: isPattern && form.isPrefix,
        zone,
        hasComma,
      });
    }
  }
}

/** `1`, `0`, and `true` and `false` in any case. */
function readBools(cells: Cells, into: ParsedCells): void {
  const { bytes, starts, ends, first, step, count } = cells;
  const { values, states } = into;
  for (let cell = 0, at = first; cell < count; cell++, at += step) {
    if (states[cell] === NULL) continue;
    const start = starts[at] ?? 0;
    const end = ends[at] ?? 0;
    const byte = end - start === 1 ? (bytes[start] ?? 0) : 0;
    if (byte === ONE || byte === ZERO) values[cell] = byte - ZERO;
    else {
      const word = end - start < 64 ? latin1(bytes, start, end).trim().toLowerCase() : '';
      if (word === 'true' || word === '1') values[cell] = 1;
      else if (word === 'false' || word === '0') values[cell] = 0;
      else into.markBad(cell);
    }
  }
}

/** Everything is true but the words for false. */
function readWords(cells: Cells, into: ParsedCells): void {
  const { bytes, starts, ends, first, step, count } = cells;
  for (let cell = 0, at = first; cell < count; cell++, at += step) {
    if (into.states[cell] === NULL) continue;
    const start = starts[at] ?? 0;
    const end = ends[at] ?? 0;
    if (end - start === 1 && (bytes[start] ?? 0) <= ONE) {
      into.values[cell] = bytes[start] === ZERO ? 0 : 1;
      continue;
    }
    const isShort = end - start <= LONGEST_FALSE_WORD;
    const isFalse = isShort && FALSE_WORDS.has(latin1(bytes, start, end).toLowerCase());
    into.values[cell] = isFalse ? 0 : 1;
  }
}

/** Numbers, of which only 0 is false. */
function floatBoolReader(format: FloatFormat): ReadCells {
  const read = floatReader(format);
  return (cells, into) => {
    read(cells, into);
    // NaN is not 0 either.
    for (let cell = 0; cell < cells.count; cell++) {
      into.values[cell] = into.values[cell] === 0 ? 0 : 1;
    }
  };
}

function textAppender(form: VaryingForm, { hasComma }: ReadSettings): AppendText {
  switch (form.kind) {
    case 'bytes':
      return stripping(form.strips, (sink, bytes, start, end) => {
        sink.append(bytes, start, end);
        return true;
      });
    case 'ascii':
      return stripping(form.strips, (sink, bytes, start, end) =>
        appendEscaped(sink, bytes, start, end, form.mode),
      );
    case 'text':
      return stripping(form.strips, (sink, bytes, start, end) =>
        appendDecoded(sink, bytes, start, end, form.codec),
      );
    case 'json':
      return appendJson;
    case 'number':
      return numberAppender(form.isInteger, { hasComma, isPrefix: false });
  }
}

/** White space around the text is taken off before it is decoded. */
function stripping(strips: boolean, append: AppendText): AppendText {
  if (!strips) return append;
  return (sink, bytes, start, end) => {
    let [from, to] = [start, end];
    while (from < to && isSpace(bytes[from] ?? 0)) from++;
    while (to > from && isSpace(bytes[to - 1] ?? 0)) to--;
    return append(sink, bytes, from, to);
  };
}

function appendJson(sink: TextSink, bytes: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  try {
    sink.appendText(JSON.stringify(JSON.parse(text)));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Integers of any size are exact, everything else is a float64; `7.00` is the integer 7. */
function numberAppender(isInteger: boolean, format: FloatFormat): AppendText {
  return (sink, bytes, start, end) => {
    const text = decimalText(bytes, start, end, format);
    if (text === undefined) return false;
    const [, sign = '', digits] = INTEGRAL.exec(text) ?? [];
    if (digits !== undefined) {
      sink.appendText(integerText(sign, digits, isInteger));
      return true;
    }
    const value = isInteger ? undefined : floatOf(bytes, start, end, format);
    if (value === undefined) return false;
    sink.appendText(floatText(value));
    return true;
  };
}

/** Without leading zeros and fraction; −0 is a number, but no integer. */
function integerText(sign: string, digits: string, isInteger: boolean): string {
  const whole = digits.replace(/\.0*$/, '').replace(/^0+(?=\d)/, '') || '0';
  return sign === '-' && !(isInteger && whole === '0') ? `-${whole}` : whole;
}

/** An integer beyond 2^53 has an exponent, which tells it from one that is exact. */
function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? value.toExponential()
    : String(value);
}

/** Reads all cells that are not null as text. A cell without value is `fallback` where there is one. */
export function readTexts(
  cells: Cells,
  into: ParsedCells,
  { append, sink, fallback }: { append: AppendText; sink: TextSink; fallback: Uint8Array | null },
): TextValues {
  const { bytes, starts, ends, first, step, count } = cells;
  const offsets = new Int32Array(count + 1);
  sink.length = 0;
  for (let cell = 0, at = first; cell < count; cell++, at += step) {
    if (into.states[cell] === READ && !append(sink, bytes, starts[at] ?? 0, ends[at] ?? 0)) {
      into.markBad(cell);
      if (fallback !== null) sink.append(fallback, 0, fallback.length);
    }
    offsets[cell + 1] = sink.length;
  }
  return { offsets, bytes: sink.bytes.subarray(0, sink.length) };
}
