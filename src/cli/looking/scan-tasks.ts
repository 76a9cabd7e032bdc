// The pieces of work that commands which look into datasets give to threads: one slice of one dataset each.
// All that travels is data: a task goes in, results come out one after another.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { ANSI_COLOURS, NO_COLOURS } from '../../report/colour.ts';
import { textBytes } from './cell-text.ts';
import { countSlice } from './count-slice.ts';
import type { CountQuery, SliceCounts } from './count-slice.ts';
import { openDataset } from './dataset-finder.ts';
import type { DatasetPlace } from './dataset-finder.ts';
import { compilePatterns } from './patterns.ts';
import { lineWriter } from './row-format.ts';
import type { FormatSpec } from './row-format.ts';
import { scanSlice } from './scan-slice.ts';
import type { FoundRow, ScanColumns, ScanQuery } from './scan-slice.ts';

/** One slice of one dataset. */
export interface SliceUnit {
  readonly place: DatasetPlace;
  /** As `dev-42/NAME`. */
  readonly spec: string;
  readonly sliceno: number;
  readonly rows: number;
}

/** What is to be done with every unit of a scan. */
export type ScanWork =
  /** Give the rows that match. */
  | { readonly kind: 'rows'; readonly query: ScanQuery }
  /** Give them as text, ready to be written. */
  | {
      readonly kind: 'text';
      readonly query: ScanQuery;
      readonly format: FormatSpec;
      readonly isColoured: boolean;
    }
  /** Count values. */
  | { readonly kind: 'counts'; readonly query: CountQuery };

/** A unit with what is wanted of it. */
export interface ScanTask {
  readonly unit: SliceUnit;
  readonly columns: ScanColumns;
}

/** What comes of a task, several times over. */
export interface ScanResult {
  readonly rows?: readonly FoundRow[];
  readonly text?: Uint8Array;
  readonly counts?: SliceCounts;
}

/** Carries a task out. Gives a result, maybe an empty one, often enough for the caller to look up. */
export function* carryOut(
  { unit, columns }: ScanTask,
  work: ScanWork,
  onRows: (count: number) => void,
): Generator<ScanResult, void, void> {
  const dataset: Dataset = openDataset({ ...unit.place, onRows });
  if (work.kind === 'counts') {
    yield* countSlice(dataset, unit.sliceno, columns, work.query);
    return;
  }
  const found = scanSlice(dataset, unit.sliceno, columns, work.query);
  if (work.kind === 'rows') {
    for (const rows of found) yield { rows };
    return;
  }
  const marks = work.isColoured
    ? { patterns: compilePatterns(work.query.pattern), colours: ANSI_COLOURS }
    : { patterns: compilePatterns(work.query.pattern), colours: NO_COLOURS };
  const lineOf = lineWriter(work.format, columns, work.isColoured ? marks : undefined);
  for (const rows of found) {
    let text = '';
    for (const row of rows) text += lineOf(row, unit);
    yield text === '' ? {} : { text: textBytes(text) };
  }
}
