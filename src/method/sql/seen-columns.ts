// Tells from the text of a query which columns it can read. Cautious: whatever could mean columns that are not spelt
// out in it means all of them.

/** A star that stands for no columns: the count of rows, or a product with a number or something in parentheses. */
const HARMLESS_STAR = /\bcount\s*\(\s*\*\s*\)|\*\s*[\d(]/gu;
/** Stars, patterns of names, and joins by whatever names are equal. */
const ALL_COLUMNS = /[*^]|\b(?:natural|columns|table)\b/u;
/** Tells which of some names a query contains, in any case and quoted or not; all where it could mean all. */
export function seenColumns<Name extends string>(
  query: string,
  names: readonly Name[],
): readonly Name[] {
  const text = asSearched(query).replace(HARMLESS_STAR, ' ');
  const isCounted = (word: RegExp): number => text.match(word)?.length ?? 0;
  const hasOpenFrom = isCounted(/\bfrom\b/gu) > isCounted(/\bselect\b/gu);
  if (hasOpenFrom || ALL_COLUMNS.test(text)) return names;
  return names.filter((name) => text.includes(name.toLowerCase()));
}

/** Tells whether a query can mean a table. */
export function seesTable(query: string, table: string): boolean {
  return asSearched(query).includes(table.toLowerCase());
}

function asSearched(query: string): string {
  return query.toLowerCase().replaceAll('""', '"');
}
