// Remembers where in the build script a call was made, so that an error can point there.
// Taking a note costs about a microsecond; the place is worked out only when somebody asks.

import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { SourceLocation } from '../model/errors.ts';

/** Works out the place of a call; `undefined` when it was not made from a script with a source map. */
export type CallSite = () => SourceLocation | undefined;

/** Notes who called the function that calls this one. */
export function noteCallSite(): CallSite {
  const note = { stack: '' };
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 2;
  Error.captureStackTrace(note, noteCallSite);
  Error.stackTraceLimit = limit;
  return () => locateFrame(note.stack.slice(note.stack.lastIndexOf('\n') + 1));
}

const FRAME = /\(?(file:\/\/[^\s)]+|\/[^\s)]+):(\d+):(\d+)\)?$/m;

/** Finds the place in the source of the first frame of `stack`. */
export function locateFrame(stack: string): SourceLocation | undefined {
  const [, url, line, column] = FRAME.exec(stack) ?? [];
  if (url === undefined) return undefined;
  const bundle = (url.startsWith('file:') ? fileURLToPath(url) : url).replace(/\?.*$/, '');
  const map = sourceMapOf(bundle);
  const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
  if (entry === undefined || !('originalSource' in entry)) return undefined;
  // Node gives sources as the map names them, which is relative to the root that the map names.
  const root = map?.payload.sourceRoot ?? '';
  const directory = root.startsWith('file:') ? fileURLToPath(root) : resolve(dirname(bundle), root);
  return {
    file: resolve(directory, entry.originalSource),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
    length: 1,
  };
}

const maps = new Map<string, SourceMap | undefined>();

function sourceMapOf(bundle: string): SourceMap | undefined {
  if (!maps.has(bundle)) maps.set(bundle, readSourceMap(`${bundle}.map`));
  return maps.get(bundle);
}

/** A script that was not bundled has no map: its errors are shown without a place. */
function readSourceMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(
      JSON.parse(readFileSync(path, 'utf8')) as ConstructorParameters<typeof SourceMap>[0],
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
