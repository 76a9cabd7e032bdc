// The size of record batches.

/** Rows of a record batch at most; the size of batches that are written as they come. */
export const BATCH_ROWS = 65_536;
