// What `acc ds` shows of a dataset, as lines.

import { sliceFileName } from '../../data/manifest/dataset-files.ts';
import type { Dataset, DatasetColumn } from '../../method/dataset/dataset.ts';
import type { Colours } from '../../report/colour.ts';
import { tableLines } from '../../report/table.ts';
import { oneLine } from '../../util/one-line.ts';
import { formatBytes, formatNumber, plural } from '../../util/quantity.ts';
import { truncateText } from '../../util/text-width.ts';
import { valueText } from '../looking/cell-text.ts';
import type { DatasetFinder } from '../looking/dataset-finder.ts';

const LONGEST_VALUE = 40;
const BAR_WIDTH = 20;
const DIGEST_DIGITS = 16;

/** What is asked for. */
export interface DatasetView {
  /** Number of rows to show instead of everything else. */
  readonly head: number | undefined;
  /** One line for each dataset. */
  readonly isList: boolean;
  /** Rows of a dataset in a list are those of its whole chain. */
  readonly sumsChains: boolean;
  readonly chain: boolean;
  /** Leaves datasets without rows out of the chain. */
  readonly hidesEmpty: boolean;
  readonly slices: boolean;
  readonly chainedSlices: boolean;
  readonly location: boolean;
  readonly columns: boolean;
  readonly bounds: boolean;
}

/** Where and how it is shown. */
export interface ViewPlace {
  readonly colours: Colours;
  readonly finder: DatasetFinder;
  /** Columns of the terminal; lines are left whole without it. */
  readonly width?: number;
}

/** Where the values of a column lie. */
export interface ColumnPlace {
  readonly job: string;
  /** Method of that job. */
  readonly method: string;
  /** File of slice 0, relative to the job; the other slices lie beside it. */
  readonly file: string;
  /** Name of the column in there. */
  readonly fileColumn: string;
}

/** Shows one dataset. */
export function datasetLines(dataset: Dataset, view: DatasetView, place: ViewPlace): string[] {
  if (view.head !== undefined) return headLines(dataset, view.head, place);
  const { colours } = place;
  const [columns, rows] = dataset.shape;
  const size = `${plural(rows, 'row')}, ${plural(columns, 'column')} in ${plural(dataset.lines.length, 'slice')}`;
  return [
    `${colours.cyan(oneLine(String(dataset)))}  ${size}`,
    ...laidOut(factRows(dataset, place), place),
    ...(view.columns ? columnLines(dataset, view, place) : []),
    ...(view.slices ? sliceLines(dataset.lines, 'slice', place) : []),
    ...(view.chainedSlices ? sliceLines(chainedLines(dataset), 'slice of the chain', place) : []),
    ...(view.chain ? chainLines(dataset, view, place) : []),
  ];
}

/** Shows one line for each dataset of a job. */
export function listLines(
  datasets: readonly Dataset[],
  { sumsChains }: DatasetView,
  place: ViewPlace,
): string[] {
  if (datasets.length === 0) return ['No datasets.'];
  const { colours } = place;
  const head = sumsChains
    ? ['dataset', 'columns', 'rows', 'datasets', 'caption']
    : ['dataset', 'columns', 'rows', 'caption'];
  const rows = datasets.map((dataset) => {
    const chain = sumsChains ? dataset.chain() : undefined;
    return [
      colours.cyan(oneLine(String(dataset))),
      formatNumber(dataset.shape[0]),
      formatNumber(chain?.lines() ?? dataset.shape[1]),
      ...(chain === undefined ? [] : [formatNumber(chain.length)]),
      oneLine(dataset.caption),
    ];
  });
  const right = sumsChains ? [1, 2, 3] : [1, 2];
  return tableLines([head.map(colours.dim), ...rows], { right, ...widthOf(place) });
}

/** Columns in the order of their declaration. */
export function columnsOf(dataset: Dataset): readonly DatasetColumn[] {
  return dataset.columnNames.flatMap((name) => dataset.columns[name] ?? []);
}

/** The first rows of all slices in order, as lists of values. */
export function firstRows(dataset: Dataset, count: number): (readonly unknown[])[] {
  const rows: (readonly unknown[])[] = [];
  for (const row of dataset.iterate(null, dataset.columnNames)) {
    rows.push(row);
    if (rows.length >= count) break;
  }
  return rows;
}

/** Where each column lies, by name. */
export function columnPlaces(
  dataset: Dataset,
  finder: DatasetFinder,
): ReadonlyMap<string, ColumnPlace> {
  const { columns, files } = finder.manifest(dataset);
  return new Map(
    columns.flatMap(({ name, file, fileColumn }) => {
      const files0 = files[file];
      if (files0 === undefined) return [];
      const { job, stem } = files0;
      const { method } = finder.job(job).setup;
      return [[name, { job, method, file: sliceFileName(stem, 0), fileColumn }]];
    }),
  );
}

/** Rows of each slice, summed over the chain. */
export function chainedLines(dataset: Dataset): readonly number[] {
  const chain = dataset.chain();
  return dataset.lines.map((_, sliceno) => chain.lines(sliceno));
}

