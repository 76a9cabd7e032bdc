// Writes figures as the tables show them.

/** Milliseconds, with as many digits as mean something. */
export function ms(value: number): string {
  if (value < 0.01) return `${(value * 1000).toFixed(1)} µs`;
  if (value < 1) return `${Math.round(value * 1000)} µs`;
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** Milliseconds as seconds. */
export function seconds(value: number): string {
  return `${(value / 1000).toFixed(2)} s`;
}

/** A ratio, as `2.4 ×`. */
export function times(ratio: number): string {
  const digits = ratio < 1 ? 2 : ratio < 10 ? 1 : 0;
  return `${ratio.toFixed(digits)} ×`;
}

/** Bytes as megabytes; says so where they could not be measured. */
export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'not measured' : `${Math.round(bytes / 1e6)} MB`;
}

/** A rate per second, in millions. */
export function millions(perSecond: number): string {
  return `${Math.round(perSecond / 1e6)} M`;
}
