// Small tables for tests of methods: made by a method of the test's project, built upon, and read back by slice.

import { scriptOutput } from './script-output.ts';

/** A table: columns with their declaration, and rows for each slice. */
export interface TestTable {
  readonly columns: readonly (readonly [name: string, declaration: string | object])[];
  readonly slices: readonly (readonly (readonly unknown[])[])[];
  readonly options?: object;
}

/**
 * Runs a build script in which `table(NAME, previous)` makes one of `tables` and `rows(dataset)` gives its rows by
 * slice. Gives what was given to `note`.
 */
export async function withTables(
  tables: Readonly<Record<string, TestTable>>,
  slices: number,
  body: string,
): Promise<{ notes: unknown[]; output: string; code: number | null }> {
  const { notes, output, code } = await scriptOutput(
    `const table = async (name, previous) => (await urd.build('table', { name, previous })).dataset();
     const rows = (dataset) => dataset.lines.map((_, sliceno) =>
       Array.from(dataset.iterate(sliceno, dataset.columnNames, { int64: 'bigint', datetime: 'bigint' })));
     const failure = (build) => build.then(() => 'no failure', (error) => error.message);
     ${body}`,
    {
      'methods/table.ts': TABLE_METHOD,
      'methods/tables.mjs': `export const TABLES = { ${Object.entries(tables)
        .map(([name, { columns, slices: parts, options = {} }]) => {
          return `${JSON.stringify(name)}: { columns: ${literal(columns)}, slices: ${literal(parts)}, options: ${literal(options)} }`;
        })
        .join(',\n')} };\n`,
      'acc.config.ts': `export default { slices: ${slices} };\n`,
    },
  );
  return { notes, output, code };
}

const TABLE_METHOD = `import { dataset, defineMethod, z } from 'acc-engine';
import { TABLES } from './tables.mjs';

export default defineMethod({
  options: { name: z.string() },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options, datasets: { previous } }) {
    const { columns, slices, options: more } = TABLES[options.name];
    const writer = job.datasetWriter({ columns: {}, previous, ...more });
    for (const [name, declaration] of columns) writer.add(name, declaration);
    for (const [sliceno, rows] of slices.entries()) {
      writer.setSlice(sliceno);
      for (const row of rows) writer.write(...row);
    }
  },
});
`;

/** A value as JavaScript source. */
function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(', ')})`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([k, v]) => `[${JSON.stringify(k)}]: ${literal(v)}`);
    return `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}
