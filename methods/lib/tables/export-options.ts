// Options that exports have in common.

import { z } from 'acc-engine';

/** Which columns are written, and whether into one file. */
export const exportOptions = {
  columns: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Names of the columns to write, in this order; all if not given'),
  sliced: z
    .boolean()
    .default(false)
    .describe(
      'A file for each slice: its number for %d or %03d in the name, or behind it, as in a.3.gz',
    ),
};
