// Finds the name that was probably meant.

/**
 * Returns the candidate nearest to `name` by edits (swaps count as one), or `undefined` when none is near: one edit for
 * every three letters. A word of two letters is near to those of three, a single letter to no other.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const length = Math.max(name.length, Math.min(candidate.length, 3));
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.floor(length / 3) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The hint about a name that there is not: the one that was probably meant, else `otherwise`. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined;
export function didYouMean(name: string, candidates: Iterable<string>, otherwise: string): string;
export function didYouMean(
  name: string,
  candidates: Iterable<string>,
  otherwise?: string,
): string | undefined {
  const meant = nearest(name, candidates);
  return meant === undefined ? otherwise : `Did you mean ${JSON.stringify(meant)}?`;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
