// A method that cannot be used, in one line: for lists, where a code frame has no room.

import type { BrokenMethod } from '../../key/method-catalog.ts';
import { shownPlace } from '../../report/presentation.ts';
import type { Presentation } from '../../report/presentation.ts';

/** Says why a method cannot be used, by its first problem, with the place when that is known. */
export function brokenText({ error }: BrokenMethod, presentation: Presentation): string {
  const [problem] = error.problems;
  const [message = ''] = (problem?.message ?? error.message).split('\n');
  const where = problem?.where;
  const place = where === undefined ? '' : `${shownPlace(where, presentation)}  `;
  return presentation.colours.red(`cannot be used: ${place}${message}`);
}
