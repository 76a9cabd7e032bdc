import { expect, test } from 'vitest';

import { SourceMap } from '../../src/util/source-map.ts';

// As esbuild writes it for `a.ts` ("// one\nlet x = 1\n") and `b.ts` ("\nlet y = 22").
const BUNDLE = 'let x=1;\nlet y=22;';
const MAP = JSON.stringify({
  version: 3,
  sourceRoot: 'file:///project/',
  sources: ['a.ts', 'b.ts'],
  sourcesContent: ['// one\nlet x = 1\n', '\nlet y = 22'],
  mappings: 'AACA,MAAQ;ACAR,MAAQ',
  names: [],
});

test('an offset of the bundle leads to the place it came from', () => {
  const map = new SourceMap(BUNDLE, MAP);
  expect(map.at(0)).toMatchObject({ source: 'a.ts', line: 2, column: 1 });
  expect(map.at(5)).toMatchObject({ source: 'a.ts', line: 2, column: 1 });
  expect(map.at(6)).toMatchObject({ source: 'a.ts', line: 2, column: 9 });
  expect(map.at(9)).toMatchObject({ source: 'b.ts', line: 2, column: 1 });
});

test('a position as in a stack trace leads there as well', () => {
  const map = new SourceMap(BUNDLE, MAP);
  expect(map.atPosition(2, 7)).toMatchObject({ source: 'b.ts', line: 2, column: 9 });
  expect(map.atPosition(9, 1)).toBeUndefined();
});

test('the bundle is cut where its origin changes', () => {
  const pieces = new SourceMap(BUNDLE, MAP).pieces();
  expect(pieces.map(({ source, code }) => [source, code])).toEqual([
    ['a.ts', 'let x='],
    ['a.ts', '1;\n'],
    ['b.ts', 'let y='],
    ['b.ts', '22;'],
  ]);
});

test('sources are given where the map holds them', () => {
  const map = new SourceMap(BUNDLE, MAP);
  expect([map.sourceRoot, map.content('b.ts'), map.content('c.ts')]).toEqual([
    'file:///project/',
    '\nlet y = 22',
    undefined,
  ]);
});

test('code of the bundler itself has no origin', () => {
  const map = new SourceMap('var help;x', '{"version":3,"sources":["a.ts"],"mappings":"SAAA"}');
  expect(map.at(3)).toBeUndefined();
  expect(map.at(9)).toMatchObject({ source: 'a.ts', line: 1, column: 1 });
});
