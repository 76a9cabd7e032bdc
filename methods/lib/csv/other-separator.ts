// Finds out whether a file that seems to have one column has several, between which another separator stands.

import { shown } from '../mistake.ts';

const USUAL = [',', ';', '\t', '|'];

/** Says which separator the only label of a file hints at; `undefined` when all is well. */
export function otherSeparator(
  labels: readonly string[],
  options: { readonly separator: string; readonly labels: readonly string[] },
): string | undefined {
  const [label = ''] = labels;
  // Without a separator a line is meant to be one field.
  if (labels.length !== 1 || options.labels.length > 0 || options.separator === '')
    return undefined;
  const others = USUAL.filter((one) => one !== options.separator && label.includes(one));
  const [found] = others.toSorted((a, b) => label.split(b).length - label.split(a).length);
  if (found === undefined) return undefined;
  const other = JSON.stringify(found);
  return `has one column, ${shown(label)}: if its fields are separated by ${other}, say \`separator: ${other}\``;
}
