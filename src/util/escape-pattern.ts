// Text as part of a regular expression that matches nothing else.

/** Writes every character of `text` so that a pattern takes it literally, with the flag `u` and without. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
}
