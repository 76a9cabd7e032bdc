// Compresses the buffers of one file's record batches where that helps, in the way that was best for those of the same
// column in batches before: what it does with a batch depends on these, but reading it does not.

import type { Codec } from './codecs.ts';
import { compress } from './codecs.ts';
import { literalFrame } from './literal-frames.ts';

/** A compressed buffer is kept if it is at most this part of the plain one: reading it takes ten times as long. */
const WORTHWHILE = 0.85;
/** Whoever reads any text of a column reads its offsets, and they shrink slowly. */
const WORTHWHILE_OFFSETS = 0.5;
/** Shorter buffers are left as they are. */
const SHORTEST = 512;
/** Literals alone are taken if they are at most so much longer: they are made three times as fast. */
const LITERALS_LONGER = 4 / 3;
/** Batches from one in which everything is tried to the next. */
const TRIAL_INTERVAL = 16;

type Way = 'plain' | 'literals' | 'codec';

/** Compresses buffers. One for each file, because it learns. */
export class BufferPacker {
  readonly codec: Codec;
  readonly #ways = new Map<number, { readonly way: Way; left: number }>();

  constructor(codec: Codec) {
    this.codec = codec;
  }

  /** Gives the compressed bytes, which stay valid; `undefined` if the buffer is better left as it is. */
  pack(
    bytes: Uint8Array,
    place: { readonly column: number; readonly index: number; readonly isOffsets: boolean },
  ): Uint8Array | undefined {
    if (bytes.length < SHORTEST) return undefined;
    const most = bytes.length * (place.isOffsets ? WORTHWHILE_OFFSETS : WORTHWHILE);
    const key = place.column * 4 + place.index;
    const known = this.#ways.get(key);
    if (known === undefined || known.left === 0) return this.#try(key, bytes, most);
    known.left--;
    if (known.way === 'plain') return undefined;
    const literals = known.way === 'literals' ? literalFrame(bytes, most) : undefined;
    return literals?.slice() ?? this.#compressed(bytes, most);
  }

  #try(key: number, bytes: Uint8Array, most: number): Uint8Array | undefined {
    const packed = this.#compressed(bytes, most);
    const literals = this.codec === 'zstd' ? literalFrame(bytes, most) : undefined;
    const isBetter =
      literals !== undefined &&
      (packed === undefined || literals.length <= packed.length * LITERALS_LONGER);
    const way = isBetter ? 'literals' : packed === undefined ? 'plain' : 'codec';
    this.#ways.set(key, { way, left: TRIAL_INTERVAL - 1 });
    return isBetter ? literals.slice() : packed;
  }

  #compressed(bytes: Uint8Array, most: number): Uint8Array | undefined {
    const packed = compress(this.codec, bytes);
    return packed.length > most ? undefined : packed.slice();
  }
}
