// The embedded SQL engine: Polars, an optional package that is loaded when the first query comes.
// The part of its API that is used, as its 0.24 has it; a frame that could not be made holds an Error as its inside.

import { createRequire } from 'node:module';
import { join } from 'node:path';

import { UsageError } from '../../model/errors.ts';

/** A type of Polars. */
export type PolarsType = object;

/** An expression. */
export interface PolarsExpression {
  as(name: string): PolarsExpression;
  cast(type: PolarsType): PolarsExpression;
}

/** A table that is not computed yet. */
export interface PolarsLazyFrame {
  /** An `Error` where the query cannot be planned. */
  readonly _ldf: unknown;
  select(...columns: readonly PolarsExpression[]): PolarsLazyFrame;
  collect(options: { streaming: boolean }): Promise<PolarsFrame>;
}

/** A table. */
export interface PolarsFrame {
  lazy(): PolarsLazyFrame;
  writeIPC(options: { compression: 'uncompressed' }): Uint8Array;
}

/** The package. */
export interface Polars {
  readonly [type: string]: unknown;
  col(name: string): PolarsExpression;
  concat(
    frames: readonly PolarsLazyFrame[],
    options?: { how: 'horizontal' | 'vertical'; rechunk: boolean; parallel: boolean },
  ): PolarsLazyFrame;
  scanIPC(path: string): PolarsLazyFrame;
  Series(name: string, values: readonly unknown[], type: PolarsType): object;
  DataFrame(columns: readonly object[]): PolarsFrame;
  SQLContext(frames: Readonly<Record<string, PolarsLazyFrame>>): {
    execute(query: string): PolarsLazyFrame;
  };
}

/** Loads the engine, as acc finds it or the project. Throws `UsageError` that says what to install when it is missing. */
export function loadPolars(
  places: readonly string[] = [import.meta.filename, join(process.cwd(), 'package.json')],
): Polars {
  for (const place of places) {
    const found = loadIfAny(place);
    if (found !== undefined) return found;
  }
  throw new UsageError({
    code: 'missing_package',
    message: 'SQL over datasets needs the package nodejs-polars, which is not installed',
    hint: 'Install it beside acc: npm install nodejs-polars',
  });
}

function loadIfAny(place: string): Polars | undefined {
  try {
    return (createRequire(place)('nodejs-polars') as { default: Polars }).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
