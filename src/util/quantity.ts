// Durations, sizes and counts as a person reads them.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats milliseconds: `0.003s`, `0.04s`, `1.2s`, `14.0s`, `2m 05s`, `3h 07m`, `2d 4h`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 59_950) return `${(whole / SECOND).toFixed(decimals(whole))}s`;
  const seconds = Math.round(whole / SECOND);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(whole / MINUTE);
  if (whole < DAY) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(whole / HOUR);
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** Puts `a` or `an` in front of a word: as it is spelt, but `a URL` and `a Uint8Array`, which begin as `you` does. */
export function withArticle(word: string): string {
  return `${/^(?:[aeio]|u(?!rl|int|ni|se))/iu.test(word) ? 'an' : 'a'} ${word}`;
}

/** Formats a number of bytes in powers of 1000: `512 B`, `1.2 kB`, `65 MB`. */
export function formatBytes(bytes: number): string {
  const [value, prefix] = scale(bytes);
  return `${value} ${prefix}B`;
}

/** Formats a count in at most four characters: `812`, `1.2k`, `65M`. */
export function formatCount(count: number): string {
  const [value, prefix] = scale(count);
  return `${value}${prefix}`;
}

/** Formats a whole number with thousands separated: `1,234,567`. */
export function formatNumber(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** Formats `count` with the noun in the right number: `1 row`, `3 rows`. */
export function plural(count: number, noun: string, nouns: string = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : nouns}`;
}

/** Digits after the point that keep at least one that counts. */
function decimals(ms: number): number {
  if (ms >= 95) return 1;
  return ms >= 9.5 ? 2 : 3;
}

function scale(amount: number): [value: string, prefix: string] {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  let value = amount;
  let step = 0;
  while (value >= 999.5 && step < prefixes.length - 1) {
    value /= 1000;
    step++;
  }
  const digits = step > 0 && value < 9.95 ? 1 : 0;
  return [value.toFixed(digits), prefixes[step] ?? ''];
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
