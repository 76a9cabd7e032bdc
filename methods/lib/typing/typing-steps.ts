// The datasets that the typing of a chain makes: one for each of the chain, and one for the bad rows of each.
// Columns that stay as they are, in rows that stay where they are, are not written: the new dataset has the source's.

import type { CurrentJob, Dataset, DatasetWriter } from 'acc-engine';

import { mistake } from '../mistake.ts';
import { columnsOf, quote, sourcesSince } from '../tables/table-sources.ts';
import { TimeZone } from '../values/time-zone.ts';
import { ColumnTyper } from './column-typer.ts';
import type { TypedSlice } from './type-batches.ts';
import { planTyping } from './typing-plan.ts';
import type { KeptColumn, TypedColumn, TypingPlan, TypingRequest } from './typing-plan.ts';

/** The options of the method. */
export interface TypingOptions extends TypingRequest {
  readonly timezone?: string | undefined;
  readonly numericComma: boolean;
  readonly length: number;
  readonly caption: string;
}

/** The datasets of the method. */
export interface TypingDatasets {
  readonly source: Dataset;
  readonly previous?: Dataset | undefined;
}

/** One dataset of the chain. */
export interface TypingStep {
  /** Of the dataset it makes. */
  readonly name: string;
  readonly source: Dataset;
  readonly plan: TypingPlan;
  /** `undefined` when there is nothing to write. */
  readonly writer: DatasetWriter | undefined;
  /** Columns that are written; the others are the source's. */
  readonly written: ReadonlySet<string>;
  readonly bad: DatasetWriter | undefined;
}

/** What came of a dataset. */
export interface TypingReport {
  /** Its name in this job. */
  readonly dataset: string;
  readonly rows: number;
  /** Rows in the dataset of bad ones. */
  readonly badRows: number;
  /** Texts that were no values and made rows bad, by column. */
  readonly bad: Readonly<Record<string, number>>;
  /** Texts that were no values and became the default, by column. */
  readonly defaulted: Readonly<Record<string, number>>;
}

type Place = Dataset | DatasetWriter | undefined;

/** Makes the writers, and says what is to be done with each dataset. */
export function planSteps(
  job: CurrentJob,
  options: TypingOptions,
  { source, previous }: TypingDatasets,
): readonly TypingStep[] {
  checkDefaults(options);
  const sources = sourcesSince(source, previous, options.length).datasets;
  let [before, beforeBad]: [Place, Place] = [previous, badOf(previous)];
  return sources.map((dataset, i) => {
    const isNewest = i === sources.length - 1;
    const name = isNewest ? 'default' : String(i);
    const plan = planTyping(
      { spec: String(dataset), columns: columnsOf(dataset), hashlabel: dataset.hashlabel },
      options,
    );
    // Made here once, so that a default which is no value is found before any slice is read.
    stepTypers(plan, options);
    const made = madeDataset(job, { name, dataset, plan, options, previous: before });
    before = made.made;
    const bad = options.filterBad
      ? badWriter(job, { name: isNewest ? 'bad' : `${name}.bad`, plan, previous: beforeBad })
      : undefined;
    beforeBad = bad;
    return { name, source: dataset, plan, writer: made.writer, written: made.written, bad };
  });
}

function checkDefaults({ defaults, column2type }: TypingOptions): void {
  const other = Object.keys(defaults).find((name) => !Object.hasOwn(column2type, name));
  if (other === undefined) return;
  throw mistake(
    `Option "defaults" names column ${quote(other)}, which option "column2type" does not`,
    other,
  );
}

/** Makes what reads the typed columns of a plan. */
export function stepTypers(plan: TypingPlan, options: TypingOptions): readonly ColumnTyper[] {
  const zone = options.timezone === undefined ? undefined : new TimeZone(options.timezone);
  return plan.typed.map(({ name, text }) => {
    const fallback = Object.hasOwn(options.defaults, name) ? options.defaults[name] : undefined;
    return new ColumnTyper({
      column: name,
      type: text,
      hasComma: options.numericComma,
      zone,
      fallback: fallback === undefined || fallback === null ? fallback : String(fallback),
    });
  });
}

/** The columns of the source that a step reads. */
export function columnsRead({ plan, written, bad }: TypingStep): readonly string[] {
  const typed = plan.typed.filter(({ name }) => bad !== undefined || written.has(name));
  const kept = plan.kept.filter(({ name }) => written.has(name));
  return [...new Set([...typed, ...kept].map(({ source }) => source.name))];
}

