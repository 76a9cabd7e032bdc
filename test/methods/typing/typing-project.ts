// Runs build scripts over datasets of text that are made from JSON, with the real binary.

import { scriptOutput } from '../script-output.ts';

/** Makes datasets: `rows` by slice, columns as pairs of name and type, because a record does not keep its order; a string for a bytes column is its characters as bytes. */
const MAKE = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { columns: z.array(z.tuple([z.string(), z.string()])), slices: z.array(z.array(z.array(z.any()))), hashlabel: z.string().nullable().default(null) },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options, datasets, slices }) {
    const types = options.columns.map(([name, type]) => [name, { type: type.replace('?', ''), nullable: type.endsWith('?') }]);
    const { hashlabel } = options;
    const writer = job.datasetWriter({ columns: Object.fromEntries(types), previous: datasets.previous, ...(hashlabel === null ? {} : { hashlabel }) });
    const stored = (row) => row.map((value, i) => types[i][1].type === 'bytes' && typeof value === 'string' ? Buffer.from(value, 'latin1') : value);
    if (hashlabel !== null) {
      const split = writer.split();
      for (const row of options.slices.flat()) split.write(...stored(row));
      return;
    }
    for (let slice = 0; slice < slices; slice++) {
      writer.setSlice(slice);
      for (const row of options.slices[slice] ?? []) writer.write(...stored(row));
    }
  },
});
`;

const HELPERS = `
const make = (columns, slices, more = {}) => urd.build('make', { columns: Object.entries(columns), slices, ...more });
const typed = (source, column2type, more = {}) => urd.build('dataset_type', { source, column2type, ...more });
const text = (value) => typeof value === 'bigint' ? value + 'n' : value instanceof Date ? value.toISOString().replace(':00.000Z', 'Z').replace('T00:00Z', '') : value instanceof Uint8Array ? 'bytes ' + Buffer.from(value).toString('latin1') : value;
const rows = (dataset, columns) => [...dataset.iterate(null, columns ?? dataset.columnNames)].map((row) => row.map(text));
const types = (dataset) => Object.fromEntries(dataset.columnNames.map((name) => [name, dataset.columns[name].type + (dataset.columns[name].nullable ? '?' : '')]));
const failure = async (build) => { try { await build; return 'no failure'; } catch (error) { return error.message; } };
`;

/** Runs the body of a build script in which make, typed, rows, types and failure are known. */
export async function typingNotes(body: string, slices = 2): Promise<unknown[]> {
  const { notes, output } = await scriptOutput(`${HELPERS}${body}\nnote('done');`, {
    'acc.config.ts': `export default { slices: ${slices} };\n`,
    'methods/make.ts': MAKE,
  });
  // Builds that should fail do, so that the exit code says nothing.
  if (notes.at(-1) !== 'done') throw new Error(output);
  return notes.slice(0, -1);
}
