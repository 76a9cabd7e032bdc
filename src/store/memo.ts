// Remembers what validation made of raw inputs, so that a run of hits never loads a method's module.
// New entries are held back and written together: a commit for each would cost more than the validation.

import type { Digest } from '../model/ids.ts';
import type { IndexDatabase } from './database.ts';

/** How many entries are kept; the oldest go first. */
const LONGEST = 200_000;
const HELD_BACK_AT_MOST = 500;

/** Validated options by code digest and digest of the inputs as given. */
export class Memo {
  readonly #index: IndexDatabase;
  readonly #longest: number;
  readonly #heldBack = new Map<string, readonly [code: Digest, inputs: Digest, json: string]>();

  constructor(index: IndexDatabase, longest: number = LONGEST) {
    this.#index = index;
    this.#longest = longest;
  }

  /** What was put for these inputs, also if it is not written yet. */
  get(code: Digest, inputs: Digest): string | undefined {
    const heldBack = this.#heldBack.get(code + inputs);
    if (heldBack !== undefined) return heldBack[2];
    const sql = 'SELECT options FROM memo WHERE code = ? AND inputs = ?';
    return this.#index.get<{ options: string }>(sql, code, inputs)?.options;
  }

  /** Remembers `json`; what was put before for the same inputs is replaced. */
  put(code: Digest, inputs: Digest, json: string): void {
    this.#heldBack.set(code + inputs, [code, inputs, json]);
    if (this.#heldBack.size >= HELD_BACK_AT_MOST) this.flush();
  }

  /** Writes what is held back, and forgets the oldest entries when there are too many. */
  flush(): void {
    if (this.#heldBack.size === 0) return;
    this.#index.write(() => {
      for (const entry of this.#heldBack.values()) {
        this.#index.run(
          'INSERT OR REPLACE INTO memo (code, inputs, options) VALUES (?, ?, ?)',
          ...entry,
        );
      }
      this.#index.run(
        'DELETE FROM memo WHERE entry <= (SELECT max(entry) FROM memo) - ?',
        this.#longest,
      );
    });
    this.#heldBack.clear();
  }
}
