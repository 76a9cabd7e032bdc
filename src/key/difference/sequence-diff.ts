// Finds the fewest elements to take out of one sequence and put into another to make them equal.

/** Indexes of the elements that have no partner in the other sequence, ascending. */
export interface SequenceDiff {
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** Above this many pairs (some 20 ms) the middle counts as wholly different. */
const MOST_PAIRS = 4_000_000;

/** Compares two sequences by their longest common subsequence. */
export function sequenceDiff(before: readonly string[], after: readonly string[]): SequenceDiff {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [beforeEnd, afterEnd] = [before.length, after.length];
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd--;
    afterEnd--;
  }
  const inner = middleDiff(before.slice(start, beforeEnd), after.slice(start, afterEnd));
  return {
    removed: inner.removed.map((index) => index + start),
    added: inner.added.map((index) => index + start),
  };
}

function middleDiff(before: readonly string[], after: readonly string[]): SequenceDiff {
  if (before.length * after.length > MOST_PAIRS) {
    return { removed: [...before.keys()], added: [...after.keys()] };
  }
  const width = after.length + 1;
  const lengths = commonLengths(before, after);
  const removed: number[] = [];
  const added: number[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const without = lengths[(i + 1) * width + j] ?? -1;
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i++;
      j++;
    } else if (
      i < before.length &&
      (j === after.length || without >= (lengths[i * width + j + 1] ?? 0))
    ) {
      removed.push(i++);
    } else {
      added.push(j++);
    }
  }
  return { removed, added };
}

/** At `i * (after.length + 1) + j`: length of the longest common subsequence of what follows `i` and `j`. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] =
        before[i] === after[j]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}
