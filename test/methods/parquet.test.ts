import { gzipSync } from 'node:zlib';

import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';

import { rowRanges } from '../../methods/lib/parquet/read.ts';
import { parquetColumns } from '../../methods/lib/parquet/schema.ts';
import { scriptOutput } from './script-output.ts';

it('files of other programs get types from their schema', () => {
  const schema = [
    { name: 'root', num_children: 6 },
    { name: 'a', type: 'INT32', repetition_type: 'REQUIRED' },
    {
      name: 'b',
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
    },
    { name: 'c', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'DOUBLE' },
    {
      name: 'd',
      type: 'FIXED_LEN_BYTE_ARRAY',
      type_length: 8,
      converted_type: 'DECIMAL',
      scale: 2,
    },
    { name: 'e', type: 'INT32', logical_type: { type: 'INTEGER', bitWidth: 16, isSigned: false } },
    { name: 'f', type: 'INT32', converted_type: 'TIME_MILLIS', repetition_type: 'REQUIRED' },
  ];
  const columns = parquetColumns({ schema } as never);
  expect(columns.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
    ['a', 'int32', false],
    ['b', 'datetime', true],
    ['c', 'json', true],
    ['d', 'float64', true],
    ['e', 'uint16', true],
    ['f', 'time', false],
  ]);
  expect(columns.at(-1)?.timeUnit).toBe(1000);
});

it('slices take whole row groups in order', () => {
  const ranges = rowRanges([fileOf('a', 10, 0, 10), fileOf('b', 30)], 3);
  expect(
    ranges.map((list) => list.map(({ name, start, end }) => `${name} ${start}-${end}`)),
  ).toEqual([['a 0-10', 'a 10-20'], [], ['b 0-30']]);
  expect(rowRanges([], 2)).toEqual([[], []]);
});

it('several files, some columns, other types', async () => {
  const { notes, output } = await scriptOutput(
    `const job = await urd.build('parquet_import', {
       filename: ['a.parquet', 'b.parquet'], columns: ['tags', 'id', 'at'], types: { tags: 'json', id: 'int8' },
     });
     note(await job.load());
     note([...job.dataset().iterate(null, ['tags', 'id', 'at'])]);
     note(job.dataset().columns.id.type);
     await urd.build('parquet_import', { filename: 'a.parquet', columns: ['nope'] }).catch((error) => note(error.failure.error.message));
     await urd.build('parquet_import', { filename: 'c.parquet' }).catch((error) => note(error.failure.error.message));`,
    {
      'a.parquet': parquet(0),
      'b.parquet': parquet(10),
      'c.parquet': gzipSync('no parquet'),
      'acc.config.ts': 'export default { slices: 2 };\n',
    },
  );
  const [counts, rows, type, unknown, damaged] = notes;
  expect(counts, output).toEqual({ rows: 6, columns: 3 });
  expect(rows).toEqual([
    [{ x: 1 }, 0, new Date(0)],
    [[], 1, new Date(1)],
    [2, 2, null],
    [{ x: 1 }, 10, new Date(10)],
    [[], 11, new Date(1)],
    [2, 12, null],
  ]);
  expect(type).toBe('int8');
  expect(unknown).toBe(
    'Option "columns" names column "nope", which a.parquet does not have (it has "id", "at", "tags")',
  );
  expect(damaged).toMatch(/^c\.parquet cannot be read as Parquet: /u);
});

