// `acc hist`: how the values of a column are distributed, as bars in the terminal, as lines or as a picture.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Dataset } from '../../method/dataset/dataset.ts';
import { UsageError } from '../../model/errors.ts';
import { isSet, numberOf, textOf } from '../args.ts';
import type { Invocation } from '../command.ts';
import { DatasetFinder } from '../looking/dataset-finder.ts';
import { checkChoice } from '../looking/grep-options.ts';
import {
  alignedLines,
  barLines,
  cellLines,
  HISTOGRAM_FORMATS,
  histogramJson,
  histogramNotes,
} from '../looking/histogram-text.ts';
import { HistogramSum, planHistogram } from '../looking/histogram.ts';
import type { Histogram, HistogramPlan } from '../looking/histogram.ts';
import { ScanRun } from '../looking/scan-run.ts';
import { inScope, splitWords, tasksOf, unknownColumns } from '../looking/scan-scope.ts';
import type { ScanTask } from '../looking/scan-tasks.ts';
import { ScanWatch } from '../looking/scan-watch.ts';
import { presentationFor, print, printJson, tell } from '../output.ts';

const WIDTH = 80;

/** Counts and shows. */
export async function hist(invocation: Invocation): Promise<number> {
  const { args } = invocation;
  const format = formatOf(invocation);
  using finder = await DatasetFinder.open(invocation);
  const words = splitWords(args.positionals, finder);
  const columns = columnsToCount(words.datasets, words.columns);
  const datasets = inScope(words.datasets, args, finder);
  for (const dataset of datasets) checkColumns(dataset, columns);
  const plan = planHistogram(datasets, columns, {
    maxCount: numberOf(args, 'max-count'),
    toplist: isSet(args, 'toplist'),
  });
  const columnsOf = (): ScanTask['columns'] => ({ printed: [], searched: columns });
  const tasks = tasksOf(datasets, args, { finder, columnsOf });
  const histogram = await counted(tasks, plan, invocation);
  const svg = textOf(args, 'svg');
  if (svg === undefined) show(histogram, { columns, format }, invocation);
  else await writeSvg(histogram, { svg, title: titleOf(words.datasets, columns) }, invocation);
  if (format !== 'json') tellNotes(histogram, invocation);
  return 0;
}

async function counted(
  tasks: readonly ScanTask[],
  plan: HistogramPlan,
  { process }: Invocation,
): Promise<Histogram> {
  const run = new ScanRun(tasks, { kind: 'counts', query: plan.query });
  const sum = new HistogramSum(plan);
  const watch = new ScanWatch(run, process);
  try {
    for await (const { result } of run.results('found')) {
      if (result.counts !== undefined) sum.add(result.counts);
    }
  } finally {
    watch[Symbol.dispose]();
  }
  return sum.finish();
}

function formatOf({ args, process }: Invocation): (typeof HISTOGRAM_FORMATS)[number] {
  if (isSet(args, 'json')) return 'json';
  if (isSet(args, 'csv')) return 'csv';
  const format = textOf(args, 'format') ?? (process.stdout.isTTY ? 'bars' : 'tsv');
  checkChoice('--format', format, HISTOGRAM_FORMATS);
  return format as (typeof HISTOGRAM_FORMATS)[number];
}

/** The only column of a dataset needs no name. */
function columnsToCount(
  [dataset]: readonly Dataset[],
  columns: readonly string[],
): readonly string[] {
  if (columns.length > 0) return columns;
  const names = dataset?.columnNames ?? [];
  if (dataset !== undefined && names.length === 1) return names;
  throw new UsageError({
    code: 'missing_argument',
    message: 'acc hist needs a dataset and a column',
    hint:
      names.length === 0
        ? 'Usage: acc hist DATASET COLUMN…'
        : `${String(dataset)} has: ${names.join(', ')}.`,
  });
}

function checkColumns(dataset: Dataset, columns: readonly string[]): void {
  const missing = columns.filter((name) => !dataset.columnNames.includes(name));
  if (missing.length > 0) throw unknownColumns(dataset, missing);
}

function show(
  histogram: Histogram,
  { columns, format }: { columns: readonly string[]; format: (typeof HISTOGRAM_FORMATS)[number] },
  { process }: Invocation,
): void {
  switch (format) {
    case 'json':
      printJson(histogramJson(histogram, columns), process);
      break;
    case 'bars': {
      const { colours } = presentationFor(process, process.stdout);
      const width = process.stdout.columns > 0 ? process.stdout.columns : WIDTH;
      print(barLines(histogram, colours, width), process);
      break;
    }
    case 'aligned':
      print(alignedLines(histogram), process);
      break;
    case 'csv':
    case 'ssv':
    case 'tsv':
      print(cellLines(histogram, columns, format), process);
      break;
  }
}

async function writeSvg(
  histogram: Histogram,
  { svg, title }: { svg: string; title: string },
  { cwd, process }: Invocation,
): Promise<void> {
  const { histogramSvg } = await import('../looking/histogram-svg.ts');
  const picture = histogramSvg(histogram, title);
  if (svg === '-') process.stdout.write(picture);
  else writeFileSync(resolve(cwd, svg), picture);
}

function titleOf(datasets: readonly Dataset[], columns: readonly string[]): string {
  return `${columns.join(', ')} in ${datasets.map(String).join(', ')}`;
}

function tellNotes(histogram: Histogram, { process }: Invocation): void {
  const notes = histogramNotes(histogram);
  if (notes.length > 0) tell(notes, process);
}
