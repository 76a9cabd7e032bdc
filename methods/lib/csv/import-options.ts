// The options of csvimport, which csvimport_zip takes too.

import { z } from 'acc-engine';

import { IMPORTED_TYPES } from './values.ts';

const typeName = z.enum(IMPORTED_TYPES);

/** One character that is one byte; `what` is for the message. */
function byteOption(what: string): z.ZodString {
  return z.string().refine((text) => text.length < 2 && (text === '' || text.charCodeAt(0) < 256), {
    error: `one character up to U+00FF, or nothing (${what})`,
  });
}

/** How the text of a file is understood. */
export const importOptions = {
  separator: byteOption('a line is one field')
    .default(',')
    .describe(
      'Character between the fields of a line, as "\\t" for a tab; empty for one field per line',
    ),
  newline: byteOption('LF or CRLF')
    .default('')
    .describe('Character that ends a line; empty for LF or CRLF'),
  quotes: byteOption('quotes are ordinary characters')
    .default('"')
    .describe(
      'Character around fields that hold a separator, a quote or a line end; empty for none',
    ),
  quotedNewlines: z
    .boolean()
    .default(true)
    .describe('Whether a field in quotes may hold line ends; else each line end ends a record'),
  encoding: z
    .enum(['utf-8', 'latin-1', 'utf-16', 'utf-16le', 'utf-16be'])
    .default('utf-8')
    .describe('Encoding of the text; a byte order mark at the beginning decides against it'),
  labels: z
    .array(z.string())
    .default([])
    .describe('Names of the columns, instead of those in the file'),
  labelLines: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe(
      'Lines that name the columns, texts joined by a space; 1 if not given, or 0 with `labels`',
    ),
  stripLabels: z.boolean().default(false).describe('Removes white space around labels'),
  rename: z
    .record(z.string(), z.string())
    .default({})
    .describe('New names of columns by label, as { old: "new" }'),
  discard: z
    .array(z.string())
    .default([])
    .describe('Columns, by their new names, that are not imported; they need not be there'),
  types: z
    .record(
      z.string(),
      z.union([typeName, z.strictObject({ type: typeName, nullable: z.boolean().default(false) })]),
    )
    .default({})
    .describe(
      'Types of columns by name, as { price: "float64", sold: { type: "date", nullable: true } }.\n' +
        'In a nullable column an empty field is a null.',
    ),
  defaultType: z
    .enum(['string', 'bytes'])
    .default('string')
    .describe('Type of the columns that `types` does not name; bytes may be anything'),
  linenoLabel: z
    .string()
    .default('')
    .describe('Name of a column to add, with the number of the line at which each row begins'),
  allowBad: z
    .boolean()
    .default(false)
    .describe(
      'Puts lines with wrong quotes, another number of fields or a value that is not of its type\n' +
        'into the dataset `bad` (lineno, data) instead of failing',
    ),
  allowExtraEmpty: z
    .boolean()
    .default(false)
    .describe('Ignores empty fields behind the last label, and empty labels at the end'),
  comment: byteOption('no comments')
    .default('')
    .describe(
      'Character that begins lines to skip; these go to the dataset `skipped` (lineno, data)',
    ),
  skipLines: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Lines at the beginning of each file that are not looked at; they go to `skipped`'),
  skipEmptyLines: z.boolean().default(false).describe('Skips empty lines; they go to `skipped`'),
  compression: z
    .enum(['none', 'lz4', 'zstd'])
    .optional()
    .describe('Compression of the dataset; the usual one if not given'),
};

/** The options as stages get them. */
export type ImportOptions = {
  readonly [Name in keyof typeof importOptions]: z.output<(typeof importOptions)[Name]>;
};
