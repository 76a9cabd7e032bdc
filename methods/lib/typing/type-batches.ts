// Types the rows of one slice of a dataset, batch by batch, and writes them: good ones to one dataset, bad ones to
// another where that is wanted. Columns that stay as they are are copied, not looked at.

import { mistake } from '../mistake.ts';
import type { TextValues } from '../values/cell-reader.ts';
import { BAD } from '../values/cells.ts';
import type { ColumnTyper, TextColumnLike, WrittenColumn } from './column-typer.ts';
import type { TypedColumn, TypingPlan } from './typing-plan.ts';

/** A batch of a dataset. */
interface BatchLike {
  readonly length: number;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly validity: Readonly<Record<string, Uint8Array | null>>;
}

/** What batches are written to. */
export interface BatchWriter {
  writeBatch(
    columns: never,
    options: { readonly validity: Record<string, Uint8Array | null>; readonly rows?: Uint32Array },
  ): void;
}

/** A slice to type. */
export interface SliceToType {
  /** As `dev-42/NAME`, for messages. */
  readonly spec: string;
  readonly sliceno: number;
  readonly batches: Iterable<BatchLike>;
  readonly plan: TypingPlan;
  readonly typers: readonly ColumnTyper[];
  /** Columns of the plan that are written; the others come from elsewhere. */
  readonly writer: BatchWriter;
  readonly written: ReadonlySet<string>;
  /** Takes bad rows; left out when they are an error. */
  readonly bad?: BatchWriter | undefined;
}

/** What came of a slice. */
export interface TypedSlice {
  /** Rows that were left out. */
  readonly badRows: number;
  /** Texts that were no values, by column. */
  readonly bad: Readonly<Record<string, number>>;
  /** Those of them that have a default instead. */
  readonly defaulted: Readonly<Record<string, number>>;
}

/** A slice of which nothing had to be written. */
export const NOTHING_TYPED: TypedSlice = { badRows: 0, bad: {}, defaulted: {} };

/** Types a slice. Throws an error that names column, row and text of the first bad one where these are not wanted. */
export function typeSlice(slice: SliceToType): TypedSlice {
  const counts = { bad: new Map<string, number>(), defaulted: new Map<string, number>() };
  let rows = 0;
  let badRows = 0;
  for (const batch of slice.batches) {
    const isBad = readBatch(slice, batch, rows, counts);
    if (isBad === undefined) writeTyped(slice, batch, undefined);
    else {
      const good = rowsWhere(isBad, batch.length, 0);
      writeTyped(slice, batch, good);
      writeBad(slice, batch, rowsWhere(isBad, batch.length, 1));
      badRows += batch.length - good.length;
    }
    rows += batch.length;
  }
  return {
    badRows,
    bad: Object.fromEntries(counts.bad),
    defaulted: Object.fromEntries(counts.defaulted),
  };
}

interface Counts {
  readonly bad: Map<string, number>;
  readonly defaulted: Map<string, number>;
}

/** Reads the typed columns of a batch; gives 1 for each row with something bad, `undefined` when there is none. */
function readBatch(
  slice: SliceToType,
  batch: BatchLike,
  rowsBefore: number,
  counts: Counts,
): Uint8Array | undefined {
  let isBad: Uint8Array | undefined;
  for (const [i, column] of slice.plan.typed.entries()) {
    const typer = slice.typers[i];
    if (column.isSame || typer === undefined) continue;
    const { name } = column.source;
    const text = batch.columns[name] as TextColumnLike;
    const count = typer.read(text, batch.length, batch.validity[name] ?? null);
    if (count === 0) continue;
    const isKept = typer.hasFallback;
    add(isKept ? counts.defaulted : counts.bad, column.name, count);
    if (isKept) typer.useFallback(batch.length);
    else if (slice.bad === undefined) throw badValue(slice, column, { typer, text, rowsBefore });
    else isBad = markRows(isBad, typer.states, batch.length);
  }
  return isBad;
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function markRows(isBad: Uint8Array | undefined, states: Uint8Array, rows: number): Uint8Array {
  const marks = isBad ?? new Uint8Array(rows);
  for (let row = 0; row < rows; row++) if (states[row] === BAD) marks[row] = 1;
  return marks;
}

function rowsWhere(marks: Uint8Array, rows: number, wanted: 0 | 1): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (marks[row] === wanted) found[count++] = row;
  return found.subarray(0, count);
}

function writeTyped(slice: SliceToType, batch: BatchLike, rows: Uint32Array | undefined): void {
  const { plan, typers, written } = slice;
  const columns: [string, WrittenColumn][] = [];
  for (const [i, { name, source, isSame }] of plan.typed.entries()) {
    if (!written.has(name)) continue;
    const typer = isSame ? undefined : typers[i];
    columns.push([name, typer?.written(batch.length) ?? columnOf(batch, source.name)]);
  }
  for (const { name, source } of plan.kept) {
    if (written.has(name)) columns.push([name, columnOf(batch, source.name)]);
  }
  write(slice.writer, columns, rows);
}

/** Bad rows are kept as they came, with the columns that are typed. */
function writeBad(slice: SliceToType, batch: BatchLike, rows: Uint32Array): void {
  if (slice.bad === undefined || rows.length === 0) return;
  const columns = slice.plan.typed.map(({ name, source }): [string, WrittenColumn] => [
    name,
    columnOf(batch, source.name),
  ]);
  write(slice.bad, columns, rows);
}

function columnOf({ columns, validity }: BatchLike, name: string): WrittenColumn {
  return { values: columns[name] as TextValues, validity: validity[name] ?? null };
}

function write(
  writer: BatchWriter,
  columns: readonly [string, WrittenColumn][],
  rows: Uint32Array | undefined,
): void {
  const values = Object.fromEntries(columns.map(([name, column]) => [name, column.values]));
  const validity = Object.fromEntries(columns.map(([name, column]) => [name, column.validity]));
  writer.writeBatch(values as never, rows === undefined ? { validity } : { validity, rows });
}

function badValue(
  { spec, sliceno }: SliceToType,
  { name, source, text: type }: TypedColumn,
  found: {
    readonly typer: ColumnTyper;
    readonly text: TextColumnLike;
    readonly rowsBefore: number;
  },
): Error {
  const { typer, text, rowsBefore } = found;
  const row = typer.states.indexOf(BAD);
  const { codes, dictionary } = text;
  const values = codes ? (dictionary ?? text) : text;
  const at = codes?.[row] ?? row;
  const bytes = values.bytes.subarray(values.offsets[at], values.offsets[at + 1]);
  const shown = JSON.stringify(Buffer.from(bytes).toString());
  const cut = shown.length > 60 ? `${shown.slice(0, 57)}..."` : shown;
  return mistake(
    `Column ${JSON.stringify(source.name)} of ${spec}: expected ${type}` +
      `${name === source.name ? '' : ` for column ${JSON.stringify(name)}`}, got ${cut} in row ` +
      `${rowsBefore + row} of slice ${sliceno} (a default for the column keeps such rows, option "filterBad" sets them aside)`,
  );
}
