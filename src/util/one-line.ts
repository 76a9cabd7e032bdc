// Text on one line of a terminal: whatever would move the cursor or break the line is written as an escape.

// oxlint-disable-next-line no-control-regex -- that is what is looked for
const SPECIAL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uDC80-\uDCFF]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const FIRST_ESCAPED_BYTE = 0xdc80;

/** Writes control characters and stray bytes as `\n`, `\x1b`, `\xff`. A lone surrogate stands for a byte, see `bytesText`. */
export function oneLine(text: string): string {
  return text.replace(SPECIAL, escaped);
}

function escaped(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  if (code >= FIRST_ESCAPED_BYTE && code < 0xdd00) return hex(code - FIRST_ESCAPED_BYTE + 0x80);
  return code > 0xff ? `\\u${code.toString(16)}` : hex(code);
}

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
