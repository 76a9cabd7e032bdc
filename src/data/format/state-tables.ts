// Tables of states for the codes of zstd's sequences: finite state entropy as RFC 8878 has it (4.1), on the side that
// encodes. What the kernels read of a table is laid out here; that it follows from the counts is known to the decoder.

/** States of a table: 128, of which zstd allows 256 at most for distances. */
const LOG = 7;
const STATES = 1 << LOG;
/** Codes there is room for in a table, and bytes of each. */
const CODES = 64;
const ENTRY_BYTES = 8;
/** Bytes of a table in memory. */
export const STATE_TABLE_BYTES: number = CODES * ENTRY_BYTES + STATES * 2;

/** How a block says what its table is: a single code, or a description of the table. */
const SINGLE = 1;
const DESCRIBED = 2;

/** A table of states. */
export interface StateTable {
  readonly mode: number;
  /** What stands in a block that uses the table. */
  readonly description: Uint8Array;
  /** Bits of a state. */
  readonly log: number;
  /** What the kernels read: see `nextState` there. */
  readonly memory: Uint8Array;
}

/** Makes the table for codes of which each occurs as often as `counts` says; at least one does. */
export function stateTable(counts: Uint32Array): StateTable {
  const codes = [...counts.keys()].filter((code) => (counts[code] ?? 0) > 0);
  const memory = new Uint8Array(STATE_TABLE_BYTES);
  if (codes.length === 1) {
    return { mode: SINGLE, description: Uint8Array.from(codes), log: 0, memory };
  }
  const shares = sharesOf(counts);
  fillTable(shares, memory);
  return { mode: DESCRIBED, description: describe(shares), log: LOG, memory };
}

/** Bits that codes take, on average as good as exactly. */
export function stateBits(counts: Uint32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce(
    (bits, count) => (count === 0 ? bits : bits + count * Math.log2(total / count)),
    0,
  );
}

/** How many of the states each code gets: at least one if it occurs. */
function sharesOf(counts: Uint32Array): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = Int32Array.from(counts, (count) =>
    count === 0 ? 0 : Math.max(1, Math.round((count * STATES) / total)),
  );
  let rest = STATES - shares.reduce((sum, share) => sum + share, 0);
  while (rest !== 0) {
    const largest = shares.indexOf(Math.max(...shares));
    const step = rest > 0 ? rest : -1;
    shares[largest] = (shares[largest] ?? 0) + step;
    rest -= step;
  }
  return shares;
}

function fillTable(shares: Int32Array, memory: Uint8Array): void {
  const entries = new Int32Array(memory.buffer, 0, CODES * 2);
  const states = new Uint16Array(memory.buffer, CODES * ENTRY_BYTES, STATES);
  const next = new Int32Array(shares.length);
  let before = 0;
  for (const [code, share] of shares.entries()) {
    if (share === 0) continue;
    // Bits that the states of this code give away at most, and the states from which on they do.
    const bits = share === 1 ? LOG : LOG - (31 - Math.clz32(share - 1));
    entries[code * 2] = (bits << 16) - (share << bits);
    entries[code * 2 + 1] = before - share;
    next[code] = before;
    before += share;
  }
  const codes = spread(shares);
  for (let state = 0; state < STATES; state++) {
    const code = codes[state] ?? 0;
    const at = next[code] ?? 0;
    states[at] = STATES + state;
    next[code] = at + 1;
  }
}

/** The code of each state. */
function spread(shares: Int32Array): Uint8Array {
  const codes = new Uint8Array(STATES);
  const step = (STATES >> 1) + (STATES >> 3) + 3;
  let state = 0;
  for (const [code, share] of shares.entries()) {
    for (let i = 0; i < share; i++) {
      codes[state] = code;
      state = (state + step) & (STATES - 1);
    }
  }
  return codes;
}

/** Writes the shares in as few bits as what is left of the states allows. */
function describe(shares: Int32Array): Uint8Array {
  const bits = new BitList();
  bits.put(LOG - 5, 4);
  let left = STATES + 1;
  let threshold = STATES;
  let width = LOG + 1;
  for (let code = 0; left > 1; code++) {
    const share = shares[code] ?? 0;
    const spare = 2 * threshold - 1 - left;
    left -= share;
    // Numbers are shares plus 1. Of `width` bits only those are used that the low numbers do not need.
    const value = share + 1;
    const isShort = value < spare;
    bits.put(value >= threshold ? value + spare : value, isShort ? width - 1 : width);
    while (left < threshold) {
      width--;
      threshold >>= 1;
    }
    if (share === 0) code += putGap(bits, shares, code + 1);
  }
  return bits.bytes();
}

/** Writes how many more codes do not occur from `first` on; gives their number. */
function putGap(bits: BitList, shares: Int32Array, first: number): number {
  let gap = 0;
  while (shares[first + gap] === 0) gap++;
  for (let left = gap; ; left -= 3) {
    bits.put(Math.min(3, left), 2);
    if (left < 3) return gap;
  }
}

/** Bits in ascending order of significance. */
class BitList {
  readonly #bytes: number[] = [];
  #word = 0;
  #count = 0;

  /** 16 bits at most. */
  put(value: number, count: number): void {
    this.#word |= value << this.#count;
    this.#count += count;
    for (; this.#count >= 8; this.#count -= 8) {
      this.#bytes.push(this.#word & 0xff);
      this.#word >>>= 8;
    }
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#count > 0 ? [...this.#bytes, this.#word] : this.#bytes);
  }
}
