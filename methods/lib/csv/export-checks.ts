// Looks for options of an export that would have no say beside the others.

import { mistake } from '../mistake.ts';
import { compressionOf } from '../tables/exported-files.ts';
import type { FileCompression } from '../tables/exported-files.ts';

/** The options that are looked at. */
export interface CheckedOptions {
  readonly filename: string;
  readonly separator: string;
  readonly lineSeparator: string;
  readonly quotes: string;
  readonly lazyQuotes: boolean;
  readonly noneAs: string | Readonly<Record<string, string>>;
  readonly chainSource: boolean;
  readonly compression?: FileCompression | undefined;
  readonly compressionLevel?: number | undefined;
}

/** Throws an error for the first such option. `names` are the columns, `isNext` tells whether there is an export before. */
export function checkExport(
  options: CheckedOptions,
  names: readonly string[],
  isNext: boolean,
): void {
  const { quotes, lazyQuotes, noneAs, chainSource } = options;
  for (const other of ['separator', 'lineSeparator'] as const) {
    if (quotes === '' || options[other] !== quotes) continue;
    const both = JSON.stringify(quotes);
    throw mistake(`Expected options "quotes" and "${other}" to differ, but both are ${both}`);
  }
  if (isNext && !chainSource) {
    throw mistake('Job "previous" has a meaning only with "chainSource: true"');
  }
  if (quotes === '' && !lazyQuotes) {
    throw mistake('Option "lazyQuotes: false" puts every value in quotes, but "quotes" is empty');
  }
  const nulls = typeof noneAs === 'string' ? [] : Object.keys(noneAs);
  const unknown = nulls.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw mistake(
    `Option "noneAs" names column ${JSON.stringify(unknown)}, which is not exported (${names.join(', ')} are)`,
    unknown,
  );
}

/** The compression of the file; throws an error for a level that it does not have. */
export function checkedCompression(options: CheckedOptions): FileCompression {
  const { filename, compression = compressionOf(filename), compressionLevel: level } = options;
  if (level !== undefined && compression === 'none') {
    throw mistake(
      'Option "compressionLevel" was given, but the file is not compressed: see option "compression"',
    );
  }
  if (level !== undefined && compression === 'gzip' && level > 9) {
    throw mistake(`Expected option "compressionLevel" to be 1 to 9 for gzip, got ${level}`);
  }
  return compression;
}
