import { expect, test } from 'vitest';

import { globMatcher } from '../../src/util/glob.ts';

test.each<[string, readonly string[], readonly string[]]>([
  ['*.txt', ['a.txt', '.txt'.slice(1) + '.txt'], ['a.txt.gz', 'below/a.txt', '.hidden.txt']],
  ['**/*.txt', ['a.txt', 'below/a.txt', 'x/y/z.txt'], ['a.csv', '.git/a.txt', 'x/.git/a.txt']],
  ['below/**', ['below/a', 'below/x/y'], ['below', 'other/a', 'below/.hidden']],
  ['**', ['a', 'x/y'], ['.a', 'x/.a']],
  ['part.?', ['part.0'], ['part.10', 'part.', 'part./']],
  ['part.[0-3]', ['part.0', 'part.3'], ['part.4']],
  ['part.[!0-3]', ['part.4', 'part.x'], ['part.0', 'part./']],
  ['{a,b*}.json', ['a.json', 'b.json', 'box.json'], ['c.json', 'ab.json']],
  ['.hidden*', ['.hidden', '.hidden.txt'], ['hidden']],
  ['a+(b).t$t', ['a+(b).t$t'], ['aab.t$t']],
  ['[a', ['[a'], ['a']],
  ['a{b', ['a{b'], ['ab']],
  ['a,b}', ['a,b}'], ['a']],
])('%s', (pattern, yes, no) => {
  const matches = globMatcher(pattern);
  expect(yes.filter((name) => !matches(name))).toEqual([]);
  expect(no.filter((name) => matches(name))).toEqual([]);
});
