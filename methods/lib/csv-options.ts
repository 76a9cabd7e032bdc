// The options that import and export of CSV files have in common.

import { z } from 'acc-engine';

/** Option `separator`: one ASCII character. */
export const separatorOption = z
  .string()
  .regex(/^[^\r\n\u0080-\uffff]$/u, 'one ASCII character that ends no line')
  .default(',')
  .describe('Character between the fields of a line, as "\\t" for a tab');

/** Option `quotes`: one ASCII character, or nothing when quotes are ordinary characters. */
export const quotesOption = z
  .string()
  .regex(/^[^\r\n\u0080-\uffff]?$/u, 'one ASCII character that ends no line, or nothing')
  .default('"')
  .describe('Character around fields that hold a separator, a quote or a line end; empty for none');
