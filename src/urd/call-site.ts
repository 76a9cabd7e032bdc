// Remembers where in the build script a call was made, so that an error can point there.
// Taking a note costs about a microsecond; the place is worked out only when somebody asks.

import { fileURLToPath } from 'node:url';

import type { CallSite } from '../engine/build-request.ts';
import type { SourceLocation } from '../model/errors.ts';
import { BundleMap } from '../util/bundle-map.ts';

/** Notes who called the function that calls this one. */
export function noteCallSite(): CallSite {
  const note = { stack: '' };
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 2;
  Error.captureStackTrace(note, noteCallSite);
  Error.stackTraceLimit = limit;
  return () => locateFrame(note.stack.slice(note.stack.lastIndexOf('\n') + 1));
}

/** Finds the innermost place of a script from which an error was thrown; `undefined` when no frame is of one. */
export function locateThrown(error: Error): SourceLocation | undefined {
  for (const line of (error.stack ?? '').split('\n')) {
    const place = line.trimStart().startsWith('at ') ? locateFrame(line) : undefined;
    if (place !== undefined) return place;
  }
  return undefined;
}

const FRAME = /\(?(file:\/\/[^\s)]+|\/[^\s)]+):(\d+):(\d+)\)?$/m;

/** Finds the place in the source of the first frame of `stack`. */
export function locateFrame(stack: string): SourceLocation | undefined {
  const [, url, line, column] = FRAME.exec(stack) ?? [];
  if (url === undefined) return undefined;
  const bundle = (url.startsWith('file:') ? fileURLToPath(url) : url).replace(/\?.*$/, '');
  const place = mapOf(bundle)?.at(Number(line), Number(column));
  return place === undefined ? undefined : { ...place, length: 1 };
}

const maps = new Map<string, BundleMap | undefined>();

function mapOf(bundle: string): BundleMap | undefined {
  if (!maps.has(bundle)) maps.set(bundle, BundleMap.open(bundle));
  return maps.get(bundle);
}
