import { expect, test } from 'vitest';

import { isPost, isSetup } from '../../src/store/record-shape.ts';
import { claimFree, digestOf, keyOf, openWorkdir, postOf, setupOf } from './workdir-rig.ts';

const setup = setupOf(claimFree(openWorkdir(), keyOf('a')));
const post = postOf({
  files: { 'a.txt': { sizeBytes: 1, digest: digestOf('a') } },
  subjobs: [{ id: setup.id, method: 'count', code: digestOf('code'), built: true }],
});

test('records as they are written are recognised', () => {
  expect(isSetup(setup)).toBe(true);
  expect(isPost(post)).toBe(true);
});

test.each([
  ['null', null],
  ['a list', []],
  ['text', 'setup'],
  ['an empty object', {}],
  ['another version', { ...setup, ...post, version: 2 }],
  ['a manifest that is none', { ...setup, manifest: null }],
  ['files that are none', { ...post, files: { 'a.txt': 1 } }],
  ['a list for files', { ...post, files: [] }],
  ['a number for a list', { ...post, subjobs: 3 }],
])('%s is no record', (_, value) => {
  expect(isSetup(value)).toBe(false);
  expect(isPost(value)).toBe(false);
});

test('members that a newer acc may add do no harm', () => {
  expect(isSetup({ ...setup, added: 1 })).toBe(true);
});
