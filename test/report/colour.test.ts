import { expect, test } from 'vitest';

import { ANSI_COLOURS, coloursFor, NO_COLOURS } from '../../src/report/colour.ts';

const TERMINAL = { isTTY: true };
const FILE = { isTTY: false };

test('a terminal gets colours, everything else none', () => {
  expect(coloursFor(TERMINAL, {})).toBe(ANSI_COLOURS);
  expect(coloursFor(FILE, {})).toBe(NO_COLOURS);
  expect(coloursFor({}, {})).toBe(NO_COLOURS);
  expect(coloursFor(TERMINAL, { TERM: 'dumb' })).toBe(NO_COLOURS);
});

test('NO_COLOR takes them away unless it is empty', () => {
  expect(coloursFor(TERMINAL, { NO_COLOR: '1' })).toBe(NO_COLOURS);
  expect(coloursFor(TERMINAL, { NO_COLOR: '' })).toBe(ANSI_COLOURS);
});

test('FORCE_COLOR goes before everything else', () => {
  expect(coloursFor(FILE, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(ANSI_COLOURS);
  expect(coloursFor(FILE, { FORCE_COLOR: '' })).toBe(ANSI_COLOURS);
  expect(coloursFor(TERMINAL, { FORCE_COLOR: '0' })).toBe(NO_COLOURS);
});
