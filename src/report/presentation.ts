// How text is to look: colours, the directory that paths are shown from, and where source lines come from.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

import type { SourceLocation } from '../model/errors.ts';
import { NO_COLOURS } from './colour.ts';
import type { Colours } from './colour.ts';

/** What the functions that make text need to know about the reader. */
export interface Presentation {
  readonly colours: Colours;
  /** Absolute; files below it are shown relative to it. */
  readonly directory: string;
  /** Gives a source file's text for code frames; `undefined` when it cannot be read. */
  readonly readSource: (file: string) => string | undefined;
}

/** Without colours, for files and tests. */
export function plainPresentation(directory: string): Presentation {
  return { colours: NO_COLOURS, directory, readSource: readSourceFile };
}

/** Reads a source file; `undefined` when that is not possible. */
export function readSourceFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Shows a path: relative when it lies below the reader's directory, else as it is. */
export function shownPath(path: string, presentation: Presentation): string {
  const short = relative(presentation.directory, path);
  const isBelow = short !== '' && !short.startsWith('..') && presentation.directory !== '/';
  return isBelow ? short : path;
}

/** Shows a place in a source file as `file:line:column`. */
export function shownPlace(
  { file, line, column }: Pick<SourceLocation, 'file' | 'line' | 'column'>,
  presentation: Presentation,
): string {
  return `${shownPath(file, presentation)}:${line}:${column}`;
}
