// Checks the options of an iteration and brings them into the form in which reading takes them.

import type { ReadOptions } from '../../data/column-values.ts';
import type { RowMapping } from '../../data/read/mapped-rows.ts';
import type { RangeRequest, RangeValue } from '../../data/read/range-check.ts';
import type { SliceRequest } from '../../data/read/row-slice.ts';
import type { PiecePlace } from '../../data/read/scan.ts';
import type { CallbackAnswer, IterationCallbacks } from '../../data/read/segment-steps.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';
import { checkKnownOptions } from '../inputs/known-options.ts';
import { signalAnswer } from './iteration-signal.ts';

/** Options whose types the compiler has checked against the columns. */
export interface UntypedOptions extends ReadOptions {
  readonly range?: object | undefined;
  readonly sloppyRange?: boolean;
  readonly hashlabel?: string;
  readonly rehash?: boolean;
  readonly slice?: SliceRequest;
  readonly translators?: unknown;
  readonly filters?: unknown;
  readonly preCallback?: Callback;
  readonly postCallback?: Callback;
  readonly preSliceCallback?: Callback;
  readonly postSliceCallback?: Callback;
  readonly statusReporting?: boolean;
  readonly takes?: (place: PiecePlace) => boolean;
}

type Callback = (dataset: never, sliceno: number) => unknown;
type CellFunction = (value: unknown) => unknown;

const BATCH_OPTIONS = [
  'range',
  'hashlabel',
  'slice',
  'preCallback',
  'postCallback',
  'preSliceCallback',
  'postSliceCallback',
  'statusReporting',
] as const;

const ROW_OPTIONS = [
  ...BATCH_OPTIONS,
  'sloppyRange',
  'rehash',
  'translators',
  'filters',
  'int64',
  'datetime',
] as const;

/** What the values of types of 64 bits are read as. */
const FORMS: Readonly<Record<'int64' | 'datetime', readonly string[]>> = {
  int64: ['number', 'bigint'],
  datetime: ['date', 'bigint'],
};

/** Refuses options that there are not. */
export function checkOptions(options: UntypedOptions, call: 'iterate' | 'batches'): void {
  const known: readonly string[] = call === 'iterate' ? ROW_OPTIONS : [...BATCH_OPTIONS, 'takes'];
  checkKnownOptions(options, { subject: `\`${call}\``, known, code: 'unknown_iterate_option' });
  for (const type of ['int64', 'datetime'] as const) checkForm(type, options[type]);
  if (options.rehash === true && options.hashlabel === undefined) {
    throw invalid('`rehash` needs `hashlabel`: the column whose hash tells the slice of a row');
  }
}

/** Refuses what batches cannot be chosen by. */
export function checkBatchOptions(options: UntypedOptions): void {
  checkOptions(options, 'batches');
  const { range, slice } = options;
  if (typeof slice === 'object' && (slice.step ?? 1) !== 1) {
    throw invalid('Expected `slice` of batches to have no `step`: their rows lie side by side');
  }
  if (range !== undefined && slice !== undefined) {
    throw invalid('`range` and `slice` of batches exclude each other: a range gives whole batches');
  }
}

/** The range asked for; `undefined` when there is none. */
export function rangeRequest({ range }: UntypedOptions): RangeRequest | undefined {
  if (range === undefined) return undefined;
  const [[column, ends] = [], ...more] = Object.entries(range);
  if (column === undefined || more.length > 0) {
    throw invalid(
      `Expected \`range\` to name exactly one column, got ${
        column === undefined
          ? 'none'
          : Object.keys(range)
              .map((name) => JSON.stringify(name))
              .join(', ')
      }`,
    );
  }
  if (!Array.isArray(ends) || ends.length !== 2) {
    throw invalid(
      `Expected the range of column ${JSON.stringify(column)} to be [start, stop], with null for an open end`,
    );
  }
  const [start, stop] = ends as readonly RangeValue[];
  return { column, start: start ?? null, stop: stop ?? null };
}

/** What is done with each row by authors' functions. */
export function rowMapping(options: UntypedOptions, names: readonly string[]): RowMapping {
  const { translators, filters } = options;
  const translateRow = isFunction(translators) ? translators : undefined;
  const acceptsRow = isFunction(filters) ? filters : undefined;
  const translations = byColumn('translators', translateRow ?? translators, names);
  const accepting = byColumn('filters', acceptsRow ?? filters, names);
  return {
    translators: names.map((name) => translations.get(name)).map(translator),
    translateRow,
    filters: names.flatMap((name, column) => {
      const accepts = accepting.get(name);
      if (accepts === undefined || names.indexOf(name) !== column) return [];
      return [{ column, accepts: isFunction(accepts) ? accepts : isTrue }];
    }),
    acceptsRow,
    slice: null,
  };
}

