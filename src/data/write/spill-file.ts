// Rows that were too many for memory, or that another thread will gather: an Arrow file whose record batches each
// belong to one slice. Temporary: its name is one that sealing removes.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { ArrowFileWriter } from '../format/arrow-file-writer.ts';
import { ColumnMemory, SliceReader } from '../format/slice-reader.ts';
import { spillFileName } from '../manifest/dataset-files.ts';
import type { DatasetDeclaration, SlicePart, SpillPart } from '../manifest/dataset-part.ts';
import { rowsOfChunk } from './chunk-rows.ts';
import { columnBuffer } from './column-buffer.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import type { ColumnRows } from './column-rows.ts';
import type { RowsBySlice } from './place-rows.ts';
import { SliceWriter } from './slice-writer.ts';

/** Writes rows of all slices into one file. */
export class SpillWriter {
  readonly #path: string;
  readonly #file: ArrowFileWriter;
  readonly #columns: readonly ColumnBuffer[];
  readonly #origin: number;
  readonly #batches: number[] = [];
  readonly #targets: number[] = [];
  /** Per column and batch. */
  readonly #checksums: readonly number[][];

  /** `origin` tells the spill files of one dataset apart: the slice that writes it. */
  constructor(declaration: DatasetDeclaration, jobPath: string, origin: number) {
    const place = { dataset: declaration.name, sliceno: origin, rowsBefore: 0 };
    this.#path = join(jobPath, spillFileName(declaration.stem, origin));
    this.#file = new ArrowFileWriter(this.#path, declaration.columns, {
      compression: 'none',
      isTemporary: true,
    });
    this.#file.begin(declaration.columns.map(() => false));
    this.#columns = declaration.columns.map((column) => columnBuffer(column, place));
    this.#checksums = this.#columns.map(() => []);
    this.#origin = origin;
  }

  /** Writes a batch for each slice that gets any of the rows. */
  write(rows: readonly ColumnRows[], { order, starts }: RowsBySlice): void {
    for (let slice = 0; slice + 1 < starts.length; slice++) {
      const start = starts[slice] ?? 0;
      const end = starts[slice + 1] ?? 0;
      if (start < end) this.#writeBatch(rows, { order, start, end }, slice);
    }
  }

  /** Ends the file. */
  end(): SpillPart {
    return {
      sliceno: this.#origin,
      ...this.#file.end(),
      batches: this.#batches,
      columns: this.#checksums,
      targets: this.#targets,
    };
  }

  /** Gives up the file. */
  abort(): void {
    this.#file.abandon();
    rmSync(this.#path, { force: true });
  }

  #writeBatch(
    rows: readonly ColumnRows[],
    choice: { order: Int32Array; start: number; end: number },
    target: number,
  ): void {
    const batches = this.#columns.map((column, i) => {
      const source = rows[i];
      if (source !== undefined) column.appendRows(source, choice);
      return column.batch();
    });
    const checksums = this.#file.writeBatch(choice.end - choice.start, batches);
    checksums.forEach((checksum, i) => this.#checksums[i]?.push(checksum));
    this.#batches.push(choice.end - choice.start);
    this.#targets.push(target);
    for (const column of this.#columns) column.clear();
  }
}

/** Writes the rows that spill files hold for one slice, in the order of the files, as that slice. */
export function gatherSlice(
  declaration: DatasetDeclaration,
  jobPath: string,
  { sliceno, spills }: { readonly sliceno: number; readonly spills: readonly SpillPart[] },
): SlicePart {
  const writer = new SliceWriter(declaration, jobPath);
  const names = declaration.columns.map(({ name }) => name);
  const memories = names.map(() => new ColumnMemory());
  return writer.writeSlice(sliceno, () => {
    for (const { sliceno: origin, targets, columns, ...file } of spills) {
      const path = join(jobPath, spillFileName(declaration.stem, origin));
      const wanted = names.map((name, i) => ({
        name,
        checksums: columns[i] ?? [],
        dictionary: null,
      }));
      const reader = new SliceReader({ path, ...file }, wanted);
      for (const [index, target] of targets.entries()) {
        if (target !== sliceno) continue;
        const chunks = reader.readBatch(index, memories);
        const rows = chunks.map((chunk, i) => rowsOfChunk(declaration.columns[i]?.type, chunk));
        writer.appendRows(rows, { order: null, start: 0, end: file.batches[index] ?? 0 });
      }
    }
  });
}

/** Removes a spill file. */
export function removeSpill(jobPath: string, stem: string, origin: number): void {
  rmSync(join(jobPath, spillFileName(stem, origin)), { force: true });
}
