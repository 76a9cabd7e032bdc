// The names of the datasets of one job, and which names of files they have taken. Names that differ only in case are
// different, but file systems may ignore case: the second of them has files of another stem.

import { fileStems } from './dataset-files.ts';

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
    return fileStems(name).some((stem) => this.#names.get(stem.toLowerCase()) === name);
  }

  /** Gives a stem for the files of a dataset that is not there yet. */
  freeStem(name: string): string {
    const [plain, other] = fileStems(name);
    return this.#names.has(plain.toLowerCase()) ? other : plain;
  }
}
