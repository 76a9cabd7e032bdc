// The options of dataset_checksum, which dataset_checksum_chain takes too.

import { z } from 'acc-engine';

/** What counts. */
export const checksumOptions = {
  columns: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('The columns that count; all if not given'),
  sort: z.boolean().default(true).describe('false: the order of rows and their slices count, too'),
};
