// A dataset as JSON for programs.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { plainValue } from '../looking/cell-text.ts';
import type { DatasetFinder } from '../looking/dataset-finder.ts';
import { columnPlaces, columnsOf, firstRows } from './ds-text.ts';
import type { DatasetView } from './ds-text.ts';

/** Everything that is known of a dataset, whatever was asked for to be shown; rows and chain only on request. */
export function datasetJson(dataset: Dataset, finder: DatasetFinder, view: DatasetView): object {
  const { digest } = finder.manifest(dataset);
  const places = columnPlaces(dataset, finder);
  return {
    dataset: String(dataset),
    digest,
    rows: dataset.shape[1],
    lines: dataset.lines,
    caption: dataset.caption,
    filename: dataset.filename,
    hashlabel: dataset.hashlabel,
    previous: dataset.previous === null ? null : String(dataset.previous),
    parent: dataset.parent === null ? null : String(dataset.parent),
    columns: columnsOf(dataset).map((column) => ({
      name: column.name,
      type: column.type,
      nullable: column.nullable,
      digest: column.digest,
      min: plainValue(dataset.min(column.name), column.type),
      max: plainValue(dataset.max(column.name), column.type),
      ...places.get(column.name),
    })),
    ...(view.chain ? { chain: chainJson(dataset, view) } : {}),
    ...(view.head === undefined ? {} : { head: headJson(dataset, view.head) }),
  };
}

function chainJson(dataset: Dataset, { hidesEmpty }: DatasetView): object[] {
  return [...dataset.chain()]
    .filter((one) => !hidesEmpty || one.shape[1] > 0)
    .map((one) => ({ dataset: String(one), rows: one.shape[1], lines: one.lines }));
}

function headJson(dataset: Dataset, count: number): object[] {
  const columns = columnsOf(dataset);
  return firstRows(dataset, count).map((row) =>
    Object.fromEntries(columns.map(({ name, type }, i) => [name, plainValue(row[i], type)])),
  );
}
