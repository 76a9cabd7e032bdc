// The bytes that give a CSV file its form.

/** Line feed, the end of a record. */
export const LF = 10;

/** Carriage return: belongs to the line end where a line feed follows, and is an ordinary character elsewhere. */
export const CR = 13;

/** The quote of a file in which quotes are ordinary characters: equal to no byte. */
export const NO_QUOTE = -1;

/** Separator and quote as bytes. */
export interface CsvFormat {
  readonly separator: number;
  /** `NO_QUOTE` where quotes are ordinary characters. */
  readonly quote: number;
}

/** Turns the options of import and export into bytes. */
export function csvFormat(options: {
  readonly separator: string;
  readonly quotes: string;
}): CsvFormat {
  const { separator, quotes } = options;
  if (separator === quotes) {
    throw new Error(
      `Expected options "separator" and "quotes" to differ, but both are ${JSON.stringify(quotes)}`,
    );
  }
  return {
    separator: separator.charCodeAt(0),
    quote: quotes === '' ? NO_QUOTE : quotes.charCodeAt(0),
  };
}
