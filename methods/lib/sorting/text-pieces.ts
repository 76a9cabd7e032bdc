// Memory for texts that come in any order: texts of one block of places lie in a few pieces of it, so that who reads them
// block by block finds them in the processor's cache. Unaware of where in a block a text belongs.

const MOST_PIECE_BYTES = 65_536;
const FEWEST_PIECE_BYTES = 1024;
/** Pieces of a block, about: what is left over of the last one is no large part of them. */
const PIECES = 16;
/** A text that is larger than this part of a piece gets memory of its own: what is left over of pieces is less. */
const SMALL_PART = 8;
const MAX_BYTES = 0x7f_ff_ff_ff;

/** Pieces of memory, behind each of which there is room for a few bytes more. */
export class TextPieces {
  /** Texts of at most so many bytes are put into pieces. */
  readonly mostBytes: number;
  /** For each block where its next text goes, and where its present piece ends. */
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly #expected: number;
  readonly #slack: number;
  readonly #pieceBytes: number;
  #bytes = new Uint8Array(0);
  #used = 0;

  /** `expected` is about what all texts will take; `slack` what may be written beyond each. */
  constructor(blocks: number, expected: number, slack: number) {
    this.#expected = Math.min(MAX_BYTES, Math.ceil(expected));
    this.#slack = slack;
    const size = Math.ceil(this.#expected / Math.max(1, blocks) / PIECES);
    this.#pieceBytes = Math.max(FEWEST_PIECE_BYTES, Math.min(MOST_PIECE_BYTES, size));
    this.mostBytes = Math.floor(this.#pieceBytes / SMALL_PART) - slack;
    this.heads = new Int32Array(blocks);
    this.tails = new Int32Array(blocks);
  }

  /** All pieces; another array once memory has been taken. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** Forgets all texts and keeps the memory. */
  clear(): void {
    this.#used = 0;
    this.heads.fill(0);
    this.tails.fill(0);
  }

  /** Finds room for a text that the present piece of its block has none for: in another one, or by itself. */
  place(block: number, length: number): number {
    if (length > this.mostBytes) return this.take(length + this.#slack);
    const at = this.take(this.#pieceBytes);
    this.heads[block] = at + length;
    this.tails[block] = at + this.#pieceBytes;
    return at;
  }

  /** Takes memory that belongs to no block; returns where it begins. */
  take(size: number): number {
    const at = this.#used;
    this.#used = at + size;
    const needed = this.#used + this.#slack;
    if (needed > this.#bytes.length) {
      const wanted = Math.min(MAX_BYTES, this.#bytes.length * 1.5);
      const grown = new Uint8Array(Math.max(needed, this.#expected, wanted));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    return at;
  }
}
