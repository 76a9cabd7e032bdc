// Turns what importing a method's bundle threw into the author's mistake, with the place in the source.
// Stack traces name places in the bundle; the source map leads from there to the line the author wrote.

import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { UsageError } from '../model/errors.ts';
import type { SourceLocation } from '../model/errors.ts';
import { SourceMap } from '../util/source-map.ts';
import type { MethodSource } from './method-sources.ts';

/** Makes the error of a method that cannot be loaded; a `UsageError` keeps its words and gets a place. */
export function describeError(error: unknown, source: MethodSource, bundle: string): UsageError {
  const where = placeOf(error, bundle) ?? { file: source.file, line: 1, column: 1, length: 1 };
  if (error instanceof UsageError) return error.at(where);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new UsageError({
    code: 'invalid_method',
    message: `Method "${source.name}" cannot be loaded: ${text}`,
    where,
  });
}

/** Finds the innermost frame of the stack that lies in the bundle. */
function placeOf(error: unknown, bundle: string): SourceLocation | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const url = pathToFileURL(bundle).href;
  const [, frame] = stack.split(`${url}:`);
  const position = /^(\d+):(\d+)/.exec(frame ?? '');
  if (position === null) return undefined;
  const map = new SourceMap(readFileSync(bundle, 'utf8'), readFileSync(`${bundle}.map`, 'utf8'));
  const place = map.atPosition(Number(position[1]), Number(position[2]));
  if (place === undefined) return undefined;
  const file = fileURLToPath(new URL(encodeURI(place.source), map.sourceRoot));
  return { file, line: place.line, column: place.column, length: 1 };
}
