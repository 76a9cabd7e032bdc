// How a method declares the datasets and jobs it takes: `dataset({ columns }).array().optional()`.
// Declarations are plain facts; the three flags are also type parameters, so that a stage sees the right type.

import type { ColumnTypes } from '../dataset/dataset.ts';
import { checkKnownOptions } from '../inputs/known-options.ts';

interface DatasetInputFacts<Columns, IsArray, IsOptional> {
  readonly columns: Columns;
  readonly lineage: boolean;
  readonly isArray: IsArray;
  readonly isOptional: IsOptional;
}

/** Declares a dataset input. Immutable: each step returns a new declaration. */
export class DatasetInput<
  out Columns extends ColumnTypes | undefined = ColumnTypes | undefined,
  out IsArray extends boolean = boolean,
  out IsOptional extends boolean = boolean,
> {
  readonly kind = 'dataset';
  /** Types of the columns that may be read; `undefined` when any may be. */
  readonly columns: Columns;
  /** The stage may look at the job that made the dataset, and what that was made of, which is then part of the key. */
  readonly lineage: boolean;
  readonly isArray: IsArray;
  readonly isOptional: IsOptional;

  constructor(facts: DatasetInputFacts<Columns, IsArray, IsOptional>) {
    this.columns = facts.columns;
    this.lineage = facts.lineage;
    this.isArray = facts.isArray;
    this.isOptional = facts.isOptional;
  }

  /** Takes a list of datasets. */
  array(): DatasetInput<Columns, true, IsOptional> {
    return new DatasetInput({ ...this.#facts(), isArray: true });
  }

  /** May be left out; the stage then sees `undefined`. */
  optional(): DatasetInput<Columns, IsArray, true> {
    return new DatasetInput({ ...this.#facts(), isOptional: true });
  }

  #facts(): DatasetInputFacts<Columns, IsArray, IsOptional> {
    const { columns, lineage, isArray, isOptional } = this;
    return { columns, lineage, isArray, isOptional };
  }
}

/** Declares a job input. Immutable: each step returns a new declaration. */
export class JobInput<
  out IsArray extends boolean = boolean,
  out IsOptional extends boolean = boolean,
> {
  readonly kind = 'job';
  /** The stage may look at what the job was made of, which is then part of the key. */
  readonly lineage: boolean;
  readonly isArray: IsArray;
  readonly isOptional: IsOptional;

  constructor(facts: { lineage: boolean; isArray: IsArray; isOptional: IsOptional }) {
    this.lineage = facts.lineage;
    this.isArray = facts.isArray;
    this.isOptional = facts.isOptional;
  }

  /** Takes a list of jobs. */
  array(): JobInput<true, IsOptional> {
    return new JobInput({ lineage: this.lineage, isArray: true, isOptional: this.isOptional });
  }

  /** May be left out; the stage then sees `undefined`. */
  optional(): JobInput<IsArray, true> {
    return new JobInput({ lineage: this.lineage, isArray: this.isArray, isOptional: true });
  }
}

/**
 * Declares a dataset input. With `columns`, only these may be read, a build with a dataset that lacks one
 * fails before anything runs, and other columns of the dataset do not count in the key. With `lineage`, the job that
 * made the dataset can be asked for its `params`, which are then in the key: see `job({ lineage: true })`.
 */
export function dataset(settings?: {
  readonly columns?: undefined;
  readonly lineage?: boolean;
}): DatasetInput<undefined, false, false>;
export function dataset<const Columns extends ColumnTypes>(settings: {
  readonly columns: Columns;
  readonly lineage?: boolean;
}): DatasetInput<Columns, false, false>;
export function dataset(settings?: {
  readonly columns?: ColumnTypes | undefined;
  readonly lineage?: boolean;
}): DatasetInput<ColumnTypes | undefined, false, false> {
  checkDeclaration('dataset', settings, ['columns', 'lineage']);
  const { columns, lineage = false } = settings ?? {};
  return new DatasetInput({ columns, lineage, isArray: false, isOptional: false });
}

/**
 * Declares a job input. With `lineage`, its key is in the key of the job that takes it, and what that is made of can be
 * read: `params.key`, `slices`, `datasets` and `jobs`. Seed, caption, times and the like are never to be seen in a stage.
 */
export function job(settings?: { readonly lineage?: boolean }): JobInput<false, false> {
  checkDeclaration('job', settings, ['lineage']);
  return new JobInput({ lineage: settings?.lineage ?? false, isArray: false, isOptional: false });
}

function checkDeclaration(call: string, settings: object | undefined, known: string[]): void {
  checkKnownOptions(settings ?? {}, {
    subject: `\`${call}({ … })\``,
    known,
    code: 'unknown_field',
  });
}
