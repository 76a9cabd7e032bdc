// Divides the rows of a chain of datasets by the values of a column.

import { dataset, Dataset, defineMethod, job as jobInput, z } from 'acc-engine';
import type { ColumnType, Job } from 'acc-engine';

import { KeyTable } from './lib/keys/key-table.ts';
import { mistake } from './lib/mistake.ts';
import { tableBatches } from './lib/tables/column-view.ts';
import type { TableColumn } from './lib/tables/column-view.ts';
import {
  addColumns,
  columnNamed,
  columnsOf,
  quote,
  sharedHashlabel,
} from './lib/tables/table-sources.ts';
import { writeRows } from './lib/tables/table-writing.ts';
import { valueTexts } from './lib/tables/value-text.ts';
import { widerType } from './lib/tables/wider-type.ts';

/** Each dataset that is written takes a file and buffers in each thread. */
const MAX_DATASETS = 4096;

export default defineMethod({
  description: `Makes a dataset of each value of a column, named after it, without that column

The datasets from \`source\` back to (and without) the \`source\` of \`previous\` are read, \`length\` at most. Their common
columns are written; where types differ, in a wider one. A dataset is chained to that of the same name in \`previous\`,
of whose datasets each gets a successor, if only an empty one. Rows stay in their slices, and hashed as they were,
unless by that column. Memory grows with the number of values.

Each value has a name of its own, which is its text: any text, the empty one too, dates as 2024-05-06 and
2024-05-06T07:08:09.5Z, true and false, numbers with all their digits. A null is called null, the text null therefore
"null" in quotes, and that text in quotes has one pair more. Bytes that are no UTF-8 are called \\xFF for each byte
that is no ASCII, and a backslash before what looks like that is \\x5C.

Example: (await urd.build('dataset_fanout', { source, column: 'country' })).dataset('SE')`,
  options: {
    column: z.string().describe('The column whose values name the datasets'),
    length: z
      .number()
      .int()
      .default(-1)
      .describe('How many datasets at most, counted from the newest; -1 for all'),
  },
  datasets: { source: dataset() },
  jobs: { previous: jobInput({ lineage: true }).optional() },

  prepare({ job, options, datasets: { source }, jobs: { previous } }) {
    const { column } = options;
    const datasets = newDatasets(source, previous, options.length);
    const shared = commonWiderColumns(datasets.length === 0 ? [source] : datasets);
    for (const one of datasets) columnNamed(columnsOf(one), column, 'column', String(one));
    const columns = shared.filter(({ name }) => name !== column);
    if (columns.length === 0) {
      throw mistake(`No column of ${String(source)} would be left beside ${quote(column)}`);
    }
    const label = sharedHashlabel(datasets, source);
    const hashlabel = columns.some(({ name }) => name === label) ? label : null;
    const before = new Map((previous?.datasets ?? []).map((one) => [one.name, one]));
    const names = [...new Set([...before.keys(), ...distinctTexts(datasets, column)])];
    if (names.length > MAX_DATASETS) {
      throw mistake(
        `Column ${quote(column)} has ${names.length} values; expected at most ${MAX_DATASETS} to make datasets of`,
      );
    }
    const writers = names.map((name) => {
      const writer = job.datasetWriter({
        name,
        columns: {},
        hashlabel,
        previous: before.get(name),
      });
      addColumns(writer, columns);
      return writer;
    });
    return { writers, columns };
  },

  analysis({ sliceno, options, datasets: { source }, jobs: { previous }, prepareRes }) {
    const { writers, columns } = prepareRes;
    const byName = new Map(writers.map((writer) => [writer.name, writer]));
    for (const one of newDatasets(source, previous, options.length)) {
      const type = columnNamed(columnsOf(one), options.column, 'column', String(one)).type;
      const names = [options.column, ...columns.map(({ name }) => name)];
      const values = new KeyTable([type]);
      for (const { views, length } of tableBatches(one, sliceno, names)) {
        const numbers = values.numbersOf(views.slice(0, 1), length);
        const texts = valueTexts(type, values.views[0]);
        for (const [number, picks] of rowsOf(numbers, values.length).entries()) {
          const writer = byName.get(texts[number] ?? '');
          if (picks.length > 0 && writer !== undefined) {
            writeRows(writer, columns, views.slice(1), Uint32Array.from(picks));
          }
        }
      }
    }
  },
});

function newDatasets(
  source: Dataset,
  previous: Job | undefined,
  length: number,
): readonly Dataset[] {
  const before = previous?.params.datasets['source'];
  const stop = before instanceof Dataset ? { of: previous, input: 'source' } : null;
  return source.chain({ length, stop }).datasets;
}

/** Columns that all have, in the order of the newest, with types that hold the values of all. */
function commonWiderColumns(datasets: readonly Dataset[]): readonly TableColumn[] {
  const all = datasets.map(columnsOf);
  return (all.at(-1) ?? []).flatMap(({ name }) => {
    const same = all.flatMap((columns) => columns.find((column) => column.name === name) ?? []);
    if (same.length < all.length) return [];
    const type = same.map((column) => column.type).reduce((a, b) => typeOfBoth(a, b, name));
    return [{ name, type, nullable: same.some(({ nullable }) => nullable) }];
  });
}

function typeOfBoth(a: ColumnType, b: ColumnType, name: string): ColumnType {
  const type = widerType(a, b);
  if (type !== undefined) return type;
  throw mistake(
    `Column ${quote(name)} is ${a} in one dataset and ${b} in another, which have no type in common`,
  );
}

function distinctTexts(datasets: readonly Dataset[], column: string): readonly string[] {
  return datasets.flatMap((one) => {
    const { type } = columnNamed(columnsOf(one), column, 'column', String(one));
    if (type === 'json')
      throw mistake(`Option "column" names column ${quote(column)} of type json`);
    const values = new KeyTable([type]);
    for (const { views, length } of tableBatches(one, null, [column])) {
      values.numbersOf(views, length);
    }
    return valueTexts(type, values.views[0]);
  });
}

function rowsOf(numbers: Int32Array, count: number): readonly number[][] {
  const rows: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < numbers.length; row++) rows[numbers[row] ?? 0]?.push(row);
  return rows;
}
