// Makes a dataset of a query over datasets, by the engine behind `acc sql`. The result passes through memory.

import { BATCH_ROWS, dataset, defineMethod, queryDatasets, z } from 'acc-engine';
import type { ColumnDeclaration, QueryColumn } from 'acc-engine';

import { mistake } from './lib/mistake.ts';
import { MS_PER_DAY } from './lib/values/units.ts';

export default defineMethod({
  description: `Makes a dataset of an SQL query over other datasets

The query is carried out by Polars on the Arrow files: the package nodejs-polars has to be installed beside acc. Its
tables are called as option "tables" says, in the order of the datasets. Rows of the result are dealt to slices in
consecutive parts, so that reading all slices gives the order of the query. The tables may be of any size, the result
has to fit in memory. Columns of type number take part as 64-bit floats, of type json as text.

Example: urd.build('dataset_sql', {
  sources: [flights, airports], tables: ['flights', 'airports'],
  query: 'select city, avg(delay) as delay from flights join airports on origin = code group by city',
})`,
  options: {
    query: z.string().min(1).describe('One SELECT statement'),
    tables: z
      .array(z.string().min(1))
      .default(['source'])
      .describe('Names of the datasets in the query, one for each'),
    chain: z.boolean().default(false).describe('A dataset stands for its whole chain'),
  },
  datasets: {
    sources: dataset().array(),
    previous: dataset().optional(),
  },

  async synthesis({ job, slices, options, datasets }) {
    const { query, tables, chain } = options;
    const { sources, previous } = datasets;
    if (tables.length !== sources.length || new Set(tables).size !== tables.length) {
      throw mistake(
        `Expected as many different names in option "tables" as there are datasets (${sources.length}), got ${JSON.stringify(tables)}`,
      );
    }
    const named = Object.fromEntries(
      tables.flatMap((name, i) => {
        const source = sources[i];
        if (source === undefined) return [];
        return [[name, chain ? source.chain().datasets : [source]] as const];
      }),
    );
    const { rows, columns } = await queryDatasets(query, named);
    const writer = job.datasetWriter({ columns: {}, previous, caption: 'sql' });
    for (const column of columns) writer.add(column.name, declared(column));
    for (let sliceno = 0; sliceno < slices; sliceno++) {
      writer.setSlice(sliceno);
      const end = Math.floor((rows * (sliceno + 1)) / slices);
      for (let row = Math.floor((rows * sliceno) / slices); row < end; row += BATCH_ROWS) {
        const to = Math.min(end, row + BATCH_ROWS);
        writer.writeBatch(
          Object.fromEntries(columns.map((one) => [one.name, valuesOf(one, row, to)])),
        );
      }
    }
    return { rows, columns: columns.map(({ name, type }) => ({ name, type })) };
  },
});

function declared({ type, hasNulls }: QueryColumn): ColumnDeclaration {
  return { type, nullable: hasNulls };
}

function valuesOf({ type, values }: QueryColumn, from: number, to: number): readonly unknown[] {
  const part = values.slice(from, to);
  if (type !== 'date') return part;
  return part.map((day) => (day === null ? null : new Date(Number(day) * MS_PER_DAY)));
}
