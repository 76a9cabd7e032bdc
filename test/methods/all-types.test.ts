// A dataset with every column type, hard values and nulls comes back as it was from each format.

import { expect, it } from 'vitest';

import { scriptOutput } from './script-output.ts';

const METHOD = `import { dataset, defineMethod } from 'acc-engine';

export const COLUMNS = {
  bool: [true, false, true], int8: [-128, 127, 0], int16: [-32768, 32767, 0], int32: [-2147483648, 2147483647, 0],
  int64: [-9223372036854775808n, 9223372036854775807n, 0n], uint8: [0, 255, 1], uint16: [0, 65535, 1],
  uint32: [0, 4294967295, 1], float32: [Math.fround(0.1), -0, Infinity], float64: [0.1, -0, NaN],
  number: [1.5, 2n ** 70n, -0, 13578058080989382], date: [new Date(0), new Date('0001-01-01'), new Date('9999-12-31')],
  time: [0, 86399999999, 43200000001], datetime: [0n, -1n, 253402300799999999n],
  string: ['', 'a,"b"\\n\\u00e9\\u{1F600}', 'null'], bytes: [new Uint8Array(0), Uint8Array.of(0, 255, 34, 10), Uint8Array.of(110)],
  json: [{ a: [1, null, 'x'] }, [], 'text'],
};

export default defineMethod({
  synthesis({ job, slices }) {
    const names = Object.keys(COLUMNS);
    const columns = Object.fromEntries(names.flatMap((type) => [
      [type, type], [type + '_or_null', { type, nullable: true }],
    ]));
    const writer = job.datasetWriter({ columns });
    for (let slice = 0; slice < slices; slice++) {
      writer.setSlice(slice);
      for (let row = 0; row < 4; row++) {
        writer.writeRow(Object.fromEntries(names.flatMap((type) => {
          const value = COLUMNS[type][row % COLUMNS[type].length];
          return [[type, value], [type + '_or_null', row === 1 ? null : value]];
        })));
      }
    }
  },
});
`;

const SCRIPT = `
  const { readFileSync } = await import('node:fs');
  const source = await urd.build('all');
  const columns = source.dataset().columns;
  const types = Object.fromEntries(Object.values(columns).map(({ name, type, nullable }) => [name, { type, nullable }]));
  const rows = (job) => [...job.dataset().iterate(null, Object.keys(types), { int64: 'bigint', datetime: 'bigint' })]
    .map((row) => row.map((value) => Object.is(value, -0) ? 'minus zero' : value));
  const shape = (job) => Object.values(job.dataset().columns).map(({ name, type, nullable }) => [name, type, nullable]);
  note([rows(source), shape(source)]);
  const there = async (method, filename, back, inputs = {}, settings = {}) => {
    const file = await urd.build(method, { source, filename, ...settings });
    writeFileSync(filename, readFileSync(file.filename(filename)));
    const again = await urd.build(back, { filename, ...inputs });
    note([rows(again), shape(again)]);
  };
`;

async function comesBack(body: string): Promise<void> {
  const { notes, output } = await scriptOutput(SCRIPT + body, {
    'methods/all.ts': METHOD,
    'acc.config.ts': 'export default { slices: 2 };\n',
  });
  const [before, after] = notes;
  expect(after, output).toEqual(before);
  expect((before as [unknown[]])[0]).toHaveLength(8);
}

it('every type comes back from CSV', async () => {
  await comesBack("await there('csvexport', 'all.csv', 'csvimport', { types });");
});

it('every type comes back from JSON lines', async () => {
  await comesBack("await there('jsonl_export', 'all.jsonl', 'jsonl_import', { types });");
});

it.each(['none', 'snappy', 'gzip', 'zstd'])(
  'every type comes back from Parquet without being declared (%s)',
  async (compression) => {
    await comesBack(
      `await there('parquet_export', 'all.parquet', 'parquet_import', {}, { compression: '${compression}' });`,
    );
  },
);
