import { expect, test } from 'vitest';

import { Memo } from '../../src/store/memo.ts';
import { digestOf, openWorkdir } from './workdir-rig.ts';

const code = digestOf('code');

test('what was put is given back, before and after it is written', () => {
  const { index } = openWorkdir();
  const memo = new Memo(index);
  memo.put(code, digestOf('a'), '1');
  memo.put(code, digestOf('a'), '2');
  expect(memo.get(code, digestOf('a'))).toBe('2');
  expect(new Memo(index).get(code, digestOf('a'))).toBeUndefined();
  memo.flush();
  expect(new Memo(index).get(code, digestOf('a'))).toBe('2');
  expect(memo.get(digestOf('other code'), digestOf('a'))).toBeUndefined();
});

test('the oldest entries are forgotten when there are too many', () => {
  const { index } = openWorkdir();
  const memo = new Memo(index, 10);
  for (let i = 0; i < 1000; i++) memo.put(code, digestOf(String(i)), String(i));
  memo.flush();
  expect(index.get('SELECT count(*) AS n FROM memo')).toEqual({ n: 10 });
  expect(memo.get(code, digestOf('999'))).toBe('999');
  expect(memo.get(code, digestOf('989'))).toBeUndefined();
});
