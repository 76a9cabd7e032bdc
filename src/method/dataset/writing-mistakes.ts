// What can be wrong about when and where a dataset is written, and the words for it.

import type { HashableValue } from '../../data/hash.ts';
import type { DatasetDeclaration } from '../../data/manifest/dataset-part.ts';
import { hashColumn } from '../../data/write/place-rows.ts';
import { describeValue } from '../../data/write/value-error.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';

/** Checks a call of `setSlice`. `sliceno` is the slice of analysis, `null` in other stages. */
export function checkMayGoTo(
  declaration: DatasetDeclaration,
  sliceno: number,
  stage: { readonly slices: number; readonly sliceno: number | null },
): void {
  const own = stage.sliceno;
  if (own !== null && declaration.forSingleSlice === null) {
    throw new UsageError({
      code: 'set_slice_in_analysis',
      message: `\`setSlice(${sliceno})\` was called in analysis`,
      hint: `Each slice of analysis writes its own slice; this one writes ${own}.`,
    });
  }
  if (own !== null && declaration.forSingleSlice !== own) throw foreignSlice(declaration, own);
  if (Number.isInteger(sliceno) && sliceno >= 0 && sliceno < stage.slices) return;
  throw new UsageError({
    code: 'unknown_slice',
    message: `Expected a slice from 0 to ${stage.slices - 1} for \`setSlice\`, got ${sliceno}`,
  });
}

/** Checks that a dataset can be split. */
export function checkMaySplit(declaration: DatasetDeclaration): void {
  const name = JSON.stringify(declaration.name);
  if (declaration.allowMissingSlices) {
    throw new UsageError({
      code: 'split_missing_slices',
      message: `\`split()\` of dataset ${name} writes every slice, but the writer was made with \`allowMissingSlices: true\``,
      hint: 'Leave `allowMissingSlices` out.',
    });
  }
  if (declaration.hashlabel === null || hashColumn(declaration) >= 0) return;
  throw new UsageError({
    code: 'no_hash_column',
    message: `\`split()\` of dataset ${name} cannot place rows: its hashlabel ${JSON.stringify(declaration.hashlabel)} is a column of the parent that is not written anew`,
    hint: 'Write the rows of each slice of the parent to the same slice.',
  });
}

/** Checks the columns of a dataset when writing begins. */
export function checkColumns(declaration: DatasetDeclaration): void {
  const { columns, hashlabel, name, parent } = declaration;
  if (columns.length === 0) {
    throw new UsageError({
      code: 'no_columns',
      message: `Dataset ${JSON.stringify(name)} has no columns${parent === null ? '' : ' of its own'}`,
      hint:
        parent === null
          ? "Declare at least one, as in `columns: { name: 'string' }`."
          : 'To drop or rename columns alone, use `job.linkDataset(dataset, { rename })`.',
    });
  }
  if (hashlabel === null || hashColumn(declaration) >= 0) return;
  if (parent !== null && !declaration.isHashlabelGiven) return;
  throw new UsageError({
    code: 'no_hash_column',
    message: `The hashlabel ${JSON.stringify(hashlabel)} of dataset ${JSON.stringify(name)} is not among the columns that are written`,
    hint:
      parent === null
        ? 'Name one of its columns.'
        : 'Leave `hashlabel` out to take over that of the parent.',
    token: hashlabel,
  });
}

/** The error for a second dataset of one name. */
export function duplicateDataset(name: string): UsageError {
  return new UsageError({
    code: 'duplicate_dataset',
    message: `This job already has a dataset named ${JSON.stringify(name)}`,
    hint: 'Give each dataset of a job a name of its own.',
    token: name,
  });
}

/** The error for making a dataset in a slice. */
export function declaredInAnalysis(name: string): UsageError {
  return new UsageError({
    code: 'dataset_in_analysis',
    message: `Dataset ${JSON.stringify(name)} was declared in analysis`,
    hint: 'Make the writer in prepare and return it: it arrives in analysis as `prepareRes`.',
  });
}

/** The error for a writer that is not there; `known` are the names of those that are. */
export function unknownWriter(name: string, known: Iterable<string>): UsageError {
  return new UsageError({
    code: 'unknown_writer',
    message: `This job has no dataset writer named ${JSON.stringify(name)} in this stage`,
    hint: didYouMean(
      name,
      known,
      'Make it in prepare, with columns, or in the stage that finishes it.',
    ),
    token: name,
  });
}

