// Decides how files are imported before any row is read: the columns, and which bytes each slice takes.
// Slices take consecutive parts of the files, so that reading them in order gives the order of the files.

import { closeSync, openSync } from 'node:fs';

import type { ColumnType } from 'acc-engine';

import { mistake, noColumn, shown } from '../mistake.ts';
import type { ImportedColumn } from './columns.ts';
import type { CsvFormat } from './format.ts';
import { readHead } from './labels.ts';
import type { FileHead, LabelOptions, OddLine } from './labels.ts';
import { recordEnds } from './scan.ts';
import type { RecordEnd } from './scan.ts';
import type { TextFile } from './source.ts';

/** Types of columns by name. */
export type DeclaredTypes = Readonly<
  Record<
    string,
    ColumnType | { readonly type: ColumnType; readonly nullable?: boolean | undefined }
  >
>;

/** What decides over the columns. */
export interface PlanOptions extends LabelOptions {
  readonly labels: readonly string[];
  readonly allowExtraEmpty: boolean;
  readonly stripLabels: boolean;
  readonly rename: Readonly<Record<string, string>>;
  readonly discard: readonly string[];
  readonly types: DeclaredTypes;
  /** Type of the columns that `types` does not name. */
  readonly defaultType: 'string' | 'bytes';
}

/** Bytes `[start, end)` of a file: whole records. */
export interface ImportPart {
  /** Index in `files`. */
  readonly file: number;
  readonly start: number;
  readonly end: number;
  /** Line ends before `start`; 0 unless lines are counted. */
  readonly lines: number;
  /** Lines before the part that are no rows and no labels. */
  readonly skipped: readonly OddLine[];
}

/** What the import of files needs to know. */
export interface ImportPlan {
  readonly files: readonly TextFile[];
  /** As in the first file, or as option `labels` says. */
  readonly labels: readonly string[];
  /** Fields of each record. */
  readonly width: number;
  readonly columns: readonly ImportedColumn[];
  /** By slice. */
  readonly parts: readonly (readonly ImportPart[])[];
}

/** Reads the heads of files and finds the parts. Throws an error that names file and line where a file is at fault. */
export function planImport(
  files: readonly TextFile[],
  format: CsvFormat,
  settings: {
    readonly options: PlanOptions;
    readonly slices: number;
    /** Whether rows and lines are to have numbers. */
    readonly countsLines: boolean;
  },
): ImportPlan {
  const { options } = settings;
  const heads = files.map((file) => readHead(file, format, options));
  const labels = files.map((file, i) => labelsOf(file, heads[i], options));
  const [first = []] = labels;
  for (const [i, file] of files.entries()) checkSameLabels(file, labels[i] ?? [], first);
  return {
    files,
    labels: first,
    width: first.length,
    columns: importedColumns(first, options, files[0]?.name ?? ''),
    parts: dealtParts(files, heads, { ...settings, format }),
  };
}

function labelsOf(
  file: TextFile,
  head: FileHead | undefined,
  { labels, labelLines, allowExtraEmpty }: PlanOptions,
): readonly string[] {
  if (labels.length > 0) return labels;
  const found = head?.labels;
  if (found === undefined) {
    const wanted = labelLines === 0 ? 'option "labels" or "labelLines"' : 'a line of labels';
    throw mistake(
      `${file.name} ${file.size === file.start ? 'is empty' : 'has no labels'}: expected ${wanted}`,
    );
  }
  if (!allowExtraEmpty) return found;
  const last = found.findLastIndex((label) => label !== '');
  return found.slice(0, last + 1);
}

function checkSameLabels(
  file: TextFile,
  labels: readonly string[],
  expected: readonly string[],
): void {
  const at = Array.from({ length: Math.max(labels.length, expected.length) }).findIndex(
    (_, i) => labels[i] !== expected[i],
  );
  if (at === -1) return;
  throw mistake(
    `${file.name}: expected the labels of the first file, where column ${at + 1} is ${told(expected[at])}, got ${told(labels[at])}`,
  );
}

