// How wide text is on a terminal, and cutting and padding by that width.
// Knows wide (CJK, emoji) and zero-width characters and ANSI escapes; unaware of terminals that differ from the standard.

// oxlint-disable-next-line no-control-regex -- escapes begin with a control character
const ANSI = /\u001B(?:\[[0-9;?]*[A-Za-z]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/gu;
const PLAIN = /^[\u0020-\u007E]*$/u;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;
const ELLIPSIS = '…';

/** First and last code point (inclusive) of the blocks whose characters take two columns. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** Columns that `text` takes on a terminal. Escapes take none. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of stripAnsi(text)) width += characterWidth(character);
  return width;
}

/** Text without ANSI escapes. */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, '');
}

/** Pads to `width` columns; text that is wider stays as it is. */
export function padText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const padding = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + padding : padding + text;
}

/** Cuts to at most `width` columns, ending in `…` when something was cut. Escapes are kept and colours closed. */
export function truncateText(text: string, width: number): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const piece of pieces(text)) {
    const isEscape = piece.startsWith('\u001B');
    const pieceWidth = isEscape ? 0 : characterWidth(piece);
    if (used + pieceWidth > width - 1) break;
    kept += piece;
    used += pieceWidth;
  }
  return kept + ELLIPSIS + (kept.includes('\u001B') ? '\u001B[0m' : '');
}

/** Columns of one character (a code point). */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  const wide = WIDE.some(([first, last]) => code >= first && code <= last);
  return wide || EMOJI.test(character) ? 2 : 1;
}

/** Escapes whole, everything else by character. */
function* pieces(text: string): Generator<string> {
  let end = 0;
  for (const match of text.matchAll(ANSI)) {
    yield* text.slice(end, match.index);
    yield match[0];
    end = match.index + match[0].length;
  }
  yield* text.slice(end);
}