/** The error for options that would change a writer which is there already. */
export function writerWithoutColumns(name: string, options: readonly string[]): UsageError {
  const [token = name] = options;
  const given = options.map((option) => `\`${option}\``).join(', ');
  return new UsageError({
    code: 'writer_without_columns',
    message: `\`datasetWriter\` was asked for ${JSON.stringify(name)} with ${given}, but without \`columns\``,
    hint: 'Declare `columns`, if only `{}` and then `writer.add(…)`, to make a writer; give its name alone to get one that there is.',
    token,
  });
}

/** The error for a row in the wrong slice; `value` or `row` tells which. */
export function wrongSlice(
  { name, hashlabel }: DatasetDeclaration,
  facts: {
    readonly value?: HashableValue;
    readonly row?: number;
    readonly belongs: number;
    readonly sliceno: number;
  },
): UsageError {
  const { row, belongs, sliceno } = facts;
  const what =
    row === undefined
      ? `with ${describeValue(facts.value)} in column ${JSON.stringify(hashlabel)}`
      : `${row} (from 0), by its column ${JSON.stringify(hashlabel)},`;
  return new UsageError({
    code: 'wrong_slice',
    message: `A row ${what} belongs to slice ${belongs} of dataset ${JSON.stringify(name)}, but was written to slice ${sliceno}`,
    hint: 'Write it through `split()`, ask `hashcheck(value)` first, or call `enableHashDiscard()` to drop such rows.',
  });
}

/** The error for writing where another slice writes. */
export function foreignSlice(
  { name, forSingleSlice }: DatasetDeclaration,
  sliceno: number | null,
): UsageError {
  return new UsageError({
    code: 'other_single_slice',
    message: `Dataset ${JSON.stringify(name)} is written by slice ${forSingleSlice} of analysis alone, but slice ${sliceno} wrote to it`,
    hint: 'Look at `sliceno` first, or leave `forSingleSlice` out.',
  });
}

/** The error for `setSlice` and `split` on one writer. */
export function splitMixed(dataset: string): UsageError {
  return new UsageError({
    code: 'split_and_slices',
    message: `Dataset ${JSON.stringify(dataset)} was written both through \`split()\` and slice by slice`,
    hint: 'Choose one of them, in all slices.',
  });
}

/** The error for writing before any slice was chosen. */
export function noSlice(dataset: string): UsageError {
  return new UsageError({
    code: 'no_slice',
    message: `No slice of dataset ${JSON.stringify(dataset)} has been started`,
    hint: 'Call `setSlice(sliceno)` first, write through `split()`, or write in analysis.',
  });
}

/** The error for dropping rows by hash where there is no hash. */
export function noHashlabel(dataset: string): UsageError {
  return new UsageError({
    code: 'no_hashlabel',
    message: `\`enableHashDiscard()\` was called for dataset ${JSON.stringify(dataset)}, which writes no hash column`,
    hint: "Make the writer with `hashlabel: 'COLUMN'`.",
  });
}

/** The error for changing a declaration too late or elsewhere. */
export function lateColumn(name: string, isNew: boolean): UsageError {
  const why = isNew ? 'after writing began' : 'in another stage than the writer';
  return new UsageError({
    code: 'late_column',
    message: `Column ${JSON.stringify(name)} was added ${why}`,
    hint: 'Add columns where the writer is made, before the first row.',
  });
}

/** The error for `enableHashDiscard` after the first row. */
export function lateDiscard(dataset: string): UsageError {
  return new UsageError({
    code: 'late_hash_discard',
    message: `\`enableHashDiscard()\` of dataset ${JSON.stringify(dataset)} was called after writing began`,
    hint: 'Call it before the first row of the stage.',
  });
}

/** The error for ending a dataset in analysis. */
export function finishInAnalysis(call: 'finish' | 'discard'): UsageError {
  return new UsageError({
    code: 'finish_in_analysis',
    message: `\`${call}()\` was called in analysis`,
    hint: 'The dataset is finished by itself before synthesis begins.',
  });
}

/** The error for writing to what is finished. */
export function isFinished(dataset: string): UsageError {
  return new UsageError({
    code: 'dataset_finished',
    message: `Dataset ${JSON.stringify(dataset)} is finished`,
    hint: 'Write all rows before `finish()`.',
  });
}

/** Checks the slice of a writer made `forSingleSlice`. */
export function checkSingleSlice(sliceno: number, slices: number): void {
  if (Number.isInteger(sliceno) && sliceno >= 0 && sliceno < slices) return;
  throw new UsageError({
    code: 'unknown_slice',
    message: `Expected a slice from 0 to ${slices - 1} for \`forSingleSlice\`, got ${sliceno}`,
  });
}
