// Decides what becomes of the columns of one dataset when some of them are typed: which are read as what, which stay as
// they are, and which one's hash places the rows. A pure value; nothing is read for it but the columns' types.

import type { ColumnType, UsageError } from 'acc-engine';

import { mistake, noColumn } from '../mistake.ts';
import { quote } from '../tables/table-sources.ts';
import { parseTypeSpec } from '../values/type-spec.ts';

/** A column of the source. */
export interface SourceColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** The source as messages name it, and what is known of it. */
export interface TypingSource {
  readonly spec: string;
  readonly columns: readonly SourceColumn[];
  readonly hashlabel: string | null;
}

/** What was asked for. */
export interface TypingRequest {
  /** Types by the new names of columns. */
  readonly column2type: Readonly<Record<string, string>>;
  /** By present names; `null` drops a column. */
  readonly rename: Readonly<Record<string, string | null>>;
  readonly defaults: Readonly<Record<string, string | number | boolean | null>>;
  /** Left out: that of the source; `null`: none. */
  readonly hashlabel?: string | null | undefined;
  readonly discardUntyped: boolean;
  readonly filterBad: boolean;
}

/** A column that is typed. */
export interface TypedColumn {
  readonly name: string;
  readonly source: SourceColumn;
  /** As it was asked for. */
  readonly text: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** It is the source's column as it is. */
  readonly isSame: boolean;
}

/** A column that stays as it is, perhaps under another name. */
export interface KeptColumn {
  readonly name: string;
  readonly source: SourceColumn;
}

/** What becomes of a dataset. */
export interface TypingPlan {
  readonly typed: readonly TypedColumn[];
  readonly kept: readonly KeptColumn[];
  readonly hashlabel: string | null;
  /** Rows are placed in slices anew. */
  readonly rehashes: boolean;
}

/** Types whose columns can be typed. */
const TEXT_TYPES: ReadonlySet<ColumnType> = new Set(['string', 'bytes']);

/** Plans the typing of one dataset. */
export function planTyping(source: TypingSource, request: TypingRequest): TypingPlan {
  const byName = new Map(source.columns.map((column) => [column.name, column]));
  const renamed = renamedColumns(source, request);
  const visible = new Map(byName);
  for (const name of renamed.gone) visible.delete(name);
  for (const [name, old] of renamed.sources) {
    const column = byName.get(old);
    if (column !== undefined) visible.set(name, column);
  }
  const typed = Object.entries(request.column2type).map(([name, text]) =>
    typedColumn(name, text, visible.get(name), { source, request }),
  );
  const kept = request.discardUntyped
    ? []
    : [...visible].flatMap(([name, column]) =>
        Object.hasOwn(request.column2type, name) ? [] : [{ name, source: column }],
      );
  return { typed, kept, ...placement({ typed, kept }, renamed.hashlabel, { source, request }) };
}

/** What renaming does, before anything is typed. */
interface Renamed {
  /** Present names by new ones. */
  readonly sources: ReadonlyMap<string, string>;
  /** Present names that are no longer there, unless something else is renamed to them. */
  readonly gone: ReadonlySet<string>;
  readonly hashlabel: string | null;
}

/** A column with a new name that is typed stays there under its present one, too, unless rows are placed by it. */
function renamedColumns(source: TypingSource, { rename, column2type }: TypingRequest): Renamed {
  const sources = new Map<string, string>();
  const gone = new Set<string>();
  for (const { name } of source.columns) {
    const target = Object.hasOwn(rename, name) ? rename[name] : undefined;
    if (target === undefined) continue;
    if (target === null || !Object.hasOwn(column2type, target) || name === source.hashlabel) {
      gone.add(name);
    }
    if (target === null) continue;
    const other = sources.get(target);
    if (other !== undefined) {
      throw mistake(
        `Option "rename" gives columns ${quote(other)} and ${quote(name)} of ${source.spec} the same name ${quote(target)}`,
      );
    }
    sources.set(target, name);
  }
  return { sources, gone, hashlabel: renamedHashlabel(source.hashlabel, rename, sources) };
}

function renamedHashlabel(
  hashlabel: string | null,
  rename: TypingRequest['rename'],
  sources: ReadonlyMap<string, string>,
): string | null {
  if (hashlabel === null) return null;
  if (Object.hasOwn(rename, hashlabel)) return rename[hashlabel] ?? null;
  return sources.has(hashlabel) ? null : hashlabel;
}

interface Surroundings {
  readonly source: TypingSource;
  readonly request: TypingRequest;
}

function typedColumn(
  name: string,
  text: string,
  column: SourceColumn | undefined,
  { source, request }: Surroundings,
): TypedColumn {
  if (column === undefined) throw unknownColumn('column2type', name, source);
  if (!TEXT_TYPES.has(column.type)) {
    throw mistake(
      `Column ${quote(column.name)} of ${source.spec} is ${column.type}: expected string or bytes to read ${quote(name)} from as ${text}`,
    );
  }
  const { type, nullable, form } = parseTypeSpec(text);
  const isPlain =
    (form.kind === 'text' && form.codec.encoding === 'utf-8') || form.kind === 'bytes';
  // UTF-8 is never wrong in a string column, so that a default has nothing to do.
  const isSame = isPlain && !form.strips && type === column.type && !nullable;
  const hasNullDefault = Object.hasOwn(request.defaults, name) && request.defaults[name] === null;
  return {
    name,
    source: column,
    text,
    type,
    nullable: nullable || column.nullable || (hasNullDefault && !isSame),
    isSame,
  };
}

function placement(
  { typed, kept }: Pick<TypingPlan, 'typed' | 'kept'>,
  present: string | null,
  { source, request }: Surroundings,
): Pick<TypingPlan, 'hashlabel' | 'rehashes'> {
  const asked = request.hashlabel;
  const hashlabel = asked === undefined ? present : asked;
  if (hashlabel === null) return { hashlabel: null, rehashes: false };
  const written = typed.find(({ name }) => name === hashlabel);
  const column = written ?? kept.find(({ name }) => name === hashlabel);
  if (column === undefined) {
    if (asked === undefined) return { hashlabel: null, rehashes: false };
    throw unknownColumn('hashlabel', hashlabel, source);
  }
  const rehashes = asked === undefined ? written !== undefined && !written.isSame : true;
  const type = written?.type ?? column.source.type;
  if (rehashes && type === 'json') {
    throw mistake(`Rows cannot be placed by column ${quote(hashlabel)}: json has no hash`);
  }
  return { hashlabel, rehashes };
}

function unknownColumn(option: string, name: string, { spec, columns }: TypingSource): UsageError {
  const names = columns.map((column) => column.name);
  return noColumn({ option, unknown: [name], subject: spec, names });
}
