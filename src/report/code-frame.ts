// Draws the source line of a mistake with what is wrong underlined.
// Knows tabs, wide characters and lines too long for the screen; unaware of what the mistake is.

import type { SourceLocation } from '../model/errors.ts';
import { escapePattern } from '../util/escape-pattern.ts';
import { characterWidth, textWidth } from '../util/text-width.ts';

/** Lines below the reported one in which a misspelt name is looked for: a call may span that many. */
const SEARCHED_LINES = 40;
const INDENT = '    ';
const TAB = '  ';

/** A place in a source text, narrowed to the characters that are wrong. */
export interface FramePlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters as an editor counts them. */
  readonly column: number;
  readonly length: number;
}

/**
 * Narrows a place to `token`, when that stands at or soon after it as a whole word; else to the place itself.
 * `undefined` when the source has no such line any more.
 */
export function framePlace(
  source: string,
  where: SourceLocation,
  token: string | undefined,
): FramePlace | undefined {
  const lines = source.split('\n');
  if (lines[where.line - 1] === undefined) return undefined;
  if (token !== undefined && token !== '') {
    const word = wholeWord(token);
    const searched = lines.slice(where.line - 1, where.line - 1 + SEARCHED_LINES);
    searched[0] = ' '.repeat(where.column - 1) + (searched[0] ?? '').slice(where.column - 1);
    for (const [index, text] of upToEndOfCall(searched.join('\n')).split('\n').entries()) {
      const found = text.search(word);
      if (found >= 0) return { line: where.line + index, column: found + 1, length: token.length };
    }
  }
  return { line: where.line, column: where.column, length: where.length };
}

/** Draws two lines: the source line, cut to `width` columns around the place, and the underline. */
export function codeFrame(source: string, place: FramePlace, width: number): string[] {
  const line = (source.split('\n')[place.line - 1] ?? '').replace(/\r$/u, '');
  const start = place.column - 1;
  const end = Math.min(Math.max(start + place.length, start + 1), Math.max(line.length, start + 1));
  const before = expandTabs(line.slice(0, start)).trimStart();
  const marked = expandTabs(line.slice(start, end));
  const after = expandTabs(line.slice(end));
  const room = Math.max(20, width - INDENT.length);
  const left = keepEnd(before, Math.floor(room / 2));
  const middle = keepStart(marked, room - textWidth(left));
  const right = keepStart(after, room - textWidth(left) - textWidth(middle));
  const underline = ' '.repeat(textWidth(left)) + '~'.repeat(Math.max(1, textWidth(middle)));
  return [INDENT + (left + middle + right).trimEnd(), INDENT + underline];
}

/** Texts and comments, in which brackets mean nothing, and the brackets. */
const PART =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/.*|\/\*[^]*?\*\/|[([{}\])]/gu;

/**
 * Cuts a text behind the call that it begins with: what follows may use the same name for something else. A text that
 * begins with anything but a call, as a file as a whole, is left as it is.
 */
function upToEndOfCall(text: string): string {
  if (!CALL.test(text)) return text;
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(PART)) {
    if ('([{'.includes(part)) depth++;
    else if (')]}'.includes(part) && --depth === 0) return text.slice(0, index + 1);
  }
  return text;
}

/** A name, or members of one, that is called. */
const CALL = /^[\w$.?\s]+(?:<[^()]*>)?\(/u;

function wholeWord(token: string): RegExp {
  return new RegExp(`(?<![\\w$])${escapePattern(token)}(?![\\w$])`, 'u');
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', TAB);
}

function keepStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return takeColumns(text, Math.max(0, width - 1)) + '…';
}

function keepEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `…${reversed(takeColumns(reversed(text), width - 1))}`;
}

function takeColumns(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

function reversed(text: string): string {
  return Array.from(text).toReversed().join('');
}
