// The import of CSV files as methods do it: one call for each stage.

import { randomUUID } from 'node:crypto';

import type { CurrentJob, Dataset, DatasetWriter } from 'acc-engine';

import { mistake } from '../mistake.ts';
import type { NamedFile } from './fault.ts';
import { csvFormat } from './format.ts';
import type { CsvFormat } from './format.ts';
import type { ImportOptions } from './import-options.ts';
import { otherSeparator } from './other-separator.ts';
import { planImport } from './plan.ts';
import type { ImportPlan } from './plan.ts';
import { importParts } from './rows.ts';
import type { ImportCounts, LineTarget } from './rows.ts';
import { openText } from './source.ts';

/** What an import is made into. */
export interface ImportNames {
  /** Name of the dataset; `default` if not given. */
  readonly name?: string;
  readonly previous: Dataset | DatasetWriter | null | undefined;
  readonly previousBad?: Dataset | null | undefined;
  readonly previousSkipped?: Dataset | null | undefined;
}

/** An import between its stages. */
export interface PreparedImport {
  readonly plan: ImportPlan;
  readonly rows: DatasetWriter;
  readonly bad: DatasetWriter | undefined;
  readonly skipped: DatasetWriter | undefined;
}

/** Opens files, decides over columns and parts and makes the writers; in prepare. */
export async function prepareImport(
  job: CurrentJob,
  files: readonly NamedFile[],
  settings: {
    readonly options: ImportOptions;
    readonly slices: number;
    readonly names: ImportNames;
  },
): Promise<PreparedImport> {
  const { options, slices, names } = settings;
  const texts = [];
  for (const file of files) {
    texts.push(await openText(file, options.encoding, () => makeTemporary(job)));
  }
  const plan = planImport(texts, csvFormat(options), {
    options: { ...options, labelLines: labelLinesOf(options) },
    slices,
    countsLines: options.linenoLabel !== '' || options.allowBad || skipsLines(options),
  });
  const hint = otherSeparator(plan.labels, options);
  // A file may well have one column, and so this is no mistake.
  if (hint !== undefined)
    process.stderr.write(`warning: ${files[0]?.name ?? 'the file'} ${hint}\n`);
  return { plan, ...makeWriters(job, plan, { options, names, files }) };
}

/** Imports the parts of a slice; in analysis. */
export function importSlice(
  { plan, rows, bad, skipped }: PreparedImport,
  sliceno: number,
  options: ImportOptions,
): ImportCounts {
  const format: CsvFormat = csvFormat(options);
  const isList = plan.files.length > 1;
  return importParts(
    plan,
    plan.parts[sliceno] ?? [],
    { ...options, format },
    {
      rows,
      bad: lineTarget(bad, isList),
      skipped: lineTarget(skipped, isList),
    },
  );
}

function makeWriters(
  job: CurrentJob,
  plan: ImportPlan,
  {
    options,
    names,
    files,
  }: {
    readonly options: ImportOptions;
    readonly names: ImportNames;
    readonly files: readonly NamedFile[];
  },
): Omit<PreparedImport, 'plan'> {
  const { linenoLabel } = options;
  checkPrevious(options, names);
  const rows = job.datasetWriter({
    columns: {},
    previous: names.previous,
    filename: files.map(({ name }) => name).join(', '),
    ...(names.name === undefined ? {} : { name: names.name }),
    ...(options.compression === undefined ? {} : { compression: options.compression }),
  });
  // One by one, because a record does not keep the order of names that are numbers.
  for (const { name, type, nullable } of plan.columns) rows.add(name, { type, nullable });
  if (linenoLabel !== '') {
    if (plan.columns.some(({ name }) => name === linenoLabel)) {
      throw mistake(`Option "linenoLabel" names a column that the file has: "${linenoLabel}"`);
    }
    rows.add(linenoLabel, 'int64');
  }
  const lines = { lineno: 'int64', data: 'bytes' } as const;
  const columns = files.length > 1 ? ({ file: 'string', ...lines } as const) : lines;
  const named = (name: string): string =>
    names.name === undefined ? name : `${names.name}.${name}`;
  const linesWriter = (name: string, previous: Dataset | null | undefined): DatasetWriter =>
    job.datasetWriter({ name: named(name), columns, previous });
  return {
    rows,
    bad: options.allowBad ? linesWriter('bad', names.previousBad) : undefined,
    skipped: skipsLines(options) ? linesWriter('skipped', names.previousSkipped) : undefined,
  };
}

function lineTarget(writer: DatasetWriter | undefined, isList: boolean): LineTarget | undefined {
  if (writer === undefined) return undefined;
  return ({ name }, line, data) => {
    if (isList) writer.write(name, line, Buffer.from(data));
    else writer.write(line, Buffer.from(data));
  };
}

/** Throws for a dataset that nothing would be chained to. */
function checkPrevious(
  options: ImportOptions,
  { previousBad, previousSkipped }: ImportNames,
): void {
  if (previousBad !== undefined && previousBad !== null && !options.allowBad) {
    throw mistake(
      'Dataset "previousBad" was given, but there is none of bad lines to follow it: see option "allowBad"',
    );
  }
  if (previousSkipped !== undefined && previousSkipped !== null && !skipsLines(options)) {
    throw mistake(
      'Dataset "previousSkipped" was given, but there is none of skipped lines to follow it: ' +
        'see options "comment", "skipLines" and "skipEmptyLines"',
    );
  }
}

function skipsLines({ comment, skipLines, skipEmptyLines }: ImportOptions): boolean {
  return comment !== '' || skipLines > 0 || skipEmptyLines;
}

function labelLinesOf({ labelLines, labels }: ImportOptions): number {
  return labelLines ?? (labels.length > 0 ? 0 : 1);
}

/** Makes a temporary file in the directory of a job. */
export function makeTemporary(job: CurrentJob): ReturnType<Parameters<typeof openText>[2]> {
  const name = `.unpacked-${randomUUID()}`;
  return { stream: job.open(name, 'w', { temp: true }), path: job.filename(name) };
}
