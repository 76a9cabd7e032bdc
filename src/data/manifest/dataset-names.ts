// The names of the datasets of one job, and which names of files they have taken. Names that differ only in case are
// different, but file systems may ignore case: the second of them has files of another stem.

import { fileStem, otherFileStem } from './dataset-files.ts';

/** Names of datasets with the stems of their files. */
export class DatasetNames {
  /** By stem in lower case. */
  readonly #names = new Map<string, string>();

  /** Remembers a dataset. */
  add({ name, stem }: { readonly name: string; readonly stem: string }): void {
    this.#names.set(stem.toLowerCase(), name);
  }

  /** Forgets the dataset with files of that stem. */
  remove(stem: string): void {
    this.#names.delete(stem.toLowerCase());
  }

  /** Tells whether there is a dataset of exactly that name. */
  has(name: string): boolean {
    const named = (stem: string): boolean => this.#names.get(stem.toLowerCase()) === name;
    return named(fileStem(name)) || named(otherFileStem(name));
  }

  /** Gives a stem for the files of a dataset that is not there yet. */
  freeStem(name: string): string {
    const stem = fileStem(name);
    return this.#names.has(stem.toLowerCase()) ? otherFileStem(name) : stem;
  }
}
