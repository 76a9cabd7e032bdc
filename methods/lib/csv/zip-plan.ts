// Decides which files of an archive are imported, what their datasets are called and how these are chained.

import { posix } from 'node:path';

import { nearest } from 'acc-engine';

/** How datasets are chained. */
export type ZipChaining =
  | 'off'
  | 'on'
  | 'byFilename'
  | 'byDatasetName'
  | 'byInsideFilenames'
  | 'byZipOrder';

/** What decides over files and names. */
export interface ZipOptions {
  readonly insideFilenames: Readonly<Record<string, string>>;
  readonly chaining: ZipChaining;
  readonly includeRegex: string;
  readonly excludeRegex: string;
  readonly stripDirectories: boolean;
}

/** A file of an archive, and the dataset it becomes. */
export interface PlannedFile {
  readonly file: string;
  readonly dataset: string;
}

/** Lists the files to import, in the order in which their datasets are chained. The last one is the default dataset, too. */
export function planZip(files: readonly string[], options: ZipOptions): readonly PlannedFile[] {
  const { insideFilenames, includeRegex, excludeRegex } = options;
  const isMapped = Object.keys(insideFilenames).length > 0;
  if (isMapped && (includeRegex !== '' || excludeRegex !== '')) {
    throw new Error(
      'Expected either option "insideFilenames" or "includeRegex" and "excludeRegex", got both',
    );
  }
  const chosen = isMapped ? mappedFiles(files, insideFilenames) : matchingFiles(files, options);
  if (chosen.length === 0)
    throw new Error(`No file of the archive is to be imported (${files.length} are in it)`);
  return inOrder(chosen, files, options);
}

function mappedFiles(
  files: readonly string[],
  map: Readonly<Record<string, string>>,
): readonly PlannedFile[] {
  const planned = Object.entries(map).map(([file, dataset]) => ({ file, dataset }));
  const missing = planned.filter(({ file }) => !files.includes(file));
  if (missing.length > 0) {
    throw new Error(missing.map(({ file }) => notInside(file, files)).join('\n'));
  }
  const names = planned.map(({ dataset }) => dataset);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return planned;
  throw new Error(`Option "insideFilenames" has two files for dataset ${JSON.stringify(twice)}`);
}

function notInside(file: string, files: readonly string[]): string {
  const near = nearest(file, files);
  const hint = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
  return `Option "insideFilenames" names ${JSON.stringify(file)}, which is not in the archive${hint}`;
}

function matchingFiles(files: readonly string[], options: ZipOptions): readonly PlannedFile[] {
  const { includeRegex, excludeRegex, stripDirectories } = options;
  const include = new RegExp(includeRegex, 'u');
  const exclude = excludeRegex === '' ? undefined : new RegExp(excludeRegex, 'u');
  const chosen = files.filter((file) => include.test(file) && exclude?.test(file) !== true);
  // Names are given in the order of the chain, so that the last file may be the one that is called default.
  const ordered = inOrder(
    chosen.map((file) => ({ file, dataset: '' })),
    files,
    {
      ...options,
      chaining: options.chaining === 'byDatasetName' ? 'byFilename' : options.chaining,
    },
  );
  const taken = new Set<string>();
  return ordered.map(({ file }, i) => {
    const plain = stripDirectories ? posix.basename(file) : file;
    let dataset = plain.replaceAll(/[^\w.-]/gu, '_');
    while (taken.has(dataset) || (dataset === 'default' && i < ordered.length - 1)) dataset += '_';
    taken.add(dataset);
    return { file, dataset };
  });
}

function inOrder(
  planned: readonly PlannedFile[],
  files: readonly string[],
  { chaining, insideFilenames }: ZipOptions,
): readonly PlannedFile[] {
  switch (chaining) {
    case 'byFilename':
      return planned.toSorted((a, b) => compare(a.file, b.file));
    case 'byDatasetName':
      return planned.toSorted((a, b) => compare(a.dataset, b.dataset));
    case 'byInsideFilenames':
      if (Object.keys(insideFilenames).length > 0) return planned;
      throw new Error('Chaining "byInsideFilenames" needs option "insideFilenames"');
    case 'byZipOrder':
      return byZipOrder(planned, files);
    case 'on':
    case 'off':
      return Object.keys(insideFilenames).length > 0 ? planned : byZipOrder(planned, files);
  }
}

function byZipOrder(
  planned: readonly PlannedFile[],
  files: readonly string[],
): readonly PlannedFile[] {
  return planned.toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
