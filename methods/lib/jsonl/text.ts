// Writes rows as lines of JSON, one object each, such that jsonl_import with the same types reads the same values.
// Numbers are written with all their digits, days and moments as ISO 8601, bytes as Base64; what JSON lacks, as
// infinite numbers, is text.

import type { ColumnType } from 'acc-engine';

import { dateText, datetimeText } from '../csv/date-text.ts';
import { timeText } from '../values/iso-values.ts';
import { exactNumberText } from '../values/number-text.ts';

const CHUNK_CHARACTERS = 1 << 18;

/** A column as it is written. */
export interface WrittenColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Gives the lines of rows in chunks; each row has one value per column. */
export function* jsonLines(
  rows: Iterable<readonly unknown[]>,
  columns: readonly WrittenColumn[],
): Generator<Buffer> {
  const members = columns.map(({ name, type }, i) => ({
    before: `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    text: jsonText(type),
  }));
  let text = '';
  for (const row of rows) {
    for (const [i, member] of members.entries()) {
      const value = row[i];
      text += member.before;
      text += value === null ? 'null' : member.text(value);
    }
    text += '}\n';
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function jsonText(type: ColumnType): (value: unknown) => string {
  switch (type) {
    case 'string':
    case 'json':
      return (value) => JSON.stringify(value);
    case 'bool':
      return String;
    case 'date':
      return (value) => `"${dateText(value as Date)}"`;
    case 'time':
      return (value) => `"${timeText(value as number)}"`;
    case 'datetime':
      return (value) => `"${datetimeText(value as Date | bigint)}"`;
    case 'bytes':
      return (value) => `"${Buffer.from(value as Uint8Array).toString('base64')}"`;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return String;
    case 'float32':
    case 'float64':
      return (value) => {
        if (Object.is(value, -0)) return '-0';
        return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
      };
    case 'number':
      return (value) => {
        const text = exactNumberText(value as number | bigint);
        return typeof value === 'bigint' || Number.isFinite(value) ? text : `"${text}"`;
      };
  }
}
