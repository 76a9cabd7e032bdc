import { copyFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { sourceChanges } from '../../../src/key/difference/source-changes.ts';
import type { SourceChange } from '../../../src/key/difference/source-changes.ts';
import { CodeProject } from '../code-project.ts';

const METHOD = `import { defineMethod } from 'acc-engine';
import { score } from '../lib/score.ts';

export default defineMethod({
  synthesis() {
    return score([1, 2]);
  },
});
`;
const SCORE = `// Scores.
export interface Weights {
  readonly base: number;
}

export function score(values: number[]): number {
  let sum = 0;
  for (const value of values) {
    sum += value * 2; // weight
  }
  return sum;
}

export function unused(): number {
  return 1;
}
`;

/** Edits a project and compares the code of its method before and after. */
async function changes(
  edit: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly SourceChange[]> {
  using project = new CodeProject({ 'methods/m.ts': METHOD, 'lib/score.ts': SCORE, ...files });
  // As in the job directory of an earlier job.
  const before = project.path('method.mjs');
  const { bundle } = (await project.method('m')).code;
  copyFileSync(bundle, before);
  copyFileSync(`${bundle}.map`, `${before}.map`);
  project.write(edit);
  return sourceChanges({ before, after: (await project.method('m')).code.bundle });
}

test('a changed line is shown with its place', async () => {
  expect(await changes({ 'lib/score.ts': SCORE.replace('value * 2', 'value * 3') })).toEqual([
    {
      place: 'lib/score.ts:9',
      lines: [
        { sign: '-', text: '    sum += value * 2; // weight' },
        { sign: '+', text: '    sum += value * 3; // weight' },
      ],
    },
  ]);
});

test('comments, types, layout and unused code beside the change are not shown', async () => {
  const edited = SCORE.replace('// Scores.', '// Scores well.\n')
    .replace('base: number', 'base: bigint')
    .replace('return 1', 'return 2')
    .replace('let sum = 0', 'let sum: number = 0 // from nothing')
    .replace('  return sum;', '  return sum + 1;');
  expect(await changes({ 'lib/score.ts': edited })).toEqual([
    {
      place: 'lib/score.ts:12',
      lines: [
        { sign: '-', text: '  return sum;' },
        { sign: '+', text: '  return sum + 1;' },
      ],
    },
  ]);
});

test('lines that are new, and lines that are gone, stand alone', async () => {
  const added = SCORE.replace('  return sum;', '  sum = Math.abs(sum);\n  return sum;');
  expect(await changes({ 'lib/score.ts': added })).toEqual([
    { place: 'lib/score.ts:11', lines: [{ sign: '+', text: '  sum = Math.abs(sum);' }] },
  ]);
  expect(await changes({ 'lib/score.ts': SCORE }, { 'lib/score.ts': added })).toEqual([
    { place: 'lib/score.ts:11', lines: [{ sign: '-', text: '  sum = Math.abs(sum);' }] },
  ]);
});

test('changes far apart and in several files are told apart', async () => {
  const edited = SCORE.replace('let sum = 0', 'let sum = 1').replace('return sum;', 'return -sum;');
  const found = await changes({
    'lib/score.ts': edited,
    'methods/m.ts': METHOD.replace('[1, 2]', '[1, 2, 3]'),
  });
  expect(found.map(({ place }) => place).toSorted()).toEqual([
    'lib/score.ts:11',
    'lib/score.ts:7',
    'methods/m.ts:6',
  ]);
});

test('a name that only the bundler changed is not shown', async () => {
  const edited = METHOD.replace('export default', 'const sum = 5;\nexport default').replace(
    '[1, 2]',
    '[1, sum]',
  );
  const found = await changes({ 'methods/m.ts': edited });
  expect(found.map(({ place }) => place.split(':')[0])).toEqual(['methods/m.ts']);
});

function withLiteral(word: string): string {
  return METHOD.replace('score([1, 2])', `score([]) + \`\n      first\n      ${word}\n    \``);
}

test('a line inside a template literal is shown', async () => {
  const [change] = await changes(
    { 'methods/m.ts': withLiteral('other') },
    { 'methods/m.ts': withLiteral('second') },
  );
  expect(change?.lines).toEqual([
    { sign: '-', text: '      second' },
    { sign: '+', text: '      other' },
  ]);
});

test('a file without lines of code is named', async () => {
  const method = METHOD.replace(
    "'../lib/score.ts'",
    "'../lib/score.ts'; import t from './t.txt'",
  ).replace('[1, 2]', '[t.length]');
  const found = await changes(
    { 'methods/t.txt': 'two' },
    { 'methods/m.ts': method, 'methods/t.txt': 'one' },
  );
  expect(found.map(({ place }) => place.split(':')[0])).toEqual(['methods/t.txt']);
});

test('nothing is told of a bundle that is gone', () => {
  expect(sourceChanges({ before: '/nowhere.mjs', after: '/nowhere.mjs' })).toEqual([]);
});
