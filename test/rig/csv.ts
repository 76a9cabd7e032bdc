// Reading CSV text in two ways: by the parts of csvimport, without a job, and by a parser that goes byte by byte and is
// too simple to be wrong in the same way.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DatasetWriter } from 'acc-engine';

import { csvFormat } from '../../methods/lib/csv/format.ts';
import { planImport } from '../../methods/lib/csv/plan.ts';
import type { DeclaredTypes, PlanOptions } from '../../methods/lib/csv/plan.ts';
import { importParts } from '../../methods/lib/csv/rows.ts';

/** How text is read; what is left out is as csvimport has it. */
export interface CsvSettings extends Partial<PlanOptions> {
  readonly separator?: string;
  readonly newline?: string;
  readonly quotes?: string;
  readonly comment?: string;
  readonly quotedNewlines?: boolean;
  readonly linenoLabel?: string;
  readonly allowBad?: boolean;
  readonly isLatin1?: boolean;
  readonly slices?: number;
  readonly types?: DeclaredTypes;
}

/** A line that is no row. */
export type OddLine = readonly [lineno: number, data: string];

/** What has been read. Text is Latin-1, so that every byte is seen. */
export interface CsvContent {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rowsPerSlice: readonly number[];
  readonly bad: readonly OddLine[];
  readonly skipped: readonly OddLine[];
}

/** Reads text as csvimport does. */
export function readCsv(text: string | Buffer, settings: CsvSettings = {}): CsvContent {
  const directory = mkdtempSync(join(tmpdir(), 'acc-csv-'));
  try {
    const path = join(directory, 'in.csv');
    writeFileSync(path, text);
    return readFile(path, Buffer.byteLength(text), settings);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const DEFAULTS = {
  labels: [],
  stripLabels: false,
  rename: {},
  discard: [],
  types: {},
  defaultType: 'bytes',
  allowExtraEmpty: false,
  skipEmptyLines: false,
  skipLines: 0,
  separator: ',',
  newline: '',
  quotes: '"',
  comment: '',
  quotedNewlines: true,
  linenoLabel: '',
  allowBad: false,
  isLatin1: false,
  slices: 1,
} as const;

function readFile(path: string, size: number, given: CsvSettings): CsvContent {
  const options = { labelLines: given.labels === undefined ? 1 : 0, ...DEFAULTS, ...given };
  const file = { name: 'in.csv', path, start: 0, size, isLatin1: options.isLatin1 };
  const format = csvFormat(options);
  const plan = planImport([file], format, { options, slices: options.slices, countsLines: true });
  const rows: unknown[][] = [];
  const bad: OddLine[] = [];
  const skipped: OddLine[] = [];
  const columns = plan.columns.map(({ name }) => name);
  if (options.linenoLabel !== '') columns.push(options.linenoLabel);
  const note = (lines: OddLine[]) => (_file: unknown, line: number, data: Uint8Array) => {
    lines.push([line, Buffer.from(data).toString('latin1')]);
  };
  const rowsPerSlice = plan.parts.map((parts) => {
    const before = rows.length;
    importParts(
      plan,
      parts,
      { ...options, format },
      {
        rows: collector(columns, rows),
        bad: options.allowBad ? note(bad) : undefined,
        skipped: note(skipped),
      },
    );
    return rows.length - before;
  });
  return { columns, rows, rowsPerSlice, bad, skipped };
}

interface Text {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Stands for a writer: what it is given is copied, because it is valid during the call only. */
function collector(columns: readonly string[], rows: unknown[][]): DatasetWriter {
  const writeBatch = (
    batch: Readonly<Record<string, ArrayLike<unknown> | Text>>,
    options: { validity?: Readonly<Record<string, Uint8Array>>; rows?: Int32Array },
  ): void => {
    const read = columns.map((name) => {
      const bitmap = new Map(Object.entries(options.validity ?? {})).get(name);
      return values(batch[name] ?? []).map((value, row) =>
        bitmap !== undefined && (((bitmap[row >> 3] ?? 0) >> (row & 7)) & 1) === 0 ? null : value,
      );
    });
    const chosen = options.rows ?? (read[0] ?? []).keys();
    for (const row of chosen) rows.push(read.map((column) => column[row]));
  };
  return { writeBatch } as unknown as DatasetWriter;
}

function values(column: ArrayLike<unknown> | Text): unknown[] {
  if (!('offsets' in column)) return Array.from(column);
  const { offsets, bytes } = column;
  return Array.from({ length: offsets.length - 1 }, (_, row) =>
    Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString('latin1'),
  );
}

/** A record as the simple parser sees it. */
export interface SimpleRecord {
  readonly fields: readonly string[];
  /** Text after a closing quote, or a quote that is never closed. */
  readonly isBad: boolean;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Splits text into records byte by byte; lines end with LF or CRLF. */
export function parseSimply(
  text: string,
  { separator, quote }: { readonly separator: string; readonly quote: string },
): readonly SimpleRecord[] {
  const records: SimpleRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = at;
    const fields: string[] = [];
    let isBad = false;
    let isOpen = false;
    for (;;) {
      const field = parseField(text, at, { separator, quote });
      fields.push(field.value);
      isBad ||= field.isBad;
      isOpen = field.isOpen;
      at = field.end;
      if (text[at] !== separator) break;
      at++;
    }
    const raw = text.slice(start, at);
    records.push({
      fields,
      isBad,
      line,
      text: raw.endsWith('\r') && !isOpen ? raw.slice(0, -1) : raw,
    });
    at++;
    line += text.slice(start, at).split('\n').length - 1;
  }
  return records;
}

function parseField(
  text: string,
  start: number,
  { separator, quote }: { readonly separator: string; readonly quote: string },
): {
  readonly value: string;
  readonly end: number;
  readonly isBad: boolean;
  readonly isOpen: boolean;
} {
  const isEnd = (at: number): boolean =>
    at >= text.length || text[at] === '\n' || text[at] === separator;
  let at = start;
  let value = '';
  if (text[at] !== quote) {
    while (!isEnd(at)) value += text[at++];
    const isLast = at >= text.length || text[at] === '\n';
    return {
      value: isLast && value.endsWith('\r') ? value.slice(0, -1) : value,
      end: at,
      isBad: false,
      isOpen: false,
    };
  }
  at++;
  for (; at < text.length; at++) {
    if (text[at] === quote && text[at + 1] === quote) at++;
    else if (text[at] === quote) break;
    value += text[at];
  }
  const isOpen = at >= text.length;
  at++;
  if (text[at] === '\r' && (at + 1 >= text.length || text[at + 1] === '\n')) at++;
  const isBad = isOpen || !isEnd(at);
  while (!isEnd(at)) at++;
  return { value, end: Math.min(at, text.length), isBad, isOpen };
}
