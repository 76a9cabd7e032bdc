// One text for each number of columns of type `number`: −0 is 0, and an integer is the same as number and as bigint.
// Texts are as datasets store them: integers beyond ±(2^53 − 1) with an exponent (`1e+22`) where numbers were written.

import type { ColumnView, TextValues } from '../tables/column-view.ts';

const MINUS = 45;
const PLUS = 43;
const ZERO = 48;

/** Gives a column of type `number` with equal texts for equal values; the same column where they are. */
export function canonicalNumbers(view: ColumnView): ColumnView {
  if (view.kind === 'fixed') return view;
  const texts = view.kind === 'text' ? view.text : view.dictionary;
  const count = view.kind === 'text' ? view.length : texts.offsets.length - 1;
  if (!hasOtherForms(texts, count)) return view;
  const same = canonicalTexts(texts, count);
  return view.kind === 'text' ? { ...view, text: same } : { ...view, dictionary: same };
}

/** Looks for `-0` and for exponents that are not negative. */
function hasOtherForms({ offsets, bytes }: TextValues, count: number): boolean {
  for (let row = 0; row < count; row++) {
    const [start, end] = [offsets[row] ?? 0, offsets[row + 1] ?? 0];
    if (end - start === 2 && bytes[start] === MINUS && bytes[start + 1] === ZERO) return true;
    for (let i = start; i < end; i++) if (bytes[i] === PLUS) return true;
  }
  return false;
}

function canonicalTexts({ offsets, bytes }: TextValues, count: number): TextValues {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = new Int32Array(count + 1);
  const parts: Buffer[] = [];
  for (let row = 0, at = 0; row < count; row++) {
    const text = buffer.toString('latin1', offsets[row] ?? 0, offsets[row + 1] ?? 0);
    const part = Buffer.from(canonicalText(text), 'latin1');
    parts.push(part);
    at += part.length;
    ends[row + 1] = at;
  }
  return { offsets: ends, bytes: new Uint8Array(Buffer.concat(parts)) };
}

function canonicalText(text: string): string {
  if (text === '-0') return '0';
  return text.includes('+') ? String(BigInt(Number(text))) : text;
}
