// `acc ds`: shows what a dataset is, and its first rows.

import type { Dataset, DatasetColumn } from '../../method/dataset/dataset.ts';
import type { JobHost } from '../../method/job/job-host.ts';
import { Job } from '../../method/job/job.ts';
import type { Project } from '../../model/project.ts';
import type { Colours } from '../../report/colour.ts';
import { tableLines } from '../../report/table.ts';
import { formatNumber, plural } from '../../util/quantity.ts';
import { isSet, numberOf } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print, printJson } from '../output.ts';
import { Index } from '../project/open-index.ts';
import { loadProject } from '../project/project.ts';
import { findDataset } from '../specs/dataset-spec.ts';
import type { FoundDataset, Neighbour } from '../specs/dataset-spec.ts';

const LONGEST_VALUE = 40;

/** Shows each dataset that is named; several with a line between them. */
export async function ds(invocation: Invocation): Promise<number> {
  const { args, cwd, process } = invocation;
  const project = await loadProject(invocation);
  using index = Index.open(project);
  const host = jobHost(project);
  const open = ({ job, name }: FoundDataset): Dataset =>
    new Job({ id: job.id, path: job.path, host }).dataset(name);
  const neighbour: Neighbour = (dataset, step) => {
    const { previous, parent } = open(dataset);
    return (step === '~' ? previous : parent)?.ref ?? null;
  };
  const datasets = args.positionals.map((spec) =>
    open(findDataset(spec, { index, cwd }, neighbour)),
  );
  const head = numberOf(args, 'head');
  if (isSet(args, 'json')) {
    const values = datasets.map((dataset) => asJson(dataset, head));
    printJson(values.length === 1 ? values[0] : values, process);
    return 0;
  }
  const { colours } = presentationFor(process, process.stdout);
  for (const [number, dataset] of datasets.entries()) {
    if (number > 0) print([''], process);
    if (head !== undefined) print(headLines(dataset, head, colours), process);
    else print(datasetLines(dataset, colours), process);
    if (isSet(args, 'slices')) print(sliceLines(dataset), process);
    if (isSet(args, 'chain')) print(chainLines(dataset, colours), process);
  }
  return 0;
}

/** Handles for looking: nothing can be linked here. */
function jobHost({ workdirs }: Project): JobHost {
  return { workdirs, place: 'build_script' };
}

function asJson(dataset: Dataset, head: number | undefined): object {
  const [, rows] = dataset.shape;
  return {
    dataset: String(dataset),
    rows,
    lines: dataset.lines,
    caption: dataset.caption,
    filename: dataset.filename,
    hashlabel: dataset.hashlabel,
    previous: dataset.previous === null ? null : String(dataset.previous),
    parent: dataset.parent === null ? null : String(dataset.parent),
    columns: columnsOf(dataset).map(({ name, type, nullable, digest }) => ({
      name,
      type,
      nullable,
      digest,
      min: plainValue(dataset.min(name)),
      max: plainValue(dataset.max(name)),
    })),
    ...(head === undefined ? {} : { head: firstRows(dataset, head).map(plainRow) }),
  };
}

function datasetLines(dataset: Dataset, colours: Colours): string[] {
  const [columns, rows] = dataset.shape;
  const facts = [
    ...(dataset.caption === '' ? [] : [['caption', dataset.caption]]),
    ...(dataset.filename === null ? [] : [['from', dataset.filename]]),
    ...(dataset.parent === null ? [] : [['parent', String(dataset.parent)]]),
    ...(dataset.previous === null ? [] : [['previous', previousText(dataset)]]),
    ...(dataset.hashlabel === null ? [] : [['hashed by', dataset.hashlabel]]),
  ].map(([what = '', text = '']) => [colours.dim(what), text]);
  const size = `${plural(rows, 'row')}, ${plural(columns, 'column')} in ${plural(dataset.lines.length, 'slice')}`;
  return [
    `${colours.cyan(String(dataset))}  ${size}`,
    ...tableLines(facts, { indent: '  ' }),
    ...tableLines(
      columnsOf(dataset).map((column) => columnRow(dataset, column, colours)),
      {
        indent: '  ',
      },
    ),
  ];
}

function columnsOf(dataset: Dataset): readonly DatasetColumn[] {
  return Object.values(dataset.columns);
}

function columnRow(dataset: Dataset, column: DatasetColumn, colours: Colours): string[] {
  const { name, type, nullable } = column;
  const [min, max] = [dataset.min(name), dataset.max(name)];
  return [
    (name === dataset.hashlabel ? '*' : '') + colours.bold(name),
    type + (nullable ? ' or null' : ''),
    min === null && max === null ? '' : `${cellText(min, type)} … ${cellText(max, type)}`,
  ];
}

function previousText(dataset: Dataset): string {
  const chain = [...dataset.chain()];
  const rows = chain.reduce((sum, { shape }) => sum + shape[1], 0);
  return `${String(dataset.previous)}, ${chain.length} in the chain with ${plural(rows, 'row')}`;
}

function sliceLines(dataset: Dataset): string[] {
  const { lines } = dataset;
  const mean = lines.reduce((sum, count) => sum + count, 0) / Math.max(1, lines.length);
  const ratio = mean === 0 ? 1 : Math.max(0, ...lines) / mean;
  return [
    ...tableLines(
      lines.map((count, slice) => [String(slice), formatNumber(count)]),
      { indent: '  ', right: [0, 1] },
    ),
    `  longest slice ${ratio.toFixed(2)} times the mean`,
  ];
}

function chainLines(dataset: Dataset, colours: Colours): string[] {
  const rows = [...dataset.chain()].map((one) => [
    colours.cyan(String(one)),
    formatNumber(one.shape[1]),
    one.caption,
  ]);
  return tableLines(rows, { indent: '  ', right: [1] });
}

function headLines(dataset: Dataset, count: number, colours: Colours): string[] {
  const columns = columnsOf(dataset);
  const names = columns.map(({ name }) => name);
  const cells = firstRows(dataset, count).map((row) =>
    columns.map(({ name, type }) => cellText(row[name], type)),
  );
  const numeric = columns.flatMap(({ type }, column) => {
    return /^(?:u?int|float|number)/u.test(type) ? [column] : [];
  });
  return tableLines([names.map(colours.bold), ...cells], { right: numeric });
}

function firstRows(dataset: Dataset, count: number): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (const row of dataset.iterate(null)) {
    if (rows.length >= count) break;
    rows.push({ ...row });
  }
  return rows;
}

function cellText(value: unknown, type: DatasetColumn['type']): string {
  if (value === null) return 'null';
  if (value instanceof Date) {
    const text = value.toISOString();
    return type === 'date' ? text.replace(/T.*$/u, '') : text;
  }
  if (value instanceof Uint8Array)
    return `0x${Buffer.from(value).toString('hex')}`.slice(0, LONGEST_VALUE);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // oxlint-disable-next-line no-control-regex -- a line end in a value would break the table
  const line = text.replaceAll(/[\u0000-\u001F]/gu, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}

/** A value as JSON has it: what JSON lacks becomes text. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function plainRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}
