// Says which types were found in a dataset, and why not narrower ones.

import { inferredType } from './infer-types.ts';
import type { Inference } from './infer-types.ts';

/** The inputs of dataset_type that follow. */
export function inferredTypes(
  found: readonly Inference[],
  nullLikes: readonly string[],
): { readonly column2type: Record<string, string>; readonly defaults: Record<string, null> } {
  const typed = found.flatMap((column) => {
    const type = inferredType(column);
    return type === undefined ? [] : [{ column: column.column, type, nulls: column.nulls }];
  });
  const emptyMark = nullLikes.includes('') ? '?' : '';
  return {
    column2type: Object.fromEntries(
      typed.map(({ column, type, nulls }) => [
        column,
        nulls === 0 ? type : marked(type, emptyMark),
      ]),
    ),
    // Every text that is no value is one of those that stand for none.
    defaults: Object.fromEntries(
      typed.filter(({ nulls }) => nulls > 0).map(({ column }) => [column, null]),
    ),
  };
}

/** A type as it reads empty text as null: the mark goes before the argument. */
function marked(type: string, mark: string): string {
  const [name = '', ...argument] = type.split(':');
  return [name + mark, ...argument].join(':');
}

/** The report for people. */
export function typeReport(
  found: readonly Inference[],
  columns: readonly { readonly name: string; readonly type: string }[],
): string {
  return found.map((column) => columnReport(column, columns)).join('\n');
}

function columnReport(
  column: Inference,
  columns: readonly { readonly name: string; readonly type: string }[],
): string {
  const { values, nulls, candidates } = column;
  const type = inferredType(column);
  const present = columns.find(({ name }) => name === column.column)?.type ?? 'text';
  const chosen = type ?? `stays ${present}`;
  const head = `${JSON.stringify(column.column)}: ${chosen} (${values} values, ${nulls} nulls)`;
  if (values === 0) return `${head}\n  there is no value to tell a type by\n`;
  const narrower = type === undefined ? candidates : candidates.slice(0, indexOf(candidates, type));
  const reasons = narrower.map(([name, reason]) =>
    reason === null
      ? ''
      : `  not ${name}: ${JSON.stringify(reason.text)} in row ${reason.row} of slice ${reason.sliceno}\n`,
  );
  return `${head}\n${reasons.join('')}`;
}

function indexOf(candidates: Inference['candidates'], type: string): number {
  return candidates.findIndex(([name]) => name === type);
}
