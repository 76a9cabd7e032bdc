// `acc ds`: shows what a dataset is: columns, bounds, slices, chain, where its columns lie, and its first rows.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { UsageError } from '../../model/errors.ts';
import { usageErrorLines } from '../../report/failure-text.ts';
import { isSet, numberOf } from '../args.ts';
import type { Args } from '../args.ts';
import type { Invocation } from '../command.ts';
import { EXIT_USAGE } from '../exit-code.ts';
import { DatasetFinder } from '../looking/dataset-finder.ts';
import { presentationFor, print, printJson, tell } from '../output.ts';
import { datasetCsv, listCsv } from './ds-csv.ts';
import { datasetJson } from './ds-json.ts';
import { listLines, datasetLines } from './ds-text.ts';
import type { DatasetView } from './ds-text.ts';

/** Shows each dataset that is named; several with a line between them. */
export async function ds(invocation: Invocation): Promise<number> {
  const { args, process } = invocation;
  using finder = await DatasetFinder.open(invocation);
  const view = viewOf(args);
  const { found, missing } = findAll(finder, args);
  if (isSet(args, 'json')) {
    const values = found.flat().map((dataset) => datasetJson(dataset, finder, view));
    printJson(values.length === 1 && !view.isList ? values[0] : values, process);
  } else if (isSet(args, 'csv')) {
    const tables = found.flatMap((datasets) =>
      view.isList
        ? [listCsv(datasets, view)]
        : datasets.map((one) => datasetCsv(one, finder, view)),
    );
    print(apart(tables), process);
  } else {
    const { colours } = presentationFor(process, process.stdout);
    const { isTTY, columns } = process.stdout;
    const place = { colours, finder, ...(isTTY ? { width: columns } : {}) };
    const shown = found.flatMap((datasets) =>
      view.isList
        ? [listLines(datasets, view, place)]
        : datasets.map((dataset) => datasetLines(dataset, view, place)),
    );
    print(apart(shown), process);
  }
  for (const error of missing) {
    tell(usageErrorLines(error, presentationFor(process, process.stderr)), process);
  }
  return missing.length > 0 ? EXIT_USAGE : 0;
}

/** Puts an empty line between what is said of several datasets. */
function apart(parts: readonly (readonly string[])[]): string[] {
  return parts.flatMap((lines, number) => (number > 0 ? ['', ...lines] : lines));
}

function viewOf(args: Args): DatasetView {
  return {
    head: numberOf(args, 'head'),
    isList: isSet(args, 'list') || isSet(args, 'chained-list'),
    sumsChains: isSet(args, 'chained-list'),
    chain: isSet(args, 'chain') || isSet(args, 'non-empty-chain'),
    hidesEmpty: isSet(args, 'non-empty-chain'),
    slices: isSet(args, 'slices'),
    chainedSlices: isSet(args, 'chained-slices'),
    location: isSet(args, 'location'),
    columns: !isSet(args, 'no-columns'),
    bounds: !isSet(args, 'no-minmax'),
  };
}

/** What each word means. A word that means nothing spoils the others only when it is the only one. */
function findAll(
  finder: DatasetFinder,
  args: Args,
): { found: (readonly Dataset[])[]; missing: UsageError[] } {
  const isList = isSet(args, 'list') || isSet(args, 'chained-list');
  const found: (readonly Dataset[])[] = [];
  const missing: UsageError[] = [];
  for (const spec of args.positionals) {
    try {
      found.push(isList ? finder.datasetsOf(finder.job(spec)) : [finder.find(spec)]);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (!isSet(args, 'quiet-errors')) missing.push(error);
    }
  }
  return { found, missing };
}
