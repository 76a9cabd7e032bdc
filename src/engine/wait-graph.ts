// Which job waits for which while they are made, to refuse the build that would wait for itself.

import type { JobKey } from '../model/ids.ts';

/** Edges from a running job to the subjobs it waits for. */
export class WaitGraph {
  readonly #edges = new Map<JobKey, Map<JobKey, number>>();

  /** Tells whether `from` waits for `to`, directly or through others, or is the same job. */
  waits(from: JobKey, to: JobKey): boolean {
    const seen = new Set<JobKey>();
    const stack = [from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at === to) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      stack.push(...(this.#edges.get(at)?.keys() ?? []));
    }
    return false;
  }

  /** Keeps the edge while `work` goes on. */
  async during<T>(from: JobKey, to: JobKey, work: () => Promise<T>): Promise<T> {
    const targets = this.#edges.get(from) ?? new Map<JobKey, number>();
    this.#edges.set(from, targets.set(to, (targets.get(to) ?? 0) + 1));
    try {
      return await work();
    } finally {
      const left = (targets.get(to) ?? 1) - 1;
      if (left > 0) targets.set(to, left);
      else targets.delete(to);
      if (targets.size === 0) this.#edges.delete(from);
    }
  }
}
