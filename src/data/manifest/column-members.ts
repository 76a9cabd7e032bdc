// The members that the declaration of a column may have. What else an author writes there would be ignored.

import type { Problem } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';

const MEMBERS: readonly string[] = ['type', 'nullable', 'default'];
/** Also had by a column of a dataset, so that `columns: source.columns` declares the same ones. */
const ALLOWED: readonly string[] = [...MEMBERS, 'name', 'digest'];

/** Finds members of a column's declaration that there are not; `column` says which column, as the subject of a sentence. */
export function memberProblems(column: string, declaration: unknown): readonly Problem[] {
  if (typeof declaration !== 'object' || declaration === null) return [];
  const unknown = Object.keys(declaration).filter((name) => !ALLOWED.includes(name));
  return unknown.map((name) => {
    return {
      code: 'unknown_dataset_option',
      message: `${column} is declared with ${JSON.stringify(name)}, which columns do not have`,
      hint: didYouMean(name, MEMBERS, `They have ${MEMBERS.join(', ')}.`),
      token: name,
    };
  });
}
