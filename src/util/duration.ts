// Time limits as people write them: `'90s'`, `'5m'`, or a number of milliseconds.

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time: milliseconds, or text with a unit of `ms s m h d`, as `'1.5h'`. */
export type Duration = number | string;

/** Converts to milliseconds, rounded up; `undefined` for anything that is not a positive length of time. */
export function durationMs(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? parse(value) : value;
  return typeof ms === 'number' && Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined;
}

function parse(text: string): number | undefined {
  const [, amount, unit] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d)\s*$/u.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
}
