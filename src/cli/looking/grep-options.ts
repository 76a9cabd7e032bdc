// The flags of `acc grep` and `acc cat` as a plan: what to search for, in which columns, and how to print it.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';
import { isSet, numberOf, textOf, textsOf } from '../args.ts';
import type { Args } from '../args.ts';
import type { Surroundings } from '../command.ts';
import type { FormatSpec, RowFormat } from './row-format.ts';
import type { ScanOrder } from './scan-run.ts';
import { unknownColumns } from './scan-scope.ts';
import type { ScanColumns, ScanQuery } from './scan-slice.ts';

const FORMATS = ['aligned', 'tsv', 'csv', 'raw', 'json'] as const;
const COLOUR_CHOICES = ['auto', 'always', 'never'] as const;

/** How found rows are printed. */
export interface PrintSpec extends FormatSpec {
  readonly hasHeaders: boolean;
  readonly isLined: boolean;
  /** Only the names of datasets, and of slices if labelled. */
  readonly isList: boolean;
  readonly maxCount: number;
  readonly isUnique: boolean;
  /** A line of `--` between rows that are not neighbours. */
  readonly separatesGroups: boolean;
  readonly tabs: TabSpec | undefined;
  /** Columns of the screen, at which the lines of an aligned table end where nothing is searched for; else they never end. */
  readonly width: number | undefined;
}

/** How fields are placed by tab stops: each begins at a multiple of `tab`, takes `field` columns and ends `min` before the next. */
export interface TabSpec {
  readonly tab: number;
  readonly field: number;
  readonly min: number;
}

/** Reads the flags that say what is searched for. */
export function queryOf(args: Args, patterns: readonly string[], format: RowFormat): ScanQuery {
  const context = numberOf(args, 'context') ?? 0;
  const uniqueBy = textsOf(args, 'unique-by');
  const isUnique = isSet(args, 'unique');
  const query: ScanQuery = {
    pattern: {
      patterns,
      isFixed: isSet(args, 'fixed-strings'),
      ignoresCase: isSet(args, 'ignore-case'),
      isNumeric: isSet(args, 'numeric'),
    },
    isInverted: isSet(args, 'invert-match'),
    before: numberOf(args, 'before-context') ?? context,
    after: numberOf(args, 'after-context') ?? context,
    form: format === 'json' ? 'json' : 'text',
    only: onlyOf(args),
    stopsAtMatch: isSet(args, 'list-matching'),
    uniqueBy: uniqueBy.length > 0 ? uniqueBy : isUnique ? 'printed' : null,
  };
  const hasContext = query.before > 0 || query.after > 0;
  if (hasContext && query.uniqueBy !== null) throw conflict('--unique', '--context');
  if (hasContext && query.stopsAtMatch) throw conflict('--list-matching', '--context');
  if (query.pattern.isFixed && query.pattern.isNumeric)
    throw conflict('--fixed-strings', '--numeric');
  return query;
}

/** Reads the flags that say how rows are printed. */
export function printSpecOf(args: Args, process: Surroundings): PrintSpec {
  const format = formatOf(args, process);
  const tabs = textOf(args, 'tab-length');
  const separator = textOf(args, 'separator');
  const hasHeaders =
    format === 'aligned' || format === 'csv' ? !isSet(args, 'no-headers') : isSet(args, 'headers');
  return {
    format,
    separator: separator === undefined ? (format === 'csv' ? ',' : '\t') : unescaped(separator),
    labels: {
      dataset: isSet(args, 'show-dataset'),
      sliceno: isSet(args, 'show-slice'),
      lineno: isSet(args, 'show-line'),
    },
    hasHeaders: hasHeaders && format !== 'json',
    isLined: isSet(args, 'lined'),
    isList: isSet(args, 'list-matching'),
    maxCount: numberOf(args, 'max-count') ?? Number.POSITIVE_INFINITY,
    isUnique: isSet(args, 'unique') || isSet(args, 'unique-by'),
    separatesGroups:
      ['context', 'before-context', 'after-context'].some((flag) => isSet(args, flag)) &&
      format !== 'json' &&
      format !== 'csv',
    tabs: tabs === undefined ? undefined : tabsOf(tabs),
    width: process.stdout.isTTY && !isSet(args, 'wide') ? process.stdout.columns : undefined,
  };
}

