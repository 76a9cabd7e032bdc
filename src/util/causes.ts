// What exceptions were made of, for whoever tells of them. Anything can be thrown, and so be a cause.

const MOST_CAUSES = 5;

/**
 * Lists the `cause` and the `errors` of an exception, and theirs, outermost first: a few of them, each once, because a
 * cause may lead back to itself.
 */
export function causesOf(thrown: unknown): readonly unknown[] {
  const found = new Set([thrown]);
  // A set goes on with what has been put into it meanwhile.
  for (const one of found) {
    for (const inner of innerErrors(one)) {
      if (found.size <= MOST_CAUSES) found.add(inner);
    }
  }
  found.delete(thrown);
  return [...found];
}

function innerErrors(thrown: unknown): readonly unknown[] {
  if (!(thrown instanceof Error)) return [];
  const { cause } = thrown;
  const errors: unknown = 'errors' in thrown ? thrown.errors : undefined;
  const others = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  return cause === undefined || cause === null ? others : [cause, ...others];
}
