// What slices found out about groups whose rows lie in several slices: put into a file, divided by the slice that each
// group's hash belongs to, and put together slice by slice.

import { SlicePlacer } from 'acc-engine';

import { RunArena } from '../sorting/run-arena.ts';
import type { Run, RunFile } from '../sorting/run-file.ts';
import { isNullAt } from '../tables/column-view.ts';
import type { ColumnView, TableColumn } from '../tables/column-view.ts';
import type { Grouping, PartialGroups } from './grouping.ts';

const BLOCK_ROWS = 16_384;

/** Where the groups of one slice of the result are in the file. */
export interface GroupPart {
  readonly groups: Run;
  readonly rows: readonly { readonly aggregate: number; readonly run: Run }[];
}

/** Writes groups to a file, in one part for each slice. They are placed by the hash of the first key. */
export function writeGroupParts(
  partial: PartialGroups,
  hashColumn: TableColumn,
  target: { readonly file: RunFile; readonly slices: number },
): readonly GroupPart[] {
  const { file, slices } = target;
  const divide = (views: readonly ColumnView[]): readonly Run[] =>
    rowsBySlice(views[0], hashColumn, slices).map((rows) => file.write(views, rows, BLOCK_ROWS));
  const groups = divide(partial.groups);
  const rows = partial.rows.map(({ aggregate, views }) => ({ aggregate, runs: divide(views) }));
  return groups.map((run, sliceno) => ({
    groups: run,
    rows: rows.map(({ aggregate, runs }) => ({ aggregate, run: runs[sliceno] ?? run })),
  }));
}

/** Takes up what `writeGroupParts` wrote for one slice. */
export function readGroupPart(part: GroupPart, file: RunFile, grouping: Grouping): void {
  forEachBlock(part.groups, file, (views, length) => grouping.merge(views, length));
  for (const { aggregate, run } of part.rows) {
    forEachBlock(run, file, (views, length) => grouping.mergeRows(aggregate, views, length));
  }
}

/** Numbers of the rows of each slice. */
function rowsBySlice(
  view: ColumnView | undefined,
  { type }: TableColumn,
  slices: number,
): readonly Uint32Array[] {
  const rows: number[][] = Array.from({ length: slices }, () => []);
  if (view !== undefined && view.length > 0) {
    const places = placesOf(view, new SlicePlacer(type, slices));
    for (let row = 0; row < view.length; row++) rows[places[row] ?? 0]?.push(row);
  }
  return rows.map((list) => Uint32Array.from(list));
}

/** The slice of each row. */
export function placesOf(view: ColumnView, placer: SlicePlacer): Int32Array {
  const { length, validity } = view;
  if (view.kind === 'fixed') return placer.place({ values: view.values, length, validity });
  if (view.kind === 'text') return placer.place({ values: view.text, length, validity });
  const { codes, dictionary } = view;
  return placer.place({ values: { length, codes, dictionary }, length, validity });
}

function forEachBlock(
  run: Run,
  file: RunFile,
  take: (views: readonly ColumnView[], length: number) => void,
): void {
  const arena = new RunArena([{ file, run }], BLOCK_ROWS);
  for (const [block, { rows }] of run.blocks.entries()) {
    arena.load(0, block);
    const views = arena.views.map((view) => firstRows(view, rows));
    take(views, rows);
  }
}

function firstRows(view: ColumnView, length: number): ColumnView {
  const validity = allValid(view.validity, length) ? null : view.validity;
  if (view.kind !== 'fixed') return { ...view, length, validity };
  return { ...view, length, validity, values: view.values.subarray(0, length) };
}

function allValid(validity: Uint8Array | null, length: number): boolean {
  for (let row = 0; row < length; row++) if (isNullAt(validity, row)) return false;
  return true;
}