/** Reads in which order rows come. */
export function orderOf(args: Args): ScanOrder {
  if (isSet(args, 'roundrobin') && isSet(args, 'unordered'))
    throw conflict('--roundrobin', '--unordered');
  if (isSet(args, 'roundrobin')) return 'roundrobin';
  return isSet(args, 'unordered') ? 'found' : 'slices';
}

/** Tells whether output is coloured; `undefined` leaves it to the terminal and the environment. */
export function colourChoice(args: Args): boolean | undefined {
  if (isSet(args, 'no-colour')) return false;
  const choice = textOf(args, 'colour') ?? textOf(args, 'color') ?? 'auto';
  checkChoice('--colour', choice, COLOUR_CHOICES);
  return choice === 'auto' ? undefined : choice === 'always';
}

/** Makes the chooser of columns; it gives `undefined` for a dataset that is passed over. */
export function columnChooser(
  args: Args,
  columns: readonly string[],
): (dataset: Dataset) => ScanColumns | undefined {
  const printed = [...columns, ...textsOf(args, 'column')];
  const hidden = textsOf(args, 'not-column');
  const searched = textsOf(args, 'grep');
  const unsearched = textsOf(args, 'not-grep');
  const uniqueBy = textsOf(args, 'unique-by');
  const named = [...new Set([...printed, ...searched, ...uniqueBy])];
  const isLenient = isSet(args, 'allow-missing-columns');
  return (dataset) => {
    const names = dataset.columnNames;
    const missing = named.filter((name) => !names.includes(name));
    if (missing.length > 0 && !isLenient) throw unknownColumns(dataset, missing);
    if (named.length > 0 && missing.length === named.length) return undefined;
    const shown = (printed.length > 0 ? printed : names).filter(
      (name) => names.includes(name) && !hidden.includes(name),
    );
    const where = searched.length > 0 ? searched : shown;
    return {
      printed: shown,
      searched: where.filter((name) => names.includes(name) && !unsearched.includes(name)),
    };
  };
}

function formatOf(args: Args, { stdout }: Surroundings): RowFormat {
  const named = textOf(args, 'format');
  if (isSet(args, 'json')) return 'json';
  if (isSet(args, 'csv')) return 'csv';
  if (named === undefined) return stdout.isTTY ? 'aligned' : 'tsv';
  checkChoice('--format', named, FORMATS);
  return named as RowFormat;
}

function onlyOf(args: Args): ScanQuery['only'] {
  if (isSet(args, 'only-matching-columns')) return 'cells';
  return isSet(args, 'only-matching') ? 'parts' : null;
}

/** `8`, `8/16/2`, or `tab=8/min=2`; what is not named stays as it is. */
function tabsOf(text: string): TabSpec {
  if (/^\d+$/u.test(text)) return { tab: Math.max(1, Number(text)), field: 0, min: 1 };
  const result = { tab: 8, field: 16, min: 2 };
  const names = ['tab', 'field', 'min'] as const;
  for (const [i, part] of text.split('/').entries()) {
    const [, name = names[i], digits] = /^(?:(tab|field|min)=)?(\d+)$/u.exec(part) ?? [];
    if (digits === undefined || name === undefined) {
      throw new UsageError({
        code: 'invalid_flag',
        message: `Expected --tab-length to be TAB/FIELD/MIN, got "${text}"`,
        hint: 'As in 8, 8/16/2 or field=20/min=1.',
      });
    }
    result[name as 'tab' | 'field' | 'min'] = Number(digits);
  }
  return { ...result, tab: Math.max(1, result.tab) };
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', 0: '\0', '\\': '\\' };
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|([tn0\\]))/giu, (_, hex?: string, name?: string) =>
    hex === undefined ? (named[name ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Throws when a flag's value is none of the choices. */
export function checkChoice(flag: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new UsageError({
    code: 'invalid_flag',
    message: `Expected ${flag} to be one of ${choices.join(', ')}, got "${value}"`,
    hint: didYouMean(value, choices),
  });
}

function conflict(one: string, other: string): UsageError {
  return new UsageError({
    code: 'conflicting_flags',
    message: `Flags ${one} and ${other} cannot be used together`,
  });
}
