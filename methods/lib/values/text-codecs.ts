// Turns bytes in some encoding into UTF-8 without making strings where that can be: UTF-8 itself, latin-1 and ASCII
// byte by byte, the others (UTF-7, UTF-16, what WHATWG's Encoding Standard knows) through strings.
// `strict` refuses what is no text, `replace` puts U+FFFD in its place, `ignore` leaves it out.

import { TextDecoder } from 'node:util';

import { decodeUtf7 } from './utf7.ts';

/** What becomes of bytes that are no text. */
export type TextErrors = 'strict' | 'replace' | 'ignore';

/** What becomes of bytes beyond ASCII: an escape as `\344`, that and `\134` for a backslash, or a refusal. */
export type AsciiMode = 'replace' | 'encode' | 'strict';

/** An encoding, and what is done about mistakes in it. */
export interface TextCodec {
  readonly encoding: 'utf-8' | 'latin-1' | 'ascii' | 'other';
  readonly errors: TextErrors;
  /** For `other`; `undefined` when the bytes are refused. */
  readonly decode: (bytes: Uint8Array) => string | undefined;
}

/** Says what was expected instead of the name of a codec. */
export class CodecError extends Error {}

/** Where text is written to; grows as needed. */
export class TextSink {
  bytes: Uint8Array = new Uint8Array(1 << 16);
  length = 0;

  /** Makes room for `count` bytes more. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }

  /** Appends `bytes[start, end)`. */
  append(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
  }

