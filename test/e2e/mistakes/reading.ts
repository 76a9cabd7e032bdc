// Mistakes in the options of iterations.

import { inSynthesis } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const DATASET =
  "const writer = job.datasetWriter({ columns: { price: 'int32', city: 'string' } });\nwriter.setSlice(0);\nwriter.write(1, 'Oslo');\nwriter.setSlice(1);\nconst dataset = writer.finish();\n";

function reading(code: string, title: string, options: string): Mistake {
  return inSynthesis(code, title, `${DATASET}dataset.iterate(0, 'price', ${options});`);
}

/** Mistakes of reading. */
export const READING_MISTAKES: readonly Mistake[] = [
  reading('unknown_iterate_option', 'misspelt', '{ filter: (price) => price > 1 }'),
  reading('invalid_iteration', 'two ranges', '{ range: { price: [1, 2], city: [1, 2] } }'),
  reading('invalid_iteration', 'a filter of another column', '{ filters: { city: null } }'),
  reading('invalid_iteration', 'a translator that is none', "{ translators: { price: 'EUR' } }"),
  inSynthesis(
    'invalid_iteration',
    'options where columns go',
    `${DATASET}dataset.iterate(0, { range: { price: [1, 2] } });`,
  ),
  reading('invalid_range', 'a limit of another type', "{ range: { price: ['1', null] } }"),
  reading('invalid_range', 'text', "{ range: { city: ['A', 'M'] } }"),
  reading('invalid_row_slice', 'more rows than there are', '{ slice: 2 }'),
  reading('invalid_row_slice', 'backwards', '{ slice: { step: -1 } }'),
  reading('wrong_hashlabel', 'not hashed', "{ hashlabel: 'city' }"),
];
