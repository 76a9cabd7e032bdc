import { expect, it } from 'vitest';

import { ColumnTyper } from '../../../methods/lib/typing/column-typer.ts';
import type { TextValues } from '../../../methods/lib/values/cell-reader.ts';
import { BAD, NULL } from '../../../methods/lib/values/cells.ts';

function textOf(texts: readonly string[]): TextValues {
  const bytes = new TextEncoder().encode(texts.join(''));
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) offsets[i + 1] = offsets[i]! + Buffer.byteLength(text);
  return { offsets, bytes };
}

/** Reads texts as they are and by a dictionary, which must give the same. */
function typed(
  type: string,
  texts: readonly string[],
  validity: Uint8Array | null = null,
): unknown {
  const distinct = [...new Set(texts)].toReversed();
  const dictionary = textOf(distinct);
  const codes = Uint32Array.from(texts, (text) => distinct.indexOf(text));
  const coded = { ...textOf(texts), codes, dictionary };
  const [plain, byCode] = [textOf(texts), coded].map((column) => {
    const typer = new ColumnTyper({ column: 'c', type, hasComma: false });
    const bad = typer.read(column, texts.length, validity);
    const { values, validity: nulls } = typer.written(texts.length);
    const shown = 'offsets' in values ? { ...values } : Array.from(values);
    const states = [...typer.states.subarray(0, texts.length)];
    return { bad, states, shown: bad > 0 ? null : shown, nulls };
  });
  expect(byCode).toEqual(plain);
  return plain;
}

it('a dictionary is read once, and gives what the texts give', () => {
  expect(typed('int64', ['5', '9007199254740993', '5'])).toMatchObject({
    bad: 0,
    shown: [5n, 9_007_199_254_740_993n, 5n],
    nulls: null,
  });
  expect(typed('int32', ['5', 'x', '5', 'x'])).toMatchObject({ bad: 2, states: [0, BAD, 0, BAD] });
  expect(typed('float64?', ['1.5', '', '1.5'])).toMatchObject({
    states: [0, NULL, 0],
    nulls: Uint8Array.of(5),
  });
  expect(typed('float64', ['1.5', '2', 'x'], Uint8Array.of(3))).toMatchObject({
    bad: 0,
    states: [0, 0, NULL],
  });
  expect(typed('number', ['1', '7.50', '1'])).toMatchObject({ shown: [1, 7.5, 1] });
  expect(typed('stringstrip', [' a', 'é ', ' a'])).toMatchObject({
    shown: { offsets: Int32Array.of(0, 1, 3, 4), bytes: new TextEncoder().encode('aéa') },
  });
});
