// Decodes UTF-7 (RFC 2152): ASCII, with `+…-` around UTF-16 in base64.

const PLUS = 43;
const MINUS = 45;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LONE_SURROGATE = /\p{Cs}/u;
const VALUES = new Int8Array(256).fill(-1);
for (let i = 0; i < BASE64.length; i++) VALUES[BASE64.charCodeAt(i)] = i;

/** Decodes bytes; `undefined` where mistakes are not allowed and there is one. */
export function decodeUtf7(
  bytes: Uint8Array,
  errors: 'strict' | 'replace' | 'ignore',
): string | undefined {
  const mistake = errors === 'replace' ? '\uFFFD' : '';
  let text = '';
  let hasMistake = false;
  for (let position = 0; position < bytes.length;) {
    const byte = bytes[position++] ?? 0;
    if (byte !== PLUS) {
      hasMistake ||= byte > 127;
      text += byte > 127 ? mistake : String.fromCharCode(byte);
    } else if (bytes[position] === MINUS) {
      text += '+';
      position++;
    } else {
      const end = endOfBase64(bytes, position);
      const units = unitsOf(bytes, position, end);
      position = bytes[end] === MINUS ? end + 1 : end;
      const isWrong = units === undefined || LONE_SURROGATE.test(units);
      hasMistake ||= isWrong;
      text += isWrong ? mistake : units;
    }
  }
  return hasMistake && errors === 'strict' ? undefined : text;
}

function endOfBase64(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && (VALUES[bytes[end] ?? 0] ?? -1) >= 0) end++;
  return end;
}

/** The UTF-16 in base64; `undefined` when there is none, or bits are left that are not zero. */
function unitsOf(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  let bits = 0;
  let count = 0;
  for (let position = start; position < end; position++) {
    bits = ((bits << 6) | (VALUES[bytes[position] ?? 0] ?? 0)) & 0x3f_ff_ff;
    count += 6;
    if (count < 16) continue;
    count -= 16;
    text += String.fromCharCode((bits >> count) & 0xff_ff);
  }
  const isClean = count < 6 && (bits & ((1 << count) - 1)) === 0;
  return text !== '' && isClean ? text : undefined;
}
