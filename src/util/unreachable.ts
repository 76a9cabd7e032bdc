// The end of a switch that the compiler has proved complete.

/** Throws: reached only if a value lies about its type. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected value ${JSON.stringify(value)}`);
}
