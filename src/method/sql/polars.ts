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
  readonly str: { decode(encoding: 'hex'): PolarsExpression };
}

/** A table that is not computed yet. */
export interface PolarsLazyFrame {
  /** An `Error` where the query cannot be planned. */
  readonly _ldf: unknown;
  select(...columns: readonly PolarsExpression[]): PolarsLazyFrame;
  collect(options: { streaming: boolean; slicePushdown: boolean }): Promise<PolarsFrame>;
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
  lit(value: null): PolarsExpression;
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

/** What acc is tested with. Later ones have no binary for every Node that acc runs on, which installers do not tell. */
export const POLARS_VERSION = '0.24.1';

/**
 * Loads the engine, as acc finds it or the project. Throws `UsageError` that says what to install when it is missing, or
 * when it is there and cannot be loaded.
 */
export function loadPolars(
  places: readonly string[] = [import.meta.filename, join(process.cwd(), 'package.json')],
): Polars {
  for (const place of places) {
    const path = findIfAny(place);
    if (path !== undefined) return load(path);
  }
  throw new UsageError({
    code: 'missing_package',
    message: 'SQL over datasets needs the package nodejs-polars, which is not installed',
    hint: `Install it beside acc: npm install nodejs-polars@${POLARS_VERSION}`,
  });
}

function findIfAny(place: string): string | undefined {
  try {
    return createRequire(place).resolve('nodejs-polars');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The package may be there without its binary, which is one of its optional dependencies. */
function load(path: string): Polars {
  try {
    return (createRequire(path)(path) as { default: Polars }).default;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UsageError({
      code: 'broken_package',
      message: `SQL over datasets needs the package nodejs-polars, which is installed, but cannot be loaded: ${reason}`,
      hint: `Install the version that acc is tested with: npm install nodejs-polars@${POLARS_VERSION}`,
    });
  }
}