function factRows(dataset: Dataset, { colours, finder }: ViewPlace): string[][] {
  const { digest, files } = finder.manifest(dataset);
  const bytes = files
    .flatMap(({ slices }) => slices)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { method } = finder.job(dataset.ref.job).setup;
  const facts: (readonly [string, string])[] = [
    ['method', method],
    ['caption', dataset.caption],
    ['from', dataset.filename ?? ''],
    ['parent', dataset.parent === null ? '' : String(dataset.parent)],
    ['previous', dataset.previous === null ? '' : previousText(dataset)],
    ['hashed by', dataset.hashlabel ?? ''],
    ['files', `${formatBytes(bytes)}${files.length > 1 ? ` in ${files.length} places` : ''}`],
    ['digest', digest.slice(0, DIGEST_DIGITS)],
  ];
  return facts
    .filter(([, text]) => text !== '')
    .map(([what, text]) => [colours.dim(what), oneLine(text)]);
}

function columnLines(dataset: Dataset, view: DatasetView, place: ViewPlace): string[] {
  const { colours } = place;
  const places = view.location ? columnPlaces(dataset, place.finder) : undefined;
  const { hashlabel } = dataset;
  const mark = ({ name }: DatasetColumn): string => {
    if (hashlabel === null) return '';
    return name === hashlabel ? '*' : ' ';
  };
  const rows = columnsOf(dataset).map((column) => {
    const at = places?.get(column.name);
    return [
      mark(column) + colours.bold(oneLine(column.name)),
      column.type + (column.nullable ? ' or null' : ''),
      ...(view.bounds ? [boundsText(dataset, column)] : []),
      ...(at === undefined ? [] : [placeText(at, column.name, colours)]),
    ];
  });
  return ['', ...laidOut(rows, place)];
}

function placeText(at: ColumnPlace, name: string, colours: Colours): string {
  const renamed = at.fileColumn === name ? '' : ` as ${oneLine(at.fileColumn)}`;
  return `${colours.cyan(at.job)} ${colours.dim(at.method)} ${oneLine(at.file.replace(/\.0\.arrow$/u, '.*.arrow'))}${renamed}`;
}

function boundsText(dataset: Dataset, { name, type }: DatasetColumn): string {
  const [min, max] = [dataset.min(name), dataset.max(name)];
  if (min === null && max === null) return '';
  const [low, high] = [shortText(min, type), shortText(max, type)];
  return low === high ? low : `${low} … ${high}`;
}

function previousText(dataset: Dataset): string {
  const chain = dataset.chain();
  return `${String(dataset.previous)}, ${chain.length} in the chain with ${plural(chain.lines(), 'row')}`;
}

/** Rows per slice with bars, and how far the longest is from the mean. */
function sliceLines(lines: readonly number[], title: string, place: ViewPlace): string[] {
  const { colours } = place;
  const most = Math.max(1, ...lines);
  const total = lines.reduce((sum, count) => sum + count, 0);
  const mean = total / Math.max(1, lines.length);
  const rows = lines.map((count, slice) => [
    String(slice),
    formatNumber(count),
    total === 0 ? '' : `${((100 * count) / total).toFixed(1)} %`,
    colours.green('━'.repeat(Math.round((BAR_WIDTH * count) / most))),
  ]);
  const ratio = mean === 0 ? 1 : most / mean;
  return [
    '',
    ...laidOut([[title, 'rows', 'share'].map(colours.dim), ...rows], place, [0, 1, 2]),
    `  longest slice ${ratio.toFixed(2)} times the mean`,
  ];
}

function chainLines(dataset: Dataset, { hidesEmpty }: DatasetView, place: ViewPlace): string[] {
  const { colours } = place;
  const chain = [...dataset.chain()];
  const shown = chain.filter((one) => !hidesEmpty || one.shape[1] > 0);
  const rows = shown.map((one) => [
    colours.cyan(oneLine(String(one))),
    formatNumber(one.shape[1]),
    oneLine(one.caption),
  ]);
  const hidden = chain.length - shown.length;
  return [
    '',
    ...laidOut([['chain', 'rows', 'caption'].map(colours.dim), ...rows], place, [1]),
    ...(hidden > 0 ? [`  and ${plural(hidden, 'dataset')} without rows`] : []),
  ];
}

function headLines(dataset: Dataset, count: number, place: ViewPlace): string[] {
  const { colours } = place;
  const columns = columnsOf(dataset);
  const cells = firstRows(dataset, count).map((row) =>
    columns.map(({ type }, i) => (row[i] === null ? colours.dim('null') : shortText(row[i], type))),
  );
  const right = columns.flatMap(({ type }, i) => (isNumeric(type) ? [i] : []));
  const head = columns.map(({ name }) => colours.bold(oneLine(name)));
  return tableLines([head, ...cells], { right, ...widthOf(place) });
}

/** Tells whether values of a type are aligned to the right. */
function isNumeric(type: string): boolean {
  return /^(?:u?int|float|number)/u.test(type);
}

function shortText(value: unknown, type: string): string {
  return truncateText(oneLine(valueText(value, type)), LONGEST_VALUE);
}

function laidOut(
  rows: readonly (readonly string[])[],
  place: ViewPlace,
  right: readonly number[] = [],
): string[] {
  return tableLines(rows, { indent: '  ', right, ...widthOf(place) });
}

function widthOf({ width }: ViewPlace): { width?: number } {
  return width === undefined ? {} : { width };
}
