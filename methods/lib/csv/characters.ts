// What lies between the values of a CSV file that is written, and its line of labels.

import { mistake, shown } from '../mistake.ts';

/** What a file is written with; each may be of any length. */
export interface CsvCharacters {
  readonly separator: string;
  readonly lineSeparator: string;
  /** Empty for none: text that would need them is an error, unless nothing separates fields. */
  readonly quotes: string;
  /** Puts in quotes only what needs them. */
  readonly lazyQuotes: boolean;
  /** What nulls are written as, or by name of the column. */
  readonly noneAs: string | Readonly<Record<string, string>>;
}

/** Gives the line of labels. */
export function csvHeader(names: readonly string[], characters: CsvCharacters): Buffer {
  const { separator, lineSeparator, quotes, lazyQuotes } = characters;
  const special = ['\r', '\n', separator, quotes, lineSeparator].filter((text) => text !== '');
  const labels = names.map((name) => {
    const isNeeded = special.some((text) => name.includes(text));
    if (
      quotes === '' ? !isNeeded || separator === '' : !isNeeded && lazyQuotes && separator !== ''
    ) {
      return name;
    }
    if (quotes === '') throw unquotable(name, name);
    return quotes + name.replaceAll(quotes, quotes + quotes) + quotes;
  });
  return Buffer.from(labels.join(separator) + lineSeparator);
}

/** The error for text that cannot be told from what lies around it. */
export function unquotable(name: string, text: string): Error {
  return mistake(
    `Column ${shown(name)} holds ${shown(text)}, which cannot be written while option "quotes" is empty`,
  );
}
