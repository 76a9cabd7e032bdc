// The columns of several datasets that are one table to a query, as a chain is: also where it got columns or wider ones.

import type { ColumnType } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Dataset } from '../dataset/dataset.ts';

const SIGNED: readonly ColumnType[] = ['int8', 'int16', 'int32', 'int64'];
const UNSIGNED: readonly ColumnType[] = ['uint8', 'uint16', 'uint32'];
const FLOATS: readonly ColumnType[] = ['float32', 'float64', 'number'];

/**
 * Types of all columns by name: those of the last dataset in their order, then those that only earlier ones have. Where
 * types differ, one that holds the values of both. Throws `UsageError` where there is none.
 */
export function tableColumns(datasets: readonly Dataset[]): ReadonlyMap<string, ColumnType> {
  const found = new Map<string, { type: ColumnType; dataset: Dataset }>();
  for (const dataset of datasets.toReversed()) {
    for (const name of dataset.columnNames) {
      const type = dataset.columns[name]?.type ?? 'string';
      const before = found.get(name);
      const wider = before === undefined ? type : widerType(before.type, type);
      if (wider === undefined) {
        throw new UsageError({
          code: 'invalid_query',
          message: `Column ${JSON.stringify(name)} is ${type} in ${String(dataset)}, but ${before?.type} in ${String(before?.dataset)}: no table holds both`,
          hint: 'Ask for datasets one by one, or link them without that column.',
          token: name,
        });
      }
      found.set(name, { type: wider, dataset: before?.dataset ?? dataset });
    }
  }
  return new Map(Array.from(found, ([name, { type }]) => [name, type]));
}

function widerType(a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (a === b) return a;
  if (FLOATS.includes(a) || FLOATS.includes(b))
    return isNumber(a) && isNumber(b) ? 'float64' : undefined;
  for (const family of [SIGNED, UNSIGNED]) {
    const [at, other] = [family.indexOf(a), family.indexOf(b)];
    if (at >= 0 && other >= 0) return family[Math.max(at, other)];
  }
  return isNumber(a) && isNumber(b) ? 'int64' : undefined;
}

function isNumber(type: ColumnType): boolean {
  return [...SIGNED, ...UNSIGNED, ...FLOATS].includes(type);
}