  appendText(text: string): void {
    // No character of UTF-16 takes more than three bytes.
    this.reserve(text.length * 3);
    this.length += ENCODER.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  put(byte: number): void {
    this.bytes[this.length++] = byte;
  }
}

const ENCODER = new TextEncoder();
const REPLACEMENT = ENCODER.encode('\uFFFD');
const BACKSLASH = 92;
const ZERO = 48;
const ERRORS: ReadonlySet<string> = new Set(['strict', 'replace', 'ignore']);
const LATIN_1 = new Set(['latin1', 'iso88591', 'l1', '88591']);
const ASCII = new Set(['ascii', 'usascii', '646']);
const UTF_8 = new Set(['utf8', 'u8']);
const UTF_7 = new Set(['utf7', 'u7']);

/** Finds a codec by its name and what to do about errors, as `utf-8` or `latin-1/replace`. Throws `CodecError`. */
export function textCodec(text: string): TextCodec {
  const [name = '', errors = 'strict', ...more] = text.split('/');
  if (!ERRORS.has(errors) || more.length > 0) {
    throw new CodecError('strict, replace or ignore after the codec and a slash');
  }
  return { ...codecNamed(name, errors as TextErrors), errors: errors as TextErrors };
}

function codecNamed(name: string, errors: TextErrors): Omit<TextCodec, 'errors'> {
  const plain = name.toLowerCase().replaceAll(/[-_ ]/g, '');
  const decode = decodeNothing;
  if (UTF_8.has(plain)) return { encoding: 'utf-8', decode };
  if (LATIN_1.has(plain)) return { encoding: 'latin-1', decode };
  if (ASCII.has(plain)) return { encoding: 'ascii', decode };
  if (UTF_7.has(plain)) {
    return { encoding: 'other', decode: (bytes) => decodeUtf7(bytes, errors) };
  }
  const decoder = decoderFor(name, plain, errors);
  // Node's own decoder of it gives the control characters of latin-1 instead of what is in their place.
  if (decoder.encoding === 'windows-1252') return { encoding: 'other', decode: decodeWindows };
  return { encoding: 'other', decode: (bytes) => decoded(decoder, bytes, errors) };
}

/** Of the encodings that are read without strings. */
function decodeNothing(): undefined {
  return undefined;
}

function decoderFor(name: string, plain: string, errors: TextErrors): TextDecoder {
  // Python's names of the code pages of Windows, and ones with underscores.
  const labels = [name, name.replaceAll('_', '-'), plain.replace(/^cp(?=\d)/, 'windows-')];
  for (const label of labels) {
    try {
      return new TextDecoder(label, { fatal: errors === 'strict', ignoreBOM: true });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new CodecError('the name of a codec, as utf-8, latin-1 or windows-1252');
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, errors: TextErrors): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return errors === 'ignore' ? text.replaceAll('\uFFFD', '') : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The characters of windows-1252 from 0x80 to 0x9F. */
const WINDOWS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function decodeWindows(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return text.replaceAll(/[\x80-\x9f]/g, (byte) => WINDOWS[byte.charCodeAt(0) - 0x80] ?? byte);
}

/** Appends `bytes[start, end)` as UTF-8; `false`, and nothing appended, for bytes that are refused. */
export function appendDecoded(
  sink: TextSink,
  bytes: Uint8Array,
  start: number,
  end: number,
  codec: TextCodec,
): boolean {
  const { length } = sink;
  const isText = appendAny(sink, bytes, start, end, codec);
  if (!isText) sink.length = length;
  return isText;
}

function appendAny(
  sink: TextSink,
  bytes: Uint8Array,
  start: number,
  end: number,
  { encoding, errors, decode }: TextCodec,
): boolean {
  sink.reserve((end - start) * 3);
  switch (encoding) {
    case 'utf-8':
      return appendUtf8(sink, bytes, start, end, errors);
    case 'latin-1':
      return appendLatin1(sink, bytes, start, end);
    case 'ascii':
      return appendAscii(sink, bytes, start, end, errors);
    case 'other': {
      const text = decode(bytes.subarray(start, end));
      if (text !== undefined) sink.appendText(text);
      return text !== undefined;
    }
  }
}

function appendUtf8(
  sink: TextSink,
  bytes: Uint8Array,
  start: number,
  end: number,
  errors: TextErrors,
): boolean {
  for (let position = start; position < end;) {
    const length = characterLength(bytes, position, end);
    if (length > 0) {
      for (let i = 0; i < length; i++) sink.put(bytes[position + i] ?? 0);
      position += length;
    } else {
      if (!appendMistake(sink, errors)) return false;
      position -= length;
    }
  }
  return true;
}

/** Bytes of the character at a position; the negative number of bytes to leave out where there is none. */
function characterLength(bytes: Uint8Array, position: number, end: number): number {
  const first = bytes[position] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return -1;
  const second = position + 1 < end ? (bytes[position + 1] ?? 0) : 0;
  if (second < lowestSecond(first) || second > highestSecond(first)) return -1;
  for (let i = 2; i < length; i++) {
    const next = position + i < end ? (bytes[position + i] ?? 0) : 0;
    if ((next & 0xc0) !== 0x80) return -i;
  }
  return length;
}

/** Overlong forms and surrogates are no characters: table 3-7 of the Unicode Standard. */
function lowestSecond(first: number): number {
  if (first === 0xe0) return 0xa0;
  return first === 0xf0 ? 0x90 : 0x80;
}

function highestSecond(first: number): number {
  if (first === 0xed) return 0x9f;
  return first === 0xf4 ? 0x8f : 0xbf;
}

function appendMistake(sink: TextSink, errors: TextErrors): boolean {
  if (errors === 'replace') for (const byte of REPLACEMENT) sink.put(byte);
  return errors !== 'strict';
}

function appendLatin1(sink: TextSink, bytes: Uint8Array, start: number, end: number): true {
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    if (byte < 0x80) sink.put(byte);
    else {
      sink.put(0xc0 | (byte >> 6));
      sink.put(0x80 | (byte & 0x3f));
    }
  }
  return true;
}

function appendAscii(
  sink: TextSink,
  bytes: Uint8Array,
  start: number,
  end: number,
  errors: TextErrors,
): boolean {
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    if (byte < 0x80) sink.put(byte);
    else if (!appendMistake(sink, errors)) return false;
  }
  return true;
}

/** Appends bytes as ASCII, those beyond it escaped; `false`, and nothing appended, where they are refused. */
export function appendEscaped(
  sink: TextSink,
  bytes: Uint8Array,
  start: number,
  end: number,
  mode: AsciiMode,
): boolean {
  const { length } = sink;
  sink.reserve((end - start) * 4);
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    if (byte < 0x80 && (mode !== 'encode' || byte !== BACKSLASH)) sink.put(byte);
    else if (mode === 'strict') {
      sink.length = length;
      return false;
    } else {
      sink.put(BACKSLASH);
      sink.put(ZERO + (byte >> 6));
      sink.put(ZERO + ((byte >> 3) & 7));
      sink.put(ZERO + (byte & 7));
    }
  }
  return true;
}
