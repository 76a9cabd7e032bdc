// Counts the values of one slice: in bins, or each value by its text.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { cellReader, valueReader } from './cell-text.ts';
import type { BatchColumn } from './cell-text.ts';
import type { ScanColumns } from './scan-slice.ts';

/** What is counted, as data that travels between threads. */
export type CountQuery =
  /** How often each combination of values occurs. */
  | { readonly kind: 'values' }
  /** How many values lie in each of `bins` bins of equal width from `start` on, or between `edges`; the last one holds its end too. */
  | {
      readonly kind: 'bins';
      readonly start: number;
      readonly width: number;
      readonly bins: number;
      readonly edges?: readonly number[] | undefined;
    };

/** What was counted in one slice. */
export interface SliceCounts {
  /** Texts of the values, one list per value, and how often each occurs. */
  readonly values: readonly (readonly [texts: readonly (string | null)[], count: number])[];
  readonly bins: Float64Array;
  readonly nulls: number;
  readonly nans: number;
}

/** Counts; gives empty results on the way and the counts at the end. */
export function* countSlice(
  dataset: Dataset,
  sliceno: number,
  { searched }: ScanColumns,
  query: CountQuery,
): Generator<{ readonly counts?: SliceCounts }, void, void> {
  if (query.kind === 'values') yield* countValues(dataset, sliceno, searched);
  else yield* countBins(dataset, sliceno, { ...query, name: searched[0] ?? '' });
}

function* countValues(
  dataset: Dataset,
  sliceno: number,
  names: readonly string[],
): Generator<{ readonly counts?: SliceCounts }, void, void> {
  const single = new Map<string | null, number>();
  const several = new Map<string, number>();
  for (const batch of dataset.batches(sliceno, names)) {
    const readers = names.map((name) =>
      cellReader(batch.columns[name] as BatchColumn, {
        type: dataset.columns[name]?.type ?? 'string',
        validity: batch.validity[name] ?? null,
        form: 'text',
      }),
    );
    const [first] = readers;
    const codes = names.length === 1 ? dictionaryCodes(batch.columns[names[0] ?? '']) : undefined;
    if (first !== undefined && codes !== undefined) {
      countCodes(
        { ...codes, validity: batch.validity[names[0] ?? ''] ?? null },
        batch.length,
        single,
      );
    } else if (first !== undefined && readers.length === 1) {
      for (let row = 0; row < batch.length; row++) {
        const text = first(row);
        single.set(text, (single.get(text) ?? 0) + 1);
      }
    } else {
      for (let row = 0; row < batch.length; row++) {
        const key = JSON.stringify(readers.map((cell) => cell(row)));
        several.set(key, (several.get(key) ?? 0) + 1);
      }
    }
    yield {};
  }
  const values = [
    ...Array.from(single, ([text, count]) => [[text], count] as const),
    ...Array.from(
      several,
      ([key, count]) => [JSON.parse(key) as (string | null)[], count] as const,
    ),
  ];
  yield { counts: { values, bins: new Float64Array(0), nulls: 0, nans: 0 } };
}

function* countBins(
  dataset: Dataset,
  sliceno: number,
  query: Extract<CountQuery, { kind: 'bins' }> & { readonly name: string },
): Generator<{ readonly counts?: SliceCounts }, void, void> {
  const { name, start, width, bins, edges } = query;
  const counts = new Float64Array(bins);
  let nulls = 0;
  let nans = 0;
  for (const batch of dataset.batches(sliceno, [name])) {
    const valueAt = valueReader(batch.columns[name] as BatchColumn);
    const validity = batch.validity[name] ?? null;
    for (let row = 0; row < batch.length; row++) {
      if (validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) {
        nulls++;
        continue;
      }
      const value = Number(valueAt(row));
      if (Number.isNaN(value)) nans++;
      else {
        let bin = Math.min(bins - 1, Math.floor((value - start) / width));
        if (edges !== undefined) bin = nearestBin(edges, bin, value);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
    }
    yield {};
  }
  yield { counts: { values: [], bins: counts, nulls, nans } };
}

/** The bin that holds a value, looked for from a near one on. */
function nearestBin(edges: readonly number[], near: number, value: number): number {
  let bin = Math.max(0, near);
  while (bin > 0 && value < (edges[bin] ?? 0)) bin--;
  while (bin < edges.length - 2 && value >= (edges[bin + 1] ?? 0)) bin++;
  return bin;
}

/** A dictionary-encoded column of a batch. */
interface Coded {
  readonly codes: ArrayLike<number>;
  readonly dictionary: { readonly length: number; get(row: number): string | null };
}

function dictionaryCodes(column: unknown): Coded | undefined {
  const { codes, dictionary } = column as Partial<Coded>;
  if (codes === undefined || codes === null) return undefined;
  return dictionary === undefined || dictionary === null ? undefined : { codes, dictionary };
}

/** Counts codes first, so that each text is looked at once. */
function countCodes(
  { codes, dictionary, validity }: Coded & { readonly validity: Uint8Array | null },
  rows: number,
  into: Map<string | null, number>,
): void {
  const counts = new Float64Array(dictionary.length);
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    const isNull = validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
    if (isNull) nulls++;
    else counts[codes[row] ?? 0] = (counts[codes[row] ?? 0] ?? 0) + 1;
  }
  counts.forEach((count, code) => {
    if (count === 0) return;
    const text = dictionary.get(code);
    into.set(text, (into.get(text) ?? 0) + count);
  });
  if (nulls > 0) into.set(null, (into.get(null) ?? 0) + nulls);
}
