// Counts the values of columns over slices and datasets: in bins, or each value with how often it occurs.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { UsageError } from '../../model/errors.ts';
import { MS_PER_DAY } from '../../util/units.ts';
import { calendarLabel } from './calendar-bins.ts';
import { valueText } from './cell-text.ts';
import type { CountQuery, SliceCounts } from './count-slice.ts';
import { binEdges, chooseBins } from './histogram-bins.ts';
import type { Bins } from './histogram-bins.ts';

const BINS = 20;
const NUMERIC = /^(?:u?int(?:8|16|32|64)|float32|float64|number|date|time|datetime)$/u;

/** A line of a histogram. */
export interface HistogramRow {
  /** Edges of a bin, or the values that were counted; `null` for a null. */
  readonly texts: readonly (string | null)[];
  readonly count: number;
  /** How people call a bin, in one cell or as from, `…`, to; the texts where there is none. */
  readonly label?: readonly string[] | undefined;
}

/** What was counted. */
export interface Histogram {
  readonly kind: 'bins' | 'values';
  readonly rows: readonly HistogramRow[];
  /** Different values that were found; of which `rows` holds the first. */
  readonly found: number;
  readonly nulls: number;
  readonly nans: number;
  /** Edges of bins are both inside: there is nothing between one bin and the next. */
  readonly isWhole: boolean;
}

/** What is to be counted, and how. */
export interface HistogramPlan {
  readonly type: string;
  readonly bins: Bins | undefined;
  readonly query: CountQuery;
  /** Rows at most. */
  readonly most: number;
  /** Values with the highest count first, else by value. */
  readonly isToplist: boolean;
}

/** Plans from what the datasets say of their columns, so that one look at the values is enough. */
export function planHistogram(
  datasets: readonly Dataset[],
  columns: readonly string[],
  { maxCount, toplist }: { maxCount: number | undefined; toplist: boolean },
): HistogramPlan {
  const [column = ''] = columns;
  const types = new Set(datasets.map((dataset) => dataset.columns[column]?.type ?? 'string'));
  const type = types.size === 1 ? ([...types][0] ?? 'string') : 'mixed';
  const isNumeric = columns.length === 1 && [...types].every((one) => NUMERIC.test(one));
  const bounds = isNumeric && !toplist && maxCount !== 0 ? boundsOf(datasets, column) : undefined;
  if (bounds === undefined) {
    const most =
      maxCount === undefined ? BINS : maxCount === 0 ? Number.POSITIVE_INFINITY : maxCount;
    return {
      type,
      bins: undefined,
      query: { kind: 'values' },
      most,
      isToplist: toplist || maxCount !== 0,
    };
  }
  const bins = chooseBins(type, bounds, maxCount ?? BINS);
  const { start, width, count, edges } = bins;
  const query = { kind: 'bins', start, width, bins: count, edges } as const;
  return { type, bins, query, most: bins.count, isToplist: false };
}

/** Adds the counts of slices up. */
export class HistogramSum {
  readonly #plan: HistogramPlan;
  readonly #values = new Map<string, { texts: readonly (string | null)[]; count: number }>();
  readonly #bins: Float64Array;
  #nulls = 0;
  #nans = 0;

  constructor(plan: HistogramPlan) {
    this.#plan = plan;
    this.#bins = new Float64Array(plan.bins?.count ?? 0);
  }

  add({ values, bins, nulls, nans }: SliceCounts): void {
    for (const [texts, count] of values) {
      const key = texts.length === 1 ? (texts[0] ?? '\0null') : JSON.stringify(texts);
      const known = this.#values.get(key);
      if (known === undefined) this.#values.set(key, { texts, count });
      else known.count += count;
    }
    bins.forEach((count, bin) => {
      this.#bins[bin] = (this.#bins[bin] ?? 0) + count;
    });
    this.#nulls += nulls;
    this.#nans += nans;
  }

  finish(): Histogram {
    const { bins, type } = this.#plan;
    const facts = { nulls: this.#nulls, nans: this.#nans, isWhole: /^u?int|^date$/u.test(type) };
    if (bins === undefined) {
      const rows = this.#sortedValues();
      return { kind: 'values', rows: rows.slice(0, this.#plan.most), found: rows.length, ...facts };
    }
    const rows = Array.from(this.#bins, (count, bin) => ({
      texts: binEdges(bins, bin).map((edge, side) =>
        edgeText(type, facts.isWhole && side === 1 ? edge - 1 : edge),
      ),
      count,
      label: calendarLabel(type, bins, binEdges(bins, bin)),
    }));
    return { kind: 'bins', rows, found: rows.length, ...facts };
  }

  #sortedValues(): HistogramRow[] {
    const rows = [...this.#values.values()];
    if (this.#plan.isToplist) {
      return rows.toSorted((a, b) => b.count - a.count || compareTexts(a.texts, b.texts));
    }
    return rows.toSorted((a, b) => compareTexts(a.texts, b.texts));
  }
}

function boundsOf(
  datasets: readonly Dataset[],
  column: string,
): { min: number; max: number } | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const dataset of datasets) {
    const type = dataset.columns[column]?.type ?? '';
    const low = position(dataset.min(column), type);
    const high = position(dataset.max(column), type);
    if (low === undefined || high === undefined) continue;
    if (Number.isFinite(low) && Number.isFinite(high)) {
      min = Math.min(min, low);
      max = Math.max(max, high);
    } else if (!Number.isNaN(low)) throw infinite(dataset, column);
  }
  return min <= max ? { min, max } : undefined;
}

/** A bound as batches hold values: days, or microseconds. */
function position(value: unknown, type: string): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return value.getTime() * (type === 'date' ? 1 / MS_PER_DAY : 1000);
  return Number(value);
}

function edgeText(type: string, edge: number): string {
  if (type === 'date') return valueText(edge, type);
  if (type === 'datetime' || type === 'time') {
    return valueText(type === 'time' ? edge : BigInt(Math.round(edge)), type).replace(
      /\.000Z$/u,
      'Z',
    );
  }
  return String(edge);
}

function compareTexts(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/** Nulls first, numbers by size, all else by text. */
function compareValues(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  const [x, y] = [Number(a), Number(b)];
  const areNumbers = a.trim() !== '' && b.trim() !== '' && !Number.isNaN(x) && !Number.isNaN(y);
  if (areNumbers && x !== y) return x - y;
  return a < b ? -1 : 1;
}

function infinite(dataset: Dataset, column: string): UsageError {
  return new UsageError({
    code: 'infinite_values',
    message: `Column "${column}" of ${String(dataset)} holds infinite values, which fit into no bin`,
    hint: 'With --toplist the values are counted one by one.',
  });
}
