// A value that is made when it is first needed.

/** Returns a function that calls `make` once and then gives the same value. When `make` throws, the next call tries again. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
