// How commands write: lines and JSON to stdout, what went wrong to stderr.

import { coloursFor } from '../report/colour.ts';
import { readSourceFile } from '../report/presentation.ts';
import type { Presentation } from '../report/presentation.ts';
import type { Surroundings } from './command.ts';

/** Writes lines to stdout; nothing when there are none. */
export function print(lines: readonly string[], { stdout }: Surroundings): void {
  if (lines.length > 0) stdout.write(`${lines.join('\n')}\n`);
}

/** Writes a value as JSON to stdout: indented for a person at a terminal, on one line for a program. */
export function printJson(value: unknown, { stdout }: Surroundings): void {
  stdout.write(`${JSON.stringify(value, null, stdout.isTTY ? 2 : 0)}\n`);
}

/** Writes lines to stderr. */
export function tell(lines: readonly string[], { stderr }: Surroundings): void {
  stderr.write(`${lines.join('\n')}\n`);
}

/** How text for one of the process's streams is to look. */
export function presentationFor(process: Surroundings, stream: NodeJS.WriteStream): Presentation {
  return {
    colours: coloursFor(stream, process.env),
    directory: process.cwd(),
    readSource: readSourceFile,
  };
}

/** Shows a point in time as the reader's clock shows it: `2024-01-31 17:05:09`. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
