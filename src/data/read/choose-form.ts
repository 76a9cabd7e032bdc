// Decides, before the first row, whether 64-bit columns are read as numbers and Dates or as bigints: the bounds of
// what will be read say whether every value is exact. One form for the whole iteration.

import { UsageError } from '../../model/errors.ts';
import type { ReadOptions } from '../column-values.ts';
import { decodeBound, uniteBounds } from '../manifest/bounds.ts';
import type { Bounds, PartColumn } from '../manifest/dataset-part.ts';
import { quote } from '../write/value-error.ts';
import type { Int64Form } from './fill-values.ts';
import type { ScanSegment } from './scan-plan.ts';

type Int64Type = 'int64' | 'datetime';

/** Furthest a Date can be from 1970. */
const LAST_DATE_MICROS = 8_640_000_000_000_000_000n;

/** Chooses the form of each column. Throws `UsageError` when a form is forced that cannot hold every value. */
export function chooseForms(
  segments: readonly ScanSegment[],
  columns: readonly string[],
  options: ReadOptions,
): readonly Int64Form[] {
  return columns.map((name) => {
    const int64 = chooseForm('int64', partsOf(segments, name, 'int64'), {
      name,
      wanted: options.int64,
    });
    const datetime = chooseForm('datetime', partsOf(segments, name, 'datetime'), {
      name,
      wanted: options.datetime,
    });
    return int64 === 'bigint' || datetime === 'bigint' ? 'bigint' : 'usual';
  });
}

function chooseForm(
  type: Int64Type,
  parts: readonly PartColumn[],
  column: { readonly name: string; readonly wanted: string | undefined },
): Int64Form {
  if (parts.length === 0) return 'usual';
  if (column.wanted === 'bigint') return 'bigint';
  const bounds = uniteBounds(
    type,
    parts.flatMap((part) => part.batches),
  );
  const exact = isExact(
    type,
    bounds,
    parts.every((part) => part.wholeMs),
  );
  if (exact) return 'usual';
  if (column.wanted === undefined) return 'bigint';
  throw new UsageError({
    code: 'inexact_values',
    message:
      `Column ${quote(column.name)} holds values in [${bounds.min}, ${bounds.max}]` +
      `${type === 'datetime' ? ' microseconds' : ''} that are not exact as ${column.wanted}`,
    hint: `Read it with \`{ ${type}: 'bigint' }\`.`,
  });
}

/** Tells whether all values within bounds are exact as a number, or as a Date. */
function isExact(type: Int64Type, bounds: Bounds, wholeMs: boolean): boolean {
  const min = decodeBound(type, bounds.min);
  const max = decodeBound(type, bounds.max);
  if (min === null || max === null) return true;
  if (type === 'datetime') return wholeMs && min >= -LAST_DATE_MICROS && max <= LAST_DATE_MICROS;
  return min >= Number.MIN_SAFE_INTEGER && max <= Number.MAX_SAFE_INTEGER;
}

function partsOf(
  segments: readonly ScanSegment[],
  name: string,
  type: Int64Type,
): readonly PartColumn[] {
  return segments.flatMap(({ manifest, sliceno }) => {
    const column = manifest.columns.find((candidate) => candidate.name === name);
    const part = column?.type === type ? column.slices[sliceno] : undefined;
    return part === undefined ? [] : [part];
  });
}
