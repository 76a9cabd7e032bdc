// Decides which files of an archive are imported, what their datasets are called and how these are chained.

import { posix } from 'node:path';

import { nearest } from 'acc-engine';

import { mistake } from '../mistake.ts';

/** How datasets are chained. */
export type ZipChaining =
  | 'off'
  | 'on'
  | 'byFilename'
  | 'byDatasetName'
  | 'byInsideFilenames'
  | 'byZipOrder';

/** A file by its name in the archive, or with the name that its dataset is to have. */
export type InsideFile = string | { readonly file: string; readonly dataset: string };

/** What decides over files and names. */
export interface ZipOptions {
  /** A list, whose order may be that of the chain, or names of datasets by file, whose order does not count. */
  readonly insideFilenames: readonly InsideFile[] | Readonly<Record<string, string>>;
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

/** A file whose dataset is named after it where no name is given. */
interface ChosenFile {
  readonly file: string;
  readonly dataset: string | undefined;
}

/** Lists the files to import, in the order in which their datasets are chained. The last one is the default dataset, too. */
export function planZip(files: readonly string[], options: ZipOptions): readonly PlannedFile[] {
  const listed = insideFiles(options.insideFilenames);
  checkOptions(listed, options);
  const chosen = listed.length > 0 ? listed : matchingFiles(files, options);
  if (chosen.length === 0)
    throw mistake(`No file of the archive is to be imported (${files.length} are in it)`);
  checkFiles(chosen, files);
  const { chaining } = options;
  // Datasets are named in the order of the chain, so that the last one may be the one that is called default.
  if (chaining !== 'byDatasetName') return named(inOrder(chosen, files, options), options);
  const planned = named(inOrder(chosen, files, { ...options, chaining: 'byFilename' }), options);
  return planned.toSorted((a, b) => compare(a.dataset, b.dataset));
}

function insideFiles(option: ZipOptions['insideFilenames']): readonly ChosenFile[] {
  if (!isList(option)) return Object.entries(option).map(([file, dataset]) => ({ file, dataset }));
  return option.map((one) => (typeof one === 'string' ? { file: one, dataset: undefined } : one));
}

function isList(option: ZipOptions['insideFilenames']): option is readonly InsideFile[] {
  return Array.isArray(option);
}

/** Throws for options that would have no say. */
function checkOptions(listed: readonly ChosenFile[], options: ZipOptions): void {
  const { includeRegex, excludeRegex, chaining, stripDirectories, insideFilenames } = options;
  if (listed.length > 0 && (includeRegex !== '' || excludeRegex !== '')) {
    throw mistake(
      'Expected either option "insideFilenames" or "includeRegex" and "excludeRegex", got both',
    );
  }
  if (chaining === 'byInsideFilenames' && (listed.length === 0 || !isList(insideFilenames))) {
    throw mistake(
      'Chaining "byInsideFilenames" needs a list as option "insideFilenames": the names of an object have no order',
    );
  }
  if (stripDirectories && listed.length > 0 && listed.every((one) => one.dataset !== undefined)) {
    throw mistake(
      'Option "stripDirectories" has nothing to name: option "insideFilenames" names every dataset',
    );
  }
}

function checkFiles(chosen: readonly ChosenFile[], files: readonly string[]): void {
  const missing = chosen.filter(({ file }) => !files.includes(file));
  if (missing.length > 0) {
    throw mistake(missing.map(({ file }) => notInside(file, files)).join('\n'));
  }
  const listed = repeated(chosen.map(({ file }) => file));
  if (listed !== undefined && files.indexOf(listed) === files.lastIndexOf(listed)) {
    throw mistake(`Option "insideFilenames" names ${JSON.stringify(listed)} twice`);
  }
  const twice = chosen.find(({ file }) => files.indexOf(file) !== files.lastIndexOf(file));
  if (twice !== undefined) {
    throw mistake(`The archive has two files that are called ${JSON.stringify(twice.file)}`);
  }
  const dataset = repeated(chosen.flatMap((one) => one.dataset ?? []));
  if (dataset !== undefined) {
    throw mistake(`Option "insideFilenames" has two files for dataset ${JSON.stringify(dataset)}`);
  }
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) < i);
}

function notInside(file: string, files: readonly string[]): string {
  const near = nearest(file, files);
  const hint = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
  return `Option "insideFilenames" names ${JSON.stringify(file)}, which is not in the archive${hint}`;
}

function matchingFiles(files: readonly string[], options: ZipOptions): readonly ChosenFile[] {
  const include = expression('includeRegex', options.includeRegex);
  const exclude = expression('excludeRegex', options.excludeRegex);
  return files
    .filter((file) => include?.test(file) !== false && exclude?.test(file) !== true)
    .map((file) => ({ file, dataset: undefined }));
}

function expression(option: string, source: string): RegExp | undefined {
  if (source === '') return undefined;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw mistake(`Option "${option}" is no regular expression: ${String(error)}`);
  }
}

function named(
  chosen: readonly ChosenFile[],
  { chaining, stripDirectories }: ZipOptions,
): readonly PlannedFile[] {
  const taken = new Set(chosen.flatMap(({ dataset }) => withLines(dataset)));
  return chosen.map(({ file, dataset: given }, i) => {
    if (given !== undefined) return { file, dataset: given };
    const isLast = i === chosen.length - 1 && (i === 0 || chaining !== 'byDatasetName');
    const isFree = (name: string): boolean =>
      (name !== 'default' || isLast) && withLines(name).every((one) => !taken.has(one));
    let dataset = (stripDirectories ? posix.basename(file) : file).replaceAll(/[^\w.-]/gu, '_');
    while (!isFree(dataset)) dataset += '_';
    for (const name of withLines(dataset)) taken.add(name);
    return { file, dataset };
  });
}

/** A dataset's name with those of its bad and skipped lines. */
function withLines(dataset: string | undefined): readonly string[] {
  return dataset === undefined ? [] : [dataset, `${dataset}.bad`, `${dataset}.skipped`];
}

function inOrder(
  chosen: readonly ChosenFile[],
  files: readonly string[],
  { chaining, insideFilenames }: ZipOptions,
): readonly ChosenFile[] {
  if (chaining === 'byFilename') return chosen.toSorted((a, b) => compare(a.file, b.file));
  const isListed = isList(insideFilenames) && insideFilenames.length > 0;
  return isListed && chaining !== 'byZipOrder' ? chosen : byZipOrder(chosen, files);
}

function byZipOrder(
  chosen: readonly ChosenFile[],
  files: readonly string[],
): readonly ChosenFile[] {
  return chosen.toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
