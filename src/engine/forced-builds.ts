// Builds that execute although a job exists: by the setting `force`, or by `--force`. Each is made once in a run,
// however often it is built.

import type { JobKey } from '../model/ids.ts';
import type { Wanted } from './wanted.ts';

/** Knows which builds must execute. */
export class ForcedBuilds {
  readonly #methods: ReadonlySet<string> | 'all';
  readonly #made = new Set<JobKey>();

  /** `methods` are executed in any case; `'all'` for every one. */
  constructor(methods: ReadonlySet<string> | 'all') {
    this.#methods = methods;
  }

  /** Tells whether the build must execute. */
  has({ key, request }: Wanted): boolean {
    const methods = this.#methods;
    const wished = request.settings.force || methods === 'all' || methods.has(request.code.name);
    return wished && !this.#made.has(key);
  }

  /** From now on a build with this key finds the job that was made. */
  made(key: JobKey): void {
    this.#made.add(key);
  }
}
