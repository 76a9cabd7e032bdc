// Compresses the buffers of one file's record batches where that helps, in the way that was best for those of the same
// column in batches before: what it does with a batch depends on these, but reading it does not.

import type { Codec } from './codecs.ts';
import { compress } from './codecs.ts';
import { literalFrame } from './literal-frames.ts';
import { repeatFrame, repeatShape } from './repeat-frames.ts';

/** A compressed buffer is kept if it is at most this part of the plain one: reading it takes ten times as long. */
const WORTHWHILE = 0.85;
/** Whoever reads any text of a column reads its offsets, and they shrink slowly. */
const WORTHWHILE_OFFSETS = 0.5;
/** Shorter buffers are left as they are. */
const SHORTEST = 512;
/** Frames that are made here are taken if they are at most so much longer: they are made several times as fast. */
const LONGER = 1.6;
/** Batches from one in which everything is tried to the next. */
const TRIAL_INTERVAL = 16;

/** A buffer among those of a column. */
export interface BufferPlace {
  readonly column: number;
  readonly index: number;
  readonly isOffsets: boolean;
  /** Bytes of each value; 0 when that varies. */
  readonly valueBytes: number;
}

/** How a buffer is stored. */
type Way = (bytes: Uint8Array, mostBytes: number) => Uint8Array | undefined;

/** Compresses buffers. One for each file, because it learns. */
export class BufferPacker {
  readonly codec: Codec;
  /** What was compressed for one batch: memory that is used again, because new memory costs more than what is put there. */
  #kept = new Uint8Array(0);
  #used = 0;
  readonly #ways = new Map<number, { readonly way: Way; left: number }>();

  constructor(codec: Codec) {
    this.codec = codec;
  }

  /** Begins a batch: what was given for the one before is no longer valid. */
  begin(): void {
    this.#used = 0;
  }

  /** Gives the compressed bytes, which stay valid for this batch; `undefined` if the buffer is better left as it is. */
  pack(bytes: Uint8Array, place: BufferPlace): Uint8Array | undefined {
    if (bytes.length < SHORTEST) return undefined;
    const most = bytes.length * (place.isOffsets ? WORTHWHILE_OFFSETS : WORTHWHILE);
    const key = place.column * 4 + place.index;
    const known = this.#ways.get(key);
    if (known !== undefined && known.left > 0) {
      known.left--;
      if (known.way === plain) return undefined;
      return this.#keep(known.way(bytes, most) ?? this.#compressed(bytes, most));
    }
    const { way, packed } = this.#best(bytes, place, most);
    this.#ways.set(key, { way, left: TRIAL_INTERVAL - 1 });
    return packed;
  }

  /** Tries all ways. */
  #best(
    bytes: Uint8Array,
    place: BufferPlace,
    most: number,
  ): { readonly way: Way; readonly packed: Uint8Array | undefined } {
    const packed = this.#keep(this.#compressed(bytes, most));
    const own = this.codec === 'zstd' ? ownWay(bytes, place.valueBytes) : plain;
    const made = own(bytes, most);
    if (made !== undefined && made.length <= (packed?.length ?? Infinity) * LONGER) {
      return { way: own, packed: this.#keep(made) };
    }
    return { way: packed === undefined ? plain : this.#compressed, packed };
  }

  #keep(bytes: Uint8Array | undefined): Uint8Array | undefined {
    if (bytes === undefined) return undefined;
    if (this.#used + bytes.length > this.#kept.length) {
      // What was given before stays where it is.
      this.#kept = new Uint8Array(Math.max(bytes.length, this.#kept.length * 2));
      this.#used = 0;
    }
    const copy = this.#kept.subarray(this.#used, this.#used + bytes.length);
    copy.set(bytes);
    this.#used += bytes.length;
    return copy;
  }

  readonly #compressed: Way = (bytes, most) => {
    const packed = compress(this.codec, bytes);
    return packed.length > most ? undefined : packed;
  };
}

const plain: Way = () => undefined;

/** What zstd frames of such values are made by here. */
function ownWay(bytes: Uint8Array, valueBytes: number): Way {
  if (valueBytes !== 4 && valueBytes !== 8) return literalFrame;
  const shape = repeatShape(bytes, valueBytes);
  return shape === undefined ? plain : (values, most) => repeatFrame(values, shape, most);
}
