// Checks a dataset's files without reading rows: for an engine that reads them by itself and knows no checksums.
// Headers and footers are checked in every file that holds a column that may be read: opening a dataset opens them all.

import { join } from 'node:path';

import { SliceReader } from '../../data/format/slice-reader.ts';
import { sliceFileName } from '../../data/manifest/dataset-files.ts';
import type { ReadableDataset } from './dataset-reading.ts';
import { visibleColumn, visibleColumns } from './dataset-reading.ts';

/** Checks columns in all slices that have rows. Throws `SystemError` for what was changed. */
export function verifyColumns(dataset: ReadableDataset, names: readonly string[]): void {
  const chosen = names.map((name) => visibleColumn(dataset, name));
  const numbers = new Set(visibleColumns(dataset).map(({ file }) => file));
  for (const number of numbers) {
    const columns = chosen.filter(({ file }) => file === number);
    const file = dataset.manifest.files[number];
    if (file === undefined) throw new Error(`Internal error: no file ${number} of ${dataset.spec}`);
    for (const [sliceno, slice] of file.slices.entries()) {
      if ((dataset.lines[sliceno] ?? 0) === 0) continue;
      const path = join(dataset.host.jobPath(file.job), sliceFileName(file.stem, sliceno));
      const inFile = columns.map(({ fileColumn, slices }) => ({
        name: fileColumn,
        checksums: slices[sliceno]?.checksums ?? [],
        dictionary: slices[sliceno]?.dictionary ?? null,
      }));
      new SliceReader({ path, ...slice }, inFile).verify();
    }
  }
}