/** Callbacks by number of the dataset; `undefined` when there are none. */
export function iterationCallbacks(
  options: UntypedOptions,
  datasets: readonly object[],
): IterationCallbacks | undefined {
  const { preCallback, postCallback, preSliceCallback, postSliceCallback } = options;
  const all = [preCallback, postCallback, preSliceCallback, postSliceCallback];
  if (all.every((callback) => callback === undefined)) return undefined;
  const call = (callback: Callback | undefined, dataset: number, sliceno: number): CallbackAnswer =>
    callback === undefined ? 'go' : answerOf(() => callback(datasets[dataset] as never, sliceno));
  const pre = byArity(preCallback);
  const post = byArity(postCallback);
  return {
    enterDataset: (dataset) => {
      const answer = call(pre.ofDatasets, dataset, 0);
      return answer === 'skip_slice' ? 'skip_dataset' : answer;
    },
    enterSlice: (dataset, sliceno) => {
      const answer = call(pre.ofSlices, dataset, sliceno);
      return answer === 'go' ? call(preSliceCallback, dataset, sliceno) : answer;
    },
    leaveSlice: (dataset, sliceno) => {
      const answer = call(postSliceCallback, dataset, sliceno);
      return answer === 'go' ? call(post.ofSlices, dataset, sliceno) : answer;
    },
    leaveDataset: (dataset) => call(post.ofDatasets, dataset, 0),
  };
}

/** Refuses forms that values of 64 bits do not have. */
function checkForm(type: keyof typeof FORMS, form: string | undefined): void {
  if (form === undefined || FORMS[type].includes(form)) return;
  const forms = FORMS[type].map((one) => JSON.stringify(one)).join(' or ');
  throw invalid(`Expected \`${type}\` to be ${forms}, got ${JSON.stringify(form)}`);
}

/** A function that asks for the number of the slice is called for each slice. */
function byArity(callback: Callback | undefined): { ofDatasets?: Callback; ofSlices?: Callback } {
  if (callback === undefined) return {};
  return callback.length > 1 ? { ofSlices: callback } : { ofDatasets: callback };
}

function answerOf(call: () => unknown): CallbackAnswer {
  try {
    return signalAnswer(call()) ?? 'go';
  } catch (error) {
    const answer = signalAnswer(error);
    if (answer === undefined) throw error;
    return answer;
  }
}

/** What is given by column; empty for a function of rows. */
function byColumn(
  option: 'translators' | 'filters',
  given: unknown,
  names: readonly string[],
): ReadonlyMap<string, unknown> {
  if (given === undefined || given === null || isFunction(given)) return new Map();
  if (typeof given !== 'object') {
    throw invalid(
      `Expected \`${option}\` to be a function of the row or a record by column, got ${typeof given}`,
    );
  }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    if (!names.includes(name)) throw notAsked(option, name, names);
    const isRight = isFunction(value) || (option === 'filters' ? value === null : isTable(value));
    if (!isRight) throw wrongEntry(option, name, value);
  }
  return new Map(entries);
}

function translator(given: unknown): CellFunction | undefined {
  if (given === undefined || isFunction(given)) return given;
  if (given instanceof Map) {
    return (value) => {
      const found: unknown = given.get(value);
      return found === undefined ? null : found;
    };
  }
  const table = new Map(Object.entries(given as object));
  return (value) => {
    const found: unknown = table.get(String(value));
    return found === undefined || value === null ? null : found;
  };
}

function isTrue(value: unknown): boolean {
  return Boolean(value);
}

function isFunction(value: unknown): value is CellFunction {
  return typeof value === 'function';
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAsked(option: string, name: string, names: readonly string[]): UsageError {
  return new UsageError({
    code: 'invalid_iteration',
    message: `Column ${JSON.stringify(name)} of \`${option}\` is not among the columns that are iterated over`,
    hint: didYouMean(name, names, 'Ask for it, too.'),
    token: name,
  });
}

function wrongEntry(option: string, name: string, value: unknown): UsageError {
  const expected = option === 'filters' ? 'a function or null' : 'a function, a Map or a record';
  return invalid(
    `Expected \`${option}\` of column ${JSON.stringify(name)} to be ${expected}, got ${value === null ? 'null' : typeof value}`,
  );
}

function invalid(message: string): UsageError {
  return new UsageError({ code: 'invalid_iteration', message });
}