it('integers of 64 bits become what is asked for exactly, or are refused with their place', async () => {
  const { notes, output } = await scriptOutput(
    `const run = (name, type) => urd.build('parquet_import', { filename: name + '.parquet', types: { id: type } }).then(
       (job) => [...job.dataset().iterate(null, 'id')], (error) => error.failure.error.message);
     for (const type of ['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'float32', 'float64', 'number', 'string', 'time']) {
       note([type, await run('small', type)]);
     }
     for (const [name, type] of [['large', 'float64'], ['middle', 'float32'], ['middle', 'int8'], ['large', 'int32']]) {
       note(await run(name, type));
     }
     note(await run('middle', 'float64'));
     note(await run('narrow', 'float32'));`,
    {
      'narrow.parquet': parquet(2 ** 24),
      'small.parquet': int64File([0n, 127n, null]),
      'middle.parquet': int64File([1n, null, 16_777_217n]),
      'large.parquet': int64File([1n, null, 2n ** 53n + 1n]),
      'acc.config.ts': 'export default { slices: 1 };\n',
    },
  );
  const types = 'int8 int16 int32 uint8 uint16 uint32 float32 float64 number string time'.split(
    ' ',
  );
  expect(notes.slice(0, types.length), output).toEqual(
    types.map((type) => [type, type === 'string' ? ['0', '127', null] : [0, 127, null]]),
  );
  expect(notes.slice(types.length)).toEqual([
    'Column "id" has the integer 9007199254740993 in row 2 of large.parquet, which float64 cannot hold exactly: give it the type int64 or number',
    'Column "id" has the integer 16777217 in row 2 of middle.parquet, which float32 cannot hold exactly: give it the type int64 or number',
    expect.stringMatching(
      /column "id" .* an integer in \[-128, 127\], got 16777217 .* in row 2 of slice 0/u,
    ),
    expect.stringMatching(/column "id" .*, got 9007199254740993n .* in row 2 of slice 0/u),
    [1, null, 16_777_217],
    expect.stringContaining(
      'the integer 16777217 in row 1 of narrow.parquet, which float32 cannot',
    ),
  ]);
});

it('a file for each slice, with the columns asked for; a dataset without rows', async () => {
  const { notes, output } = await scriptOutput(
    `const source = await urd.build('csvimport', { filename: 'in.csv', types: { a: 'int32' } });
     const job = await urd.build('parquet_export', { source, filename: 'part-%d.parquet', sliced: true, columns: ['a'] });
     note(job.files('part*'));
     const { copyFileSync } = await import('node:fs');
     for (const name of job.files('part*')) copyFileSync(job.filename(name), name);
     const again = await urd.build('parquet_import', { filename: 'part-*.parquet' });
     note([...again.dataset().iterate(null)]);
     const none = await urd.build('csvimport', { filename: 'none.csv' });
     const empty = await urd.build('parquet_export', { source: none, filename: 'none.parquet' });
     copyFileSync(empty.filename('none.parquet'), 'none.parquet');
     note((await urd.build('parquet_import', { filename: 'none.parquet' })).dataset().shape);`,
    {
      'in.csv': 'a,b\n1,x\n2,y\n3,z\n',
      'none.csv': 'a,b\n',
      'acc.config.ts': 'export default { slices: 2 };\n',
    },
  );
  const [files, rows, shape] = notes;
  expect(files, output).toEqual(['part-0.parquet', 'part-1.parquet']);
  expect(rows).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  expect(shape).toEqual([2, 0]);
});

it('zeros keep their sign, however often they are repeated', async () => {
  const { notes, output } = await scriptOutput(
    `const source = await urd.build('csvimport', { filename: 'in.csv', types: { a: 'float32', b: 'float64' } });
     const job = await urd.build('parquet_export', { source, filename: 'a.parquet' });
     const { copyFileSync } = await import('node:fs');
     copyFileSync(job.filename('a.parquet'), 'a.parquet');
     const again = await urd.build('parquet_import', { filename: 'a.parquet' });
     note([...again.dataset().iterate(null)].map(({ a, b }) => [1 / a < 0, 1 / b < 0].join()));`,
    {
      'in.csv': `a,b\n${'0,-0\n-0,0\n'.repeat(50)}`,
      'acc.config.ts': 'export default { slices: 1 };\n',
    },
  );
  expect(notes[0], output).toEqual(
    Array.from({ length: 50 }, () => ['false,true', 'true,false']).flat(),
  );
});

function fileOf(name: string, ...groups: number[]): Parameters<typeof rowRanges>[0][number] {
  const metadata = { row_groups: groups.map((rows) => ({ num_rows: BigInt(rows) })) } as never;
  return { name, path: name, metadata };
}

function int64File(data: readonly (bigint | null)[]): Buffer {
  const columnData = [{ name: 'id', data: [...data], type: 'INT64' as const }];
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

function parquet(start: number): Buffer {
  const columnData = [
    { name: 'id', data: [start, start + 1, start + 2], type: 'INT32' as const },
    { name: 'at', data: [new Date(start), new Date(1), null], type: 'TIMESTAMP' as const },
    { name: 'tags', data: ['{"x":1}', '[]', '2'], type: 'STRING' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 2 }));
}
