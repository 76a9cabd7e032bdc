// What `acc ds --csv` prints of a dataset: one table with a header, of what was asked for; of its columns if of nothing.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { valueText } from '../looking/cell-text.ts';
import type { DatasetFinder } from '../looking/dataset-finder.ts';
import { csvLine } from '../looking/row-format.ts';
import { chainedLines, columnPlaces, columnsOf, firstRows } from './ds-text.ts';
import type { DatasetView } from './ds-text.ts';

type Cells = readonly (string | number | boolean | null)[];

/** One dataset, as lines. */
export function datasetCsv(dataset: Dataset, finder: DatasetFinder, view: DatasetView): string[] {
  if (view.head !== undefined) return headTable(dataset, view.head);
  if (view.chain) {
    const chain = [...dataset.chain()];
    return listCsv(
      chain.filter((one) => !view.hidesEmpty || one.shape[1] > 0),
      view,
    );
  }
  if (view.slices) return sliceTable(dataset.lines);
  if (view.chainedSlices) return sliceTable(chainedLines(dataset));
  return columnTable(dataset, finder, view);
}

/** A line for each of several datasets. */
export function listCsv(datasets: readonly Dataset[], { sumsChains }: DatasetView): string[] {
  const head = ['dataset', 'columns', 'rows', ...(sumsChains ? ['datasets'] : []), 'caption'];
  const rows = datasets.map((dataset) => {
    const chain = sumsChains ? dataset.chain() : undefined;
    return [
      String(dataset),
      dataset.shape[0],
      chain?.lines() ?? dataset.shape[1],
      ...(chain === undefined ? [] : [chain.length]),
      dataset.caption === '' ? null : dataset.caption,
    ];
  });
  return table(head, rows);
}

function headTable(dataset: Dataset, count: number): string[] {
  const columns = columnsOf(dataset);
  const rows = firstRows(dataset, count).map((row) =>
    columns.map(({ type }, i) => textOrNull(row[i], type)),
  );
  return table(dataset.columnNames, rows);
}

function sliceTable(lines: readonly number[]): string[] {
  return table(
    ['slice', 'rows'],
    lines.map((rows, slice) => [slice, rows]),
  );
}

function columnTable(dataset: Dataset, finder: DatasetFinder, view: DatasetView): string[] {
  const places = view.location ? columnPlaces(dataset, finder) : undefined;
  const head = [
    'name',
    'type',
    'nullable',
    ...(view.bounds ? ['min', 'max'] : []),
    ...(places === undefined ? [] : ['job', 'method', 'file', 'fileColumn']),
  ];
  const rows = columnsOf(dataset).map(({ name, type, nullable }) => {
    const bounds = view.bounds ? [dataset.min(name), dataset.max(name)] : [];
    const at = places?.get(name);
    return [
      name,
      type,
      nullable,
      ...bounds.map((bound) => textOrNull(bound, type)),
      ...(at === undefined ? [] : [at.job, at.method, at.file, at.fileColumn]),
    ];
  });
  return table(head, rows);
}

function textOrNull(value: unknown, type: string): string | null {
  return value === null ? null : valueText(value, type);
}

function table(head: readonly string[], rows: readonly Cells[]): string[] {
  return [head, ...rows].map((cells) =>
    csvLine(cells.map((cell) => (cell === null ? null : String(cell)))),
  );
}
