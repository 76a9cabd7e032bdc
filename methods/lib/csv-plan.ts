// Decides how a CSV file is imported before any row is read: its columns, and which bytes each slice takes.
// Slices take consecutive parts of the file, so that reading them in order gives the file's order.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { nearest } from 'acc-engine';

import type { ImportedColumn, ImportedType } from './csv-cells.ts';
import { CsvFault, shown, withLineNumbers } from './csv-fault.ts';
import type { NamedFile } from './csv-fault.ts';
import { LF } from './csv-format.ts';
import type { CsvFormat } from './csv-format.ts';
import { recordEnds } from './csv-scan.ts';
import { FieldBlock } from './csv-tokenizer.ts';

/** Types of columns by name; a column that is not named is a string. */
export type DeclaredTypes = Readonly<
  Record<
    string,
    ImportedType | { readonly type: ImportedType; readonly nullable?: boolean | undefined }
  >
>;

/** What the import of a file needs to know. */
export interface ImportPlan {
  readonly columns: readonly ImportedColumn[];
  /** Bytes `[start, end)` of the file by slice; whole records, without the header line. */
  readonly parts: readonly { readonly start: number; readonly end: number }[];
}

/** Reads the header line and finds the parts. Throws an error that names file and line where the file is at fault. */
export function planImport(
  file: NamedFile,
  settings: { readonly format: CsvFormat; readonly types: DeclaredTypes; readonly slices: number },
): ImportPlan {
  const { format, types, slices } = settings;
  const fd = openSync(file.path, 'r');
  try {
    const { size } = fstatSync(fd);
    const start = startOfText(fd, file);
    if (start === size) throw new Error(`${file.name} is empty: expected a header line`);
    return withLineNumbers(file, () => {
      const targets = Array.from(
        { length: slices },
        (_, i) => start + Math.floor(((size - start) * i) / slices),
      );
      const [headerEnd = size, ...ends] = recordEnds({ fd, start, size }, format, targets);
      const names = columnNames(readHeader(fd, start, headerEnd), format);
      const bounds = [headerEnd, ...ends, size];
      return {
        columns: typedColumns(names, types, file),
        parts: Array.from({ length: slices }, (_, i) => ({
          start: bounds[i] ?? size,
          end: bounds[i + 1] ?? size,
        })),
      };
    });
  } finally {
    closeSync(fd);
  }
}

/** Where the text begins: after a byte order mark of UTF-8. */
function startOfText(fd: number, file: NamedFile): number {
  const mark = Buffer.alloc(3);
  readSync(fd, mark, 0, mark.length, 0);
  if (mark.toString('latin1') === '\u00EF\u00BB\u00BF') return mark.length;
  if (mark.readUInt16BE() === 0xfe_ff || mark.readUInt16BE() === 0xff_fe) {
    throw new Error(`${file.name} is in UTF-16: expected UTF-8`);
  }
  return 0;
}

function readHeader(fd: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start + 1, LF);
  readSync(fd, bytes, 0, end - start, start);
  return bytes;
}

/** The fields of the header line, of which none may be empty or there twice. */
function columnNames(header: Buffer, format: CsvFormat): readonly string[] {
  const mostFields = header.filter((byte) => byte === format.separator).length + 1;
  const block = new FieldBlock(mostFields, format);
  const count = block.splitOne(header);
  const names = Array.from({ length: count }, (_, i) => block.text(i));
  for (const [i, name] of names.entries()) {
    if (name === '') throw new CsvFault(0, `the name of column ${i + 1} is empty`);
    if (names.indexOf(name) < i) throw new CsvFault(0, `two columns are named ${shown(name)}`);
    if (name.includes('\uFFFD'))
      throw new CsvFault(0, `the name of column ${i + 1} is not UTF-8: ${shown(name)}`);
    if (name.includes('\r'))
      throw new CsvFault(
        0,
        `column name ${shown(name)} holds a carriage return; expected lines to end with LF or CRLF`,
      );
  }
  return names;
}

function typedColumns(
  names: readonly string[],
  types: DeclaredTypes,
  file: NamedFile,
): readonly ImportedColumn[] {
  const unknown = Object.keys(types).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(unknown.map((name) => unknownColumn(name, names, file)).join('\n'));
  }
  return names.map((name) => {
    const declared = (Object.hasOwn(types, name) ? types[name] : undefined) ?? 'string';
    const { type, nullable = false } = typeof declared === 'string' ? { type: declared } : declared;
    return { name, type, nullable };
  });
}

function unknownColumn(name: string, names: readonly string[], file: NamedFile): string {
  const near = nearest(name, names);
  const hint = near === undefined ? names.map(shown).join(', ') : `did you mean ${shown(near)}?`;
  return `Option "types" names column ${shown(name)}, which ${file.name} does not have (${hint})`;
}
