// Encodes the sequences of a zstd block: for each some literals and a repeat at a distance. All repeats are of one length,
// which needs no bits. A sequence is two 32-bit numbers: literals, and distance in zstd's numbering.

/** Adds to 64 counts of codes of literals, and behind them 32 of distances, how often each occurs. */
export function countCodes(sequences: usize, count: i32, counts: usize): void {
  const distances = counts + 256;
  const end = sequences + (usize(count) << 3);
  for (let at = sequences; at < end; at += 8) {
    increase(counts, literalsCode(load<u32>(at)));
    increase(distances, distanceCode(load<u32>(at + 4)));
  }
}

function increase(counts: usize, code: u32): void {
  const at = counts + (usize(code) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** The code of a number of literals, as RFC 8878 has it. */
function literalsCode(literals: u32): u32 {
  if (literals < 16) return literals;
  if (literals >= 64) return 50 - u32(clz<u32>(literals));
  if (literals < 24) return 16 + ((literals - 16) >> 1);
  if (literals < 32) return 20 + ((literals - 24) >> 2);
  return literals < 48 ? 22 + ((literals - 32) >> 3) : 24;
}

/** How many bits follow the code of a number of literals. */
function literalsBits(code: u32): u32 {
  if (code < 16) return 0;
  if (code > 24) return code - 19;
  if (code < 20) return 1;
  return code < 24 ? (code >> 1) - 8 : 4;
}

function distanceCode(distance: u32): u32 {
  return 31 - u32(clz<u32>(distance));
}

let word: u64 = 0;
let bits: u64 = 0;

function put(value: u32, count: u32): void {
  word |= (u64(value) & (((<u64>1) << u64(count)) - 1)) << bits;
  bits += u64(count);
}

/** The first state of a table; see `nextState`. */
function firstState(table: usize, code: u32): u32 {
  const entry = table + (usize(code) << 3);
  const change = load<u32>(entry);
  const count = (change + 0x8000) >> 16;
  const value = (count << 16) - change;
  return stateAt(table, i32(value >> count) + load<i32>(entry + 4));
}

/**
 * Writes the bits that lead from a state to that of the next code. A table holds for each of 64 codes what to add to a
 * state for the number of bits times 65536, and where in the list of states behind these, of 16 bits each, to look.
 */
function nextState(table: usize, state: u32, code: u32): u32 {
  const entry = table + (usize(code) << 3);
  const count = (state + load<u32>(entry)) >> 16;
  put(state, count);
  return stateAt(table, i32(state >> count) + load<i32>(entry + 4));
}

function stateAt(table: usize, index: i32): u32 {
  return u32(load<u16>(table + 512 + (usize(index) << 1)));
}

/** Writes what follows the codes of a sequence, and what is complete of all that was written. */
function putRest(literals: u32, literalCode: u32, distance: u32, far: u32, to: usize): usize {
  put(literals, literalsBits(literalCode));
  put(distance, far);
  store<u64>(to, word);
  to += usize(bits >> 3);
  word = bits >> 3 === 8 ? 0 : word >> (bits & ~(<u64>7));
  bits &= 7;
  return to;
}

/**
 * Writes at least one sequence, the last one first, with tables of states for literals and for distances; returns how many
 * bytes that takes. The bits of a state are 7 at most. Up to 8 bytes behind are overwritten.
 */
export function encodeSequences(
  sequences: usize,
  count: i32,
  literalsTable: usize,
  literalsLog: u32,
  distanceTable: usize,
  distanceLog: u32,
  target: usize,
): i32 {
  let at = sequences + (usize(count - 1) << 3);
  let to = target;
  let literals = load<u32>(at);
  let distance = load<u32>(at + 4);
  let literalCode = literalsCode(literals);
  let far = distanceCode(distance);
  let distanceState = firstState(distanceTable, far);
  let literalsState = firstState(literalsTable, literalCode);
  word = 0;
  bits = 0;
  to = putRest(literals, literalCode, distance, far, to);
  while (at > sequences) {
    at -= 8;
    literals = load<u32>(at);
    distance = load<u32>(at + 4);
    literalCode = literalsCode(literals);
    far = distanceCode(distance);
    distanceState = nextState(distanceTable, distanceState, far);
    literalsState = nextState(literalsTable, literalsState, literalCode);
    to = putRest(literals, literalCode, distance, far, to);
  }
  put(distanceState, distanceLog);
  put(literalsState, literalsLog);
  put(1, 1);
  store<u64>(to, word);
  return i32(to - target) + i32((bits + 7) >> 3);
}
