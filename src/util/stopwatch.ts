// Measures how long something takes. Not by `performance`: its first use loads a dozen of Node's modules, half a
// millisecond of every start.

/** Starts to measure; the result tells the milliseconds since then, with fractions. */
export function startStopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e6;
}
