// Columns of values of varying length in a batch, decoded only where asked for.

/** A batch's strings. Valid until the next batch is read. */
export class StringColumn {
  /** The string in `row`; `null` for a null. */
  get(row: number): string | null {
    throw new Error(`Internal error: ${row}`);
  }
}

/** A batch's byte strings. Valid until the next batch is read. */
export class BytesColumn {
  /** The bytes in `row`, copied; `null` for a null. */
  get(row: number): Uint8Array | null {
    throw new Error(`Internal error: ${row}`);
  }
}

/** A batch's JSON values. Valid until the next batch is read. */
export class JsonColumn {
  /** The value in `row`, parsed anew by each call; `null` for a null. */
  get(row: number): unknown {
    throw new Error(`Internal error: ${row}`);
  }
}
