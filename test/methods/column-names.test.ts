// Columns may be called what members of every object are called, in every method that looks names up.

import { expect, it } from 'vitest';

import { scriptOutput } from './script-output.ts';

const NAMES = ['__proto__', 'constructor', 'toString', '', ' a/b ', '😀', 'q"u,o\'te'];
const LABELS = NAMES.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');

const SCRIPT = `
  const source = await urd.build('csvimport', { filename: 'in.csv' });
  const names = source.dataset().columnNames;
  const shown = (job) => [job.dataset().columnNames, [...job.dataset().iterate(null, names)]];
  note(shown(source));
  for (const kind of ['csv', 'jsonl', 'parquet']) {
    const [there, back] = kind === 'csv' ? ['csvexport', 'csvimport'] : [kind + '_export', kind + '_import'];
    const file = await urd.build(there, { source, filename: 'out.' + kind });
    note(shown(await urd.build(back, { filename: file.withFile('out.' + kind) })));
  }
  note(shown(await urd.build('dataset_autotype', { source })));
  const numbers = await urd.build('dataset_type', {
    source, column2type: Object.fromEntries(names.slice(1).map((name) => [name, 'int32'])),
  });
  for (const name of names) {
    note(shown(await urd.build('dataset_sort', { source: numbers, sortColumns: [{ column: name, order: 'descending' }] })));
    const left = await urd.build('dataset_hashpart', { source: numbers, hashlabel: name });
    const join = { left, right: left, on: [name], rightPrefix: 'r ' };
    note((await urd.build('dataset_join', join)).dataset().columnNames.length);
    const groups = await urd.build('dataset_group', { source: numbers, keys: [name], aggregates: { all: 'count' } });
    note([...groups.dataset().iterate(null, 'all')]);
    note((await urd.build('dataset_fanout', { source: numbers, column: name })).datasets.length);
  }
`;

it('names of members of every object, and any other text, name columns in all methods', async () => {
  const { notes, output } = await scriptOutput(SCRIPT, {
    'in.csv': `${LABELS}\n${NAMES.map((_, i) => i).join(',')}\n${NAMES.map((_, i) => i + 10).join(',')}\n`,
    'acc.config.ts': 'export default { slices: 1 };\n',
  });
  const texts = [0, 10].map((start) => NAMES.map((_, i) => String(start + i)));
  const typed = texts.map(([first, ...others]) => [first, ...others.map(Number)]);
  const [source, csv, jsonl, parquet, autotyped, ...others] = notes;

  expect(source, output).toEqual([NAMES, texts]);
  expect([csv, jsonl, parquet]).toEqual([source, source, source]);
  expect(autotyped).toEqual([NAMES, typed]);
  expect(others).toEqual(
    NAMES.flatMap(() => [[NAMES, typed.toReversed()], 2 * NAMES.length - 1, [1, 1], 2]),
  );
});
