// How long the texts of a dictionary are: looked for once for each dictionary, which never changes.

/** Texts one after another. */
interface Entries {
  /** Where each text begins in the bytes, and where the last one ends. */
  readonly offsets: Int32Array;
}

/** Lengths in bytes. */
interface EntryLengths {
  readonly longest: number;
  /** Whether all are as long as the longest, and the first begins at 0. */
  readonly isUniform: boolean;
}

const known = new WeakMap<Entries, EntryLengths>();

/** Gives the lengths of a dictionary's texts. */
export function entryLengths(dictionary: Entries): EntryLengths {
  const lengths = known.get(dictionary) ?? findLengths(dictionary.offsets);
  known.set(dictionary, lengths);
  return lengths;
}

function findLengths(offsets: Int32Array): EntryLengths {
  let longest = 0;
  let shortest = Infinity;
  for (let i = 1; i < offsets.length; i++) {
    const length = (offsets[i] ?? 0) - (offsets[i - 1] ?? 0);
    if (length > longest) longest = length;
    if (length < shortest) shortest = length;
  }
  return { longest, isUniform: shortest === longest && offsets[0] === 0 };
}
