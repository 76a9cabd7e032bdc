// Finds the datasets that a query reads: `{SPEC}` anywhere, or `"SPEC"` after FROM or JOIN. Unaware of SQL otherwise.

import type { Dataset } from '../../method/dataset/dataset.ts';

/** A query whose specs have become names of tables. */
export interface BoundQuery {
  readonly sql: string;
  /** Empty for a query over the index. */
  readonly tables: Readonly<Record<string, Dataset>>;
}

/** Strings and comments, which are left as they are, a spec in braces, or a quoted name where a table stands. */
const TOKEN =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[^]*?\*\/|\{([^{}]+)\}|(\b(?:from|join)\s+)"((?:[^"]|"")+)"|"(?:[^"]|"")*"/giu;

/** Finds datasets by `find`, which throws for words that mean none, and by `findIfAny`, which does not. */
export function bindQuery(
  query: string,
  finder: { find(spec: string): Dataset; findIfAny(spec: string): Dataset | undefined },
): BoundQuery {
  const tables: Record<string, Dataset> = {};
  const names = new Map<string, string>();
  const nameOf = (dataset: Dataset): string => {
    const spec = String(dataset);
    const name = names.get(spec) ?? `dataset_${names.size + 1}`;
    names.set(spec, name);
    tables[name] = dataset;
    return name;
  };
  const sql = query.replace(
    TOKEN,
    (token: string, braced?: string, word?: string, quoted?: string) => {
      if (braced !== undefined) return nameOf(finder.find(braced.trim()));
      if (quoted === undefined) return token;
      const dataset = finder.findIfAny(quoted.replaceAll('""', '"'));
      return dataset === undefined ? token : `${word ?? ''}${nameOf(dataset)}`;
    },
  );
  return { sql, tables };
}
