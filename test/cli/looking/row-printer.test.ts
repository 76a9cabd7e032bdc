import { expect, it } from 'vitest';

import type { PrintSpec } from '../../../src/cli/looking/grep-options.ts';
import { compilePatterns } from '../../../src/cli/looking/patterns.ts';
import { RowPrinter } from '../../../src/cli/looking/row-printer.ts';
import type { ScanTask } from '../../../src/cli/looking/scan-tasks.ts';
import { ANSI_COLOURS } from '../../../src/report/colour.ts';
import { stripAnsi, textWidth } from '../../../src/util/text-width.ts';

const SPEC: PrintSpec = {
  format: 'aligned',
  separator: '\t',
  labels: { dataset: false, sliceno: false, lineno: false },
  hasHeaders: true,
  isLined: false,
  isList: false,
  maxCount: Infinity,
  isUnique: false,
  separatesGroups: false,
  tabs: undefined,
  width: 30,
};

const ROWS = [
  [
    '日本語',
    '🦉 owl',
    'a text of more than fifty characters, which no column is wide enough for',
    'z',
  ],
  ['é', null, 'short', 'z'],
];

function printed(spec: Partial<PrintSpec>, pattern = ''): readonly string[] {
  const names = ['name', 'who', 'text', 'last'];
  const task = {
    unit: { spec: 'dev-0', sliceno: 0, rows: 2 },
    columns: { printed: names, searched: names },
  } as unknown as ScanTask;
  const patterns = compilePatterns({
    patterns: [pattern],
    isFixed: false,
    ignoresCase: false,
    isNumeric: false,
  });
  const printer = new RowPrinter({ ...SPEC, ...spec }, ANSI_COLOURS, patterns);
  const rows = ROWS.map((cells, lineno) => ({ lineno, isMatch: true, cells, key: '' }));
  const text = Buffer.from(printer.rows(task, rows)).toString() + printer.flush();
  return text.trimEnd().split('\n');
}

it('lines of a table end at the edge of the screen, where nothing is searched for', () => {
  const lines = printed({});
  expect(lines.map(stripAnsi)).toEqual([
    'name    who     text         …',
    '日本語  🦉 owl  a text of mor…',
    'é       null    short        …',
  ]);
  for (const line of lines) expect(textWidth(line)).toBe(30);
});

it('lines are whole where they go elsewhere, where that is asked for, and where something is searched for', () => {
  for (const lines of [printed({ width: undefined }), printed({}, 'z')]) {
    expect(lines.map(stripAnsi).every((line) => /(?:last|z)$/u.test(line))).toBe(true);
    expect(stripAnsi(lines.join('\n'))).toContain('no column is wide enough for');
  }
});
