// `acc grep` and `acc cat`: search datasets and print rows. What is searched and printed is planned from flags first;
// slices are then read in parallel and printed in order.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { UsageError } from '../../model/errors.ts';
import { ANSI_COLOURS, coloursFor, NO_COLOURS } from '../../report/colour.ts';
import type { Colours } from '../../report/colour.ts';
import { textsOf } from '../args.ts';
import type { Args } from '../args.ts';
import type { Invocation } from '../command.ts';
import { DatasetFinder } from '../looking/dataset-finder.ts';
import {
  colourChoice,
  columnChooser,
  orderOf,
  printSpecOf,
  queryOf,
} from '../looking/grep-options.ts';
import type { PrintSpec } from '../looking/grep-options.ts';
import { compilePatterns } from '../looking/patterns.ts';
import { RowPrinter } from '../looking/row-printer.ts';
import { ScanRun } from '../looking/scan-run.ts';
import type { ScanOrder, TaskResult } from '../looking/scan-run.ts';
import { inScope, splitWords, tasksOf } from '../looking/scan-scope.ts';
import type { ScanQuery } from '../looking/scan-slice.ts';
import type { ScanTask, ScanWork } from '../looking/scan-tasks.ts';
import { ScanWatch } from '../looking/scan-watch.ts';

/** As grep ends. */
const EXIT_NO_MATCH = 1;
const GREP_USAGE = 'acc grep PATTERN DATASET… [COLUMN…]';
const CAT_USAGE = 'acc cat DATASET… [COLUMN…]';

/** What the words mean. */
interface Words {
  readonly patterns: readonly string[];
  readonly datasets: readonly Dataset[];
  readonly columns: readonly string[];
}

/** Prints the rows in which a pattern matches. Exit code 1 when there are none. */
export async function grep(invocation: Invocation): Promise<number> {
  using finder = await DatasetFinder.open(invocation);
  const hasMatched = await look(invocation, finder, wordsOf(invocation.args, finder));
  return hasMatched ? 0 : EXIT_NO_MATCH;
}

/** Prints all rows. */
export async function cat(invocation: Invocation): Promise<number> {
  using finder = await DatasetFinder.open(invocation);
  const named = namedDatasets(invocation.args, finder);
  const words = splitWords(invocation.args.positionals, finder);
  if (words.datasets.length + named.length === 0) throw missing('a dataset', CAT_USAGE);
  await look(invocation, finder, {
    patterns: [''],
    datasets: [...words.datasets, ...named],
    columns: words.columns,
  });
  return 0;
}

/** The pattern comes first unless it was given with a flag, then datasets as long as they are found, then columns. */
function wordsOf(args: Args, finder: DatasetFinder): Words {
  const named = namedDatasets(args, finder);
  const given = textsOf(args, 'regexp');
  const [first, ...rest] = args.positionals;
  const patterns = given.length > 0 || first === undefined ? given : [first];
  const others = given.length > 0 ? args.positionals : rest;
  if (patterns.length === 0) throw missing('a pattern');
  if (named.length > 0) return { patterns, datasets: named, columns: others };
  if (others.length === 0) throw missing('a dataset');
  return { patterns, ...splitWords(others, finder) };
}

function namedDatasets(args: Args, finder: DatasetFinder): readonly Dataset[] {
  return textsOf(args, 'dataset').map((spec) => finder.find(spec));
}

/** Tells whether any row was found. */
async function look(invocation: Invocation, finder: DatasetFinder, words: Words): Promise<boolean> {
  const { args, process } = invocation;
  const spec = printSpecOf(args, process);
  const query = queryOf(args, words.patterns, spec.format);
  const patterns = compilePatterns(query.pattern);
  const colours = colourOf(invocation);
  const order = orderOf(args);
  const columnsOf = columnChooser(args, words.columns);
  const tasks = tasksOf(inScope(words.datasets, args, finder), args, { finder, columnsOf });
  const run = new ScanRun(tasks, workOf(query, spec, { order, colours }));
  const printer = new RowPrinter(spec, colours, patterns);
  using watch = new ScanWatch(run, process, () => void watch.write(printer.flush()));
  for await (const found of run.results(order)) {
    await watch.write(textOfResult(found, printer));
    if (printer.isFull) break;
  }
  await watch.write(printer.flush());
  if (!printer.hasPrinted)
    await watch.write(printer.emptyTable(tasks[0] ?? anyTask(words, columnsOf)));
  return printer.hasPrinted;
}

/** Rows are made into text by the threads unless they have to be seen together. */
function workOf(
  query: ScanQuery,
  spec: PrintSpec,
  { order, colours }: { order: ScanOrder; colours: Colours },
): ScanWork {
  const isTogether =
    spec.format === 'aligned' ||
    spec.tabs !== undefined ||
    spec.isLined ||
    spec.isList ||
    spec.isUnique ||
    spec.separatesGroups ||
    Number.isFinite(spec.maxCount) ||
    order === 'roundrobin';
  if (isTogether) return { kind: 'rows', query };
  const { format, separator, labels } = spec;
  const isColoured = colours === ANSI_COLOURS;
  return { kind: 'text', query, format: { format, separator, labels }, isColoured };
}

function textOfResult({ task, result }: TaskResult, printer: RowPrinter): Uint8Array {
  if (result.text !== undefined) return printer.text(task, result.text);
  return printer.rows(task, result.rows ?? []);
}

/** Stands for a dataset without rows, so that its header can be printed. */
function anyTask(
  { datasets }: Words,
  columnsOf: ReturnType<typeof columnChooser>,
): ScanTask | undefined {
  const [dataset] = datasets;
  const columns = dataset === undefined ? undefined : columnsOf(dataset);
  if (dataset === undefined || columns === undefined) return undefined;
  const place = { ref: dataset.ref, jobPath: '', workdirs: {} };
  return { unit: { place, spec: String(dataset), sliceno: 0, rows: 0 }, columns };
}

function colourOf({ args, process }: Invocation): Colours {
  const choice = colourChoice(args);
  if (choice === undefined) return coloursFor(process.stdout, process.env);
  return choice ? ANSI_COLOURS : NO_COLOURS;
}

function missing(what: string, usage = GREP_USAGE): UsageError {
  const [command] = usage.split(/ [A-Z]/u, 1);
  return new UsageError({
    code: 'missing_argument',
    message: `${command} needs ${what}`,
    hint: `Usage: ${usage}`,
  });
}
