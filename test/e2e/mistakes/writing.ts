// Mistakes in placing rows in slices and in making datasets of datasets.

import { inSynthesis } from './mistake.ts';
import type { Mistake } from './mistake.ts';

/** Mistakes of hashing, split writers, parents, links and merges. */
export const WRITING_MISTAKES: readonly Mistake[] = [
  inSynthesis(
    'cannot_hash',
    'an object',
    "const { hashSlice } = await import('acc-engine');\nhashSlice({ city: 'Oslo' }, 2);",
  ),
];