function importedColumns(
  labels: readonly string[],
  options: PlanOptions,
  file: string,
): readonly ImportedColumn[] {
  const { stripLabels, rename, discard, types, defaultType } = options;
  const found = labels.map((label) => (stripLabels ? label.trim() : label));
  checkNames('rename', Object.keys(rename), { names: found, file });
  const columns = found.flatMap((stripped, field) => {
    const name = (Object.hasOwn(rename, stripped) ? rename[stripped] : undefined) ?? stripped;
    return discard.includes(name) ? [] : [{ name, field }];
  });
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw mistake(`${file}: two columns are named ${shown(twice)}`);
  if (names.length === 0) throw mistake(`${file}: expected at least one column, got none`);
  checkNames('types', Object.keys(types), { names, file });
  return columns.map(({ name, field }) => {
    const declared = (Object.hasOwn(types, name) ? types[name] : undefined) ?? defaultType;
    const { type, nullable = false } = typeof declared === 'string' ? { type: declared } : declared;
    return { name, field, type, nullable };
  });
}

/** Throws for names in an option that are not among `names`. */
function checkNames(
  option: string,
  asked: readonly string[],
  { names, file }: { readonly names: readonly string[]; readonly file: string },
): void {
  const known = new Set(names);
  const unknown = asked.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw noColumn({ option, unknown, subject: file, names });
}

/** Cuts the rows of all files into as many parts of about the same size as there are slices. */
function dealtParts(
  files: readonly TextFile[],
  heads: readonly FileHead[],
  settings: {
    readonly slices: number;
    readonly countsLines: boolean;
    readonly format: CsvFormat;
  },
): ImportPlan['parts'] {
  const { slices } = settings;
  const sizes = files.map(({ size }, i) => size - (heads[i]?.rowsAt ?? size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const parts: ImportPart[][] = Array.from({ length: slices }, () => []);
  let before = 0;
  for (const [file, text] of files.entries()) {
    const head = heads[file];
    const size = sizes[file] ?? 0;
    if (head === undefined) continue;
    const firstSlice = sliceOf(before, total, slices);
    const cuts = cutsWithin(before, before + size, { total, slices });
    const ends = withFile(text.path, (fd) =>
      recordEnds({ fd, start: head.rowsAt, size: text.size, lines: head.lines }, settings.format, {
        targets: cuts.map((cut) => head.rowsAt + cut - before),
        countsLines: settings.countsLines,
      }),
    );
    let start: RecordEnd = { position: head.rowsAt, lines: head.lines };
    for (const [i, end] of [...ends, { position: text.size, lines: 0 }].entries()) {
      const part = { file, start: start.position, end: end.position, lines: start.lines };
      parts[firstSlice + i]?.push({ ...part, skipped: i === 0 ? head.skipped : [] });
      start = end;
    }
    before += size;
  }
  return parts;
}

/** The slice that holds the byte at an offset of all rows together. */
function sliceOf(offset: number, total: number, slices: number): number {
  let slice = 0;
  while (slice < slices - 1 && cutBefore(slice + 1, total, slices) <= offset) slice++;
  return slice;
}

function cutsWithin(
  from: number,
  to: number,
  { total, slices }: { readonly total: number; readonly slices: number },
): readonly number[] {
  return Array.from({ length: slices - 1 }, (_, i) => cutBefore(i + 1, total, slices)).filter(
    (cut) => cut > from && cut < to,
  );
}

function cutBefore(slice: number, total: number, slices: number): number {
  return Math.floor((total * slice) / slices);
}

function withFile<T>(path: string, read: (fd: number) => T): T {
  const fd = openSync(path, 'r');
  try {
    return read(fd);
  } finally {
    closeSync(fd);
  }
}

function told(label: string | undefined): string {
  return label === undefined ? 'nothing' : shown(label);
}
