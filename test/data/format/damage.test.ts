import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../../src/data/column-values.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const FILE = 'DS/default.0.arrow';
const COLUMNS = {
  i: { type: 'int16', nullable: true },
  s: { type: 'string', nullable: true },
  b: 'bool',
} as const satisfies ColumnTypes;
const ROWS = Array.from({ length: 40 }, (_, i) => [
  i % 5 === 0 ? null : i,
  i % 7 === 0 ? null : `text ${i}`,
  i % 3 === 0,
]);

/** Reads everything; the message where that fails. */
function rowsOrError(dataset: Dataset): unknown {
  try {
    return [...dataset.iterate(0, dataset.columnNames)];
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
}

function errorFor(path: string): RegExp {
  return new RegExp(
    String.raw`^SystemError: Cannot read ${path}: the checksum of (?:its footer|the (?:header of record batch 0|dictionary of column "s")|column "[isb]" of record batch 0) is wrong; |` +
      String.raw`^SystemError: Cannot read ${path}: it is no Arrow file; `,
  );
}

const REPEATED = Array.from({ length: 300 }, (_, i) => [
  ['a', 'b', null][i % 3]?.repeat(30) ?? null,
]);

test.each([
  ['', COLUMNS, ROWS],
  [' with a dictionary', { s: { type: 'string', nullable: true } }, REPEATED],
] as const)(
  'every flipped bit of a data file%s is found, or lies where nothing is read',
  (_, columns, expectedRows) => {
    using rig = new DatasetRig();
    const dataset: Dataset = rig.dataset({ columns }, [expectedRows]);
    const path = rig.path(dataset, FILE);
    const bytes = readFileSync(path);
    const expected = errorFor(path);
    const rows = JSON.stringify(expectedRows);
    const file = openSync(path, 'r+');
    let found = 0;

    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const at = bit >> 3;
      writeSync(file, Uint8Array.of((bytes[at] ?? 0) ^ (1 << (bit & 7))), 0, 1, at);
      const result = rowsOrError(dataset);
      writeSync(file, bytes, at, 1, at);
      if (typeof result === 'string' && expected.test(result)) found++;
      else if (JSON.stringify(result) !== rows) expect.fail(`bit ${bit}: ${String(result)}`);
    }
    closeSync(file);

    expect(found).toBeGreaterThan(bytes.length * 4);
  },
);

test('a data file that was cut off at any length is found', () => {
  using rig = new DatasetRig();
  const dataset: Dataset = rig.dataset({ columns: COLUMNS }, [ROWS]);
  const path = rig.path(dataset, FILE);

  for (let size = readFileSync(path).length - 1; size >= 0; size--) {
    truncateSync(path, size);
    expect(rowsOrError(dataset)).toMatch(
      new RegExp(
        `^SystemError: Cannot read ${path}: it has ${size.toLocaleString('en')} bytes? instead of `,
      ),
    );
  }
});