/** Sums up what came of the slices. */
export function typingReport(
  steps: readonly TypingStep[],
  slices: readonly (readonly TypedSlice[])[],
): readonly TypingReport[] {
  return steps.map(({ name, source }, i) => {
    const parts = slices.flatMap((slice) => slice[i] ?? []);
    const badRows = parts.reduce((sum, part) => sum + part.badRows, 0);
    return {
      dataset: name,
      rows: source.lines.reduce((sum, rows) => sum + rows, 0) - badRows,
      badRows,
      bad: summed(parts.map((part) => part.bad)),
      defaulted: summed(parts.map((part) => part.defaulted)),
    };
  });
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts.flatMap((part) => Object.entries(part))) {
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

function badOf(previous: Dataset | undefined): Dataset | undefined {
  return previous?.job.datasets.find(({ name }) => name === 'bad');
}

interface MadeDataset {
  readonly made: Dataset | DatasetWriter;
  readonly writer: DatasetWriter | undefined;
  readonly written: ReadonlySet<string>;
}

interface DatasetToMake {
  readonly name: string;
  readonly dataset: Dataset;
  readonly plan: TypingPlan;
  readonly options: TypingOptions;
  readonly previous: Place;
}

function madeDataset(job: CurrentJob, request: DatasetToMake): MadeDataset {
  const { name, dataset, plan, options, previous } = request;
  const { caption } = options;
  const { hashlabel } = plan;
  const inherited = options.filterBad || plan.rehashes ? [] : inheritedColumns(plan);
  const all = [...plan.typed, ...plan.kept];
  const isInherited = new Set<KeptColumn>(inherited);
  const own = inSourceOrder(
    dataset,
    all.filter((column) => !isInherited.has(column)),
  );
  if (own.length === 0) {
    const settings = { name, previous: previous ?? null, caption };
    return {
      made: linked(job, dataset, inherited, settings),
      writer: undefined,
      written: new Set(),
    };
  }
  const isRenamed = inherited.some((column) => column.name !== column.source.name);
  const parent = isRenamed
    ? linked(job, dataset, inherited, { name: `${name}.inherited`, previous: null })
    : dataset;
  const columns = isRenamed || inherited.length === 0 ? {} : droppedColumns(dataset, all);
  // Where it is not written, that of the parent is taken over.
  const isWritten = own.some((column) => column.name === hashlabel);
  const placing = hashlabel === null || isWritten ? { hashlabel, hashlabelOverride: true } : {};
  const writer = job.datasetWriter({
    name,
    previous,
    caption,
    columns,
    ...placing,
    ...(inherited.length === 0 ? {} : { parent }),
  });
  for (const column of own) writer.add(column.name, declared(column));
  return { made: writer, writer, written: new Set(own.map((column) => column.name)) };
}

/** Columns that stay as they are; each of the source's once, because a link gives a column one name. */
function inheritedColumns({ typed, kept }: TypingPlan): readonly (KeptColumn | TypedColumn)[] {
  const taken = new Set<string>();
  return [...kept, ...typed.filter(({ isSame }) => isSame)].filter(({ source }) => {
    const isFirst = !taken.has(source.name);
    taken.add(source.name);
    return isFirst;
  });
}

/** In the order of the source's columns, as far as that goes. */
function inSourceOrder<Column extends KeptColumn>(
  dataset: Dataset,
  columns: readonly Column[],
): readonly Column[] {
  const names = dataset.columnNames;
  return columns.toSorted((a, b) => names.indexOf(a.source.name) - names.indexOf(b.source.name));
}

function declared(column: KeptColumn | TypedColumn): Pick<TypedColumn, 'type' | 'nullable'> {
  const { type, nullable } = 'type' in column ? column : column.source;
  return { type, nullable };
}

function droppedColumns(dataset: Dataset, columns: readonly KeptColumn[]): Record<string, null> {
  const names = new Set(columns.map(({ name }) => name));
  return Object.fromEntries(
    dataset.columnNames.filter((name) => !names.has(name)).map((name) => [name, null]),
  );
}

function linked(
  job: CurrentJob,
  dataset: Dataset,
  columns: readonly KeptColumn[],
  settings: {
    readonly name: string;
    readonly previous: Dataset | DatasetWriter | null;
    readonly caption?: string;
  },
): Dataset {
  const renamed = columns.filter(({ name, source }) => name !== source.name);
  return job.linkDataset(dataset, {
    ...settings,
    rename: Object.fromEntries(renamed.map(({ name, source }) => [source.name, name])),
    columns: columns.map(({ name }) => name),
  });
}

/** The rows that were left out, with the columns that are typed, as they came. */
function badWriter(
  job: CurrentJob,
  { name, plan, previous }: { name: string; plan: TypingPlan; previous: Place },
): DatasetWriter {
  const writer = job.datasetWriter({ name, columns: {}, previous });
  for (const column of plan.typed) {
    const { type, nullable } = column.source;
    writer.add(column.name, { type, nullable });
  }
  return writer;
}
