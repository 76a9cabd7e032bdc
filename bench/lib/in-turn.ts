// Measures several things side by side: one round runs each of them once, so that a slow moment of the machine
// hits all of them. What is compared is the ratio within each round.

/** Samples of each side, in the order of the rounds. */
export type Samples<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Runs `rounds` rounds after one that does not count. */
export function inTurn<Name extends string>(
  rounds: number,
  sides: Readonly<Record<Name, () => number>>,
): Samples<Name> {
  const entries = Object.entries(sides) as [Name, () => number][];
  const samples = Object.fromEntries(entries.map(([name]) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of entries) {
      const value = run();
      if (round > 0) samples[name].push(value);
    }
  }
  return samples;
}

/** The median of `values`, of which there must be at least one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new Error('Expected at least one value, got none');
  return middle;
}

/** The median of the ratios of values that were measured in the same round. */
export function medianRatio(values: readonly number[], to: readonly number[]): number {
  return median(values.map((value, round) => value / (to[round] ?? Number.NaN)));
}
