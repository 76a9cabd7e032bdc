// Which slices of which datasets a command looks into, and which of their columns: from words and flags to tasks.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';
import { isSet, textsOf } from '../args.ts';
import type { Args } from '../args.ts';
import type { DatasetFinder } from './dataset-finder.ts';
import type { ScanColumns } from './scan-slice.ts';
import type { ScanTask } from './scan-tasks.ts';

/** Words that name datasets, then words that name columns: datasets as long as they can be found. */
export function splitWords(
  words: readonly string[],
  finder: DatasetFinder,
): { readonly datasets: readonly Dataset[]; readonly columns: readonly string[] } {
  const [first, ...rest] = words;
  if (first === undefined) return { datasets: [], columns: [] };
  const datasets = [finder.find(first)];
  for (const [number, word] of rest.entries()) {
    const dataset = finder.findIfAny(word);
    if (dataset === undefined) return { datasets, columns: rest.slice(number) };
    datasets.push(dataset);
  }
  return { datasets, columns: [] };
}

/** The datasets that are looked into: those that are named, or their chains. */
export function inScope(
  datasets: readonly Dataset[],
  args: Args,
  finder: DatasetFinder,
): readonly Dataset[] {
  const lengths = textsOf(args, 'chain-length').map(Number);
  const stops = textsOf(args, 'stop').map((spec) => finder.find(spec));
  if (!isSet(args, 'chain') && lengths.length === 0 && stops.length === 0) return datasets;
  return datasets.flatMap((dataset, i) => {
    const length = lengths[i % Math.max(1, lengths.length)];
    const stop = stops[i % Math.max(1, stops.length)];
    return [...dataset.chain({ ...(length === undefined ? {} : { length }), stop })];
  });
}

/** One task for each slice that is wanted, in order. */
export function tasksOf(
  datasets: readonly Dataset[],
  args: Args,
  settings: {
    readonly finder: DatasetFinder;
    /** `undefined` passes a dataset over. */
    readonly columnsOf: (dataset: Dataset) => ScanColumns | undefined;
  },
): readonly ScanTask[] {
  const wanted = textsOf(args, 'slice').map(Number);
  const { workdirs } = settings.finder.project;
  return datasets.flatMap((dataset) => {
    const columns = settings.columnsOf(dataset);
    if (columns === undefined) return [];
    const spec = String(dataset);
    const place = { ref: dataset.ref, jobPath: dataset.job.path, workdirs };
    return chosenSlices(dataset, wanted).map((sliceno) => ({
      unit: { place, spec, sliceno, rows: dataset.lines[sliceno] ?? 0 },
      columns,
    }));
  });
}

/** The error for columns that a dataset lacks. */
export function unknownColumns(dataset: Dataset, missing: readonly string[]): UsageError {
  const names = dataset.columnNames;
  return new UsageError(
    missing.map((name) => {
      const all = `It has: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' …' : ''}.`;
      return {
        code: 'unknown_column',
        message: `Dataset ${String(dataset)} has no column "${name}", and there is no dataset of that name`,
        hint: didYouMean(name, names, all),
      };
    }),
  );
}

function chosenSlices(dataset: Dataset, wanted: readonly number[]): readonly number[] {
  const { lines } = dataset;
  for (const sliceno of wanted) {
    if (sliceno < lines.length) continue;
    throw new UsageError({
      code: 'unknown_slice',
      message: `Expected a slice of ${String(dataset)} from 0 to ${lines.length - 1}, got ${sliceno}`,
    });
  }
  const all = wanted.length === 0 ? [...lines.keys()] : [...new Set(wanted)];
  return all.filter((sliceno) => (lines[sliceno] ?? 0) > 0);
}
