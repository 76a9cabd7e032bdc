// Reads texts as values of a type, as the typing of a column does.

import { cellReader, readTexts } from '../../../methods/lib/values/cell-reader.ts';
import { BAD, ParsedCells } from '../../../methods/lib/values/cells.ts';
import { TextSink } from '../../../methods/lib/values/text-codecs.ts';
import { TimeZone } from '../../../methods/lib/values/time-zone.ts';
import { parseTypeSpec } from '../../../methods/lib/values/type-spec.ts';

/** Stands for a text that is no value of the type. */
export const NO_VALUE = 'no value';

/** Reads texts, given as strings or as bytes: numbers, bigints where numbers are not exact, or text. */
export function readAs(
  type: string,
  texts: readonly (string | Uint8Array)[],
  settings: { readonly hasComma?: boolean; readonly zone?: string } = {},
): unknown[] {
  const { hasComma = false, zone } = settings;
  const parts = texts.map((text) => Buffer.from(text));
  // What is before and behind must not matter.
  const bytes = new Uint8Array(Buffer.concat([Buffer.from('9'), ...parts, Buffer.from('9')]));
  const offsets = Int32Array.from({ length: texts.length + 1 });
  offsets[0] = 1;
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
  const ends = offsets.subarray(1);
  const cells = { bytes, starts: offsets, ends, first: 0, step: 1, count: texts.length };
  const into = new ParsedCells();
  into.reset(texts.length);
  const reader = cellReader(parseTypeSpec(type), {
    hasComma,
    zone: zone === undefined ? undefined : new TimeZone(zone),
  });
  const valueOf = valueReader();
  return texts.map((_, i) => (into.states[i] === BAD ? NO_VALUE : valueOf(i)));

  function valueReader(): (cell: number) => unknown {
    if (reader.kind === 'fixed') {
      reader.read(cells, into);
      return (cell) => into.wide.get(cell) ?? into.values[cell];
    }
    const { append } = reader;
    const out = readTexts(cells, into, { append, sink: new TextSink(), fallback: null });
    return (cell) =>
      Buffer.from(out.bytes.subarray(out.offsets[cell], out.offsets[cell + 1])).toString();
  }
}

/** Reads texts as moments, in the form of ISO 8601 with microseconds where there are any. */
export function readMoments(
  pattern: string,
  texts: readonly string[],
  zone?: string,
): readonly string[] {
  const values = readAs(`datetime:${pattern}`, texts, zone === undefined ? {} : { zone });
  return values.map((value) =>
    value === NO_VALUE ? NO_VALUE : momentText(BigInt(value as number)),
  );
}

function momentText(microseconds: bigint): string {
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((microseconds - rest) / 1000n));
  const text = date.toISOString().slice(0, 19).replace('T', ' ');
  return rest === 0n ? text : `${text}.${String(rest).padStart(6, '0')}`;
}
