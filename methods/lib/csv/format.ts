// The bytes that give a CSV file its form, from the options of import and export.

import { mistake } from '../mistake.ts';

/** Line feed. */
export const LF = 10;

/** Stands for a character that a format does not have: equal to no byte. */
export const NO_BYTE = -1;

/** A format as bytes. */
export interface CsvFormat {
  /** `NO_BYTE` where a line is one field. */
  readonly separator: number;
  readonly newline: number;
  /** Lines end with LF or CRLF. A carriage return elsewhere is an ordinary character. */
  readonly isCrlf: boolean;
  /** `NO_BYTE` where quotes are ordinary characters. */
  readonly quote: number;
  /** First byte of lines that are no records; `NO_BYTE` where there are none. */
  readonly comment: number;
  /** Quoted fields may hold line ends. */
  readonly quotedNewlines: boolean;
}

/** The options that make a format. */
export interface FormatOptions {
  readonly separator: string;
  readonly newline: string;
  readonly quotes: string;
  readonly comment: string;
  readonly quotedNewlines: boolean;
}

/** Turns options into bytes. Throws when two of them name the same character. */
export function csvFormat(options: FormatOptions): CsvFormat {
  const { separator, newline, quotes, comment, quotedNewlines } = options;
  const used = Object.entries({ separator, newline: newline || '\n', quotes, comment });
  for (const [i, [name, character]] of used.entries()) {
    const other = used.find(([, taken], at) => at < i && taken === character && taken !== '');
    if (other !== undefined) {
      throw mistake(
        `Expected options "${other[0]}" and "${name}" to differ, but both are ${JSON.stringify(character)}`,
      );
    }
  }
  return {
    separator: byteOf(separator),
    newline: newline === '' ? LF : byteOf(newline),
    isCrlf: newline === '',
    quote: byteOf(quotes),
    comment: byteOf(comment),
    quotedNewlines,
  };
}

function byteOf(character: string): number {
  return character === '' ? NO_BYTE : character.charCodeAt(0);
}
