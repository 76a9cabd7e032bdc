// The error for a value that a column cannot hold: names dataset, slice, row, column, type and value.

import { UsageError } from '../../model/errors.ts';

/** Where a value was to be written. Mutable: one object follows the writer from batch to batch. */
export interface WritePlace {
  readonly dataset: string;
  sliceno: number;
  /** Rows of this slice that are in earlier batches. */
  rowsBefore: number;
}

/** A column as named in the error. */
export interface NamedColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** Makes the error for `value` in row `row` of the present batch. `reason` ends the sentence, where the type alone says too little. */
export function valueError(
  place: WritePlace,
  column: NamedColumn,
  facts: { readonly row: number; readonly value: unknown; readonly reason?: string },
): UsageError {
  const { row, value, reason } = facts;
  const expected = reason ?? `a value of type ${column.type}`;
  return new UsageError({
    code: 'invalid_value',
    message:
      `Expected column ${quote(column.name)} of dataset ${quote(place.dataset)} to get ${expected}, ` +
      `got ${describeValue(value)} in row ${place.rowsBefore + row} of slice ${place.sliceno}`,
    ...(value === null || value === undefined
      ? {
          hint: `To leave it empty, declare it as \`{ type: '${column.type}', nullable: true }\` and write null.`,
        }
      : {}),
  });
}

/** Describes a value in a sentence: text in quotes and shortened, everything else with its type. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `${quote(value)} (string)`;
    case 'number':
      return `${Object.is(value, -0) ? '-0' : value} (number)`;
    case 'bigint':
      return `${value}n (bigint)`;
    case 'boolean':
      return `${value} (boolean)`;
    case 'undefined':
      return 'undefined';
    case 'object':
      return value === null ? 'null' : describeObject(value);
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
  }
}

/** Puts text in quotes, shortened to 60 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

function describeObject(value: object): string {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'an invalid Date' : `${value.toISOString()} (Date)`;
  }
  if (Array.isArray(value)) return 'an array';
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== 'Object' ? `a value of class ${name}` : 'an object';
}
