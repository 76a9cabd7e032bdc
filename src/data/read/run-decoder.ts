// What puts rows into runs: arrays of up to a thousand values, one per column.

import type { ReadPosition } from './scan.ts';

/** Most rows in a run. */
export const RUN_ROWS = 1024;

/** Puts rows into arrays, a run at a time. */
export interface RunDecoder {
  /** Puts the next run into the beginning of each array; returns how many rows it has, which may be none, or −1 at the end. */
  readonly decode: (values: readonly unknown[][]) => number;
  /** Where a row of the present run is. */
  readonly position: (index: number) => ReadPosition | undefined;
}

/** Makes the arrays that a run of some columns is put into. */
export function runArrays(columns: number): unknown[][] {
  return Array.from({ length: columns }, () => Array.from({ length: RUN_ROWS }, () => null));
}
