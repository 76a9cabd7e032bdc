// Which rows of an iteration are wanted by their position, as `slice` in exax: resolved against the number of rows,
// and cut out of the pieces that are read, so that what lies before, between and behind costs nothing.

import { UsageError } from '../../model/errors.ts';
import { plural } from '../../util/quantity.ts';

/** Rows by position: as authors give it. A number n skips n rows, or leaves the last −n. */
export type SliceRequest =
  | number
  | { readonly start?: number; readonly stop?: number | null; readonly step?: number };

/** Positions start, start + step, … below stop. */
export interface RowSlice {
  readonly start: number;
  /** Exclusive; may be infinite. */
  readonly stop: number;
  readonly step: number;
}

/** Some consecutive rows of a slice, of which every `step`th is wanted. */
export interface SteppedRows {
  /** First row wanted, counted within the slice. */
  readonly start: number;
  /** Number of rows up to the end. */
  readonly rows: number;
  readonly step: number;
}

/**
 * Resolves a request against the number of rows there are. Throws `UsageError` for what lies outside, runs backwards
 * or, with `isOpen`, counts from an end that only reading would tell.
 */
export function resolveSlice(
  request: SliceRequest,
  { total, isOpen }: { readonly total: number; readonly isOpen: boolean },
): RowSlice {
  const {
    start = 0,
    stop = null,
    step = 1,
  } = typeof request === 'number' ? { start: request } : request;
  for (const [name, value] of Object.entries({ start, stop: stop ?? 0, step })) {
    if (!Number.isInteger(value))
      throw wrongSlice(`Expected \`${name}\` of \`slice\` to be an integer, got ${value}`);
  }
  if (step < 1) throw wrongSlice(`Expected \`step\` of \`slice\` to be positive, got ${step}`);
  if (isOpen && (start < 0 || (stop ?? 0) < 0)) {
    throw wrongSlice(
      'A negative `slice` cannot count from the end of rows that `range` or `filters` choose',
    );
  }
  const first = position('start', start, total);
  const last = stop === null ? Infinity : position('stop', stop, total);
  if (last < first)
    throw wrongSlice(`Expected \`slice\` to run forwards, got rows ${first} to ${last}`);
  return { start: first, stop: last, step };
}

/** Cuts the rows `[from, to)` of a slice out of consecutive pieces of it; `first` and every `step`th from there are wanted. */
export function cutRows<Piece extends SteppedRows>(
  pieces: readonly Piece[],
  cut: {
    readonly from: number;
    readonly to: number;
    readonly first: number;
    readonly step: number;
  },
): readonly Piece[] {
  const { from, to, first, step } = cut;
  return pieces.flatMap((piece) => {
    const least = Math.max(piece.start, from, first);
    const start = first + Math.ceil((least - first) / step) * step;
    const end = Math.min(piece.start + piece.rows, to);
    return start < end ? [{ ...piece, start, rows: end - start, step }] : [];
  });
}

/** Rows taken from each of several lists once `count` rows were taken from them in turn. */
export function takenInTurn(lengths: readonly number[], count: number): readonly number[] {
  let rest = count;
  let rounds = 0;
  for (;;) {
    const open = lengths.filter((length) => length > rounds);
    if (open.length === 0) return lengths;
    const more = Math.min(Math.floor(rest / open.length), Math.min(...open) - rounds);
    if (more === 0) break;
    rounds += more;
    rest -= more * open.length;
  }
  return lengths.map((length) => {
    if (length <= rounds) return length;
    return rest-- > 0 ? rounds + 1 : rounds;
  });
}

function position(name: string, value: number, total: number): number {
  if (value <= total && -value <= total) return value < 0 ? total + value : value;
  throw wrongSlice(
    `Expected \`${name}\` of \`slice\` to be within the ${plural(total, 'row')} there are, got ${value}`,
  );
}

function wrongSlice(message: string): UsageError {
  return new UsageError({ code: 'invalid_row_slice', message });
}
