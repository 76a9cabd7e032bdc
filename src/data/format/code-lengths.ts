// Lengths of a Huffman code with a limit: Huffman's algorithm by two queues, and then a repair of what became too long.
// Unaware of what is encoded, and how codes are written.

/**
 * Gives the bits of each symbol's code, 0 for one that does not occur. The code is complete: no sequence of bits is
 * left over. At least two symbols occur, and at most 2 to the power of `longest`.
 */
export function codeLengths(counts: ArrayLike<number>, longest: number): Uint8Array {
  const lengths = huffmanLengths(counts);
  const room = 2 ** longest;
  const share = (symbol: number): number => 2 ** (longest - (lengths[symbol] ?? 0));
  const rare = symbolsByCount(counts);
  let used = 0;
  for (const symbol of rare) {
    lengths[symbol] = Math.min(longest, lengths[symbol] ?? 0);
    used += share(symbol);
  }
  // Too many short codes: the rarest that can be longer are made so.
  while (used > room) {
    const symbol = rare.find((candidate) => (lengths[candidate] ?? 0) < longest) ?? 0;
    used -= share(symbol) / 2;
    lengths[symbol] = (lengths[symbol] ?? 0) + 1;
  }
  // What is left over goes to the commonest that can use it, which one of the longest always can.
  while (used < room) {
    const symbol = rare.findLast((candidate) => share(candidate) <= room - used) ?? 0;
    used += share(symbol);
    lengths[symbol] = (lengths[symbol] ?? 0) - 1;
  }
  return lengths;
}

function symbolsByCount(counts: ArrayLike<number>): readonly number[] {
  const count = (symbol: number): number => counts[symbol] ?? 0;
  return Array.from(counts, (_, symbol) => symbol)
    .filter((symbol) => count(symbol) > 0)
    .toSorted((a, b) => count(a) - count(b) || a - b);
}

function huffmanLengths(counts: ArrayLike<number>): Uint8Array {
  const symbols = symbolsByCount(counts);
  const leaves = symbols.length;
  // Leaves in the order of their counts, and behind them the nodes above, which are made in that order, too.
  const weights = new Float64Array(2 * leaves - 1);
  const parents = new Int32Array(2 * leaves - 1);
  for (const [leaf, symbol] of symbols.entries()) weights[leaf] = counts[symbol] ?? 0;
  let nextLeaf = 0;
  let nextInner = leaves;
  for (let node = leaves; node < weights.length; node++) {
    for (let child = 0; child < 2; child++) {
      const isLeaf =
        nextLeaf < leaves &&
        (nextInner === node || (weights[nextLeaf] ?? 0) <= (weights[nextInner] ?? 0));
      const taken = isLeaf ? nextLeaf++ : nextInner++;
      weights[node] = (weights[node] ?? 0) + (weights[taken] ?? 0);
      parents[taken] = node;
    }
  }
  const depths = new Uint8Array(weights.length);
  for (let node = weights.length - 2; node >= 0; node--) {
    depths[node] = (depths[parents[node] ?? 0] ?? 0) + 1;
  }
  const lengths = new Uint8Array(counts.length);
  for (const [leaf, symbol] of symbols.entries()) lengths[symbol] = depths[leaf] ?? 0;
  return lengths;
}
