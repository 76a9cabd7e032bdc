// Copies many short runs of bytes, four bytes at a time, which takes a third of the time that single bytes take.

import type { ByteSlices } from './column-input.ts';

/** Bytes that may be written behind the last value, and must be there. */
export const SLACK_BYTES = 4;

/** Up to here a loop is faster than a call into native code. */
const SHORT = 64;

/** Where to copy to. */
export interface SliceTarget {
  /** Has room for all values and `SLACK_BYTES`. */
  readonly bytes: Uint8Array;
  /** Gets the end of each value; has room for all. */
  readonly offsets: Int32Array;
  /** Values and bytes that are there already. */
  readonly row: number;
  readonly size: number;
}

/** Copies slices of one run of bytes to another, as a rule the same two many times: making a view takes a while. */
export class SliceCopier {
  #source: DataView = new DataView(new ArrayBuffer(0));
  #target: DataView = new DataView(new ArrayBuffer(0));

  /** Copies slices, one behind the other; returns where the last one ends. */
  copy(source: Uint8Array, slices: ByteSlices, target: SliceTarget): number {
    const { starts, ends, from, to, step = 1 } = slices;
    const { bytes, offsets } = target;
    this.#source = viewOf(source, this.#source);
    this.#target = viewOf(bytes, this.#target);
    const [input, output] = [this.#source, this.#target];
    const lastWord = source.length - SLACK_BYTES;
    let row = target.row;
    let size = target.size;
    for (let i = from; i < to; i += step) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      if (end - start > SHORT || end > lastWord) bytes.set(source.subarray(start, end), size);
      else {
        const shift = size - start;
        for (let at = start; at < end; at += 4) output.setInt32(at + shift, input.getInt32(at));
      }
      size += end - start;
      offsets[++row] = size;
    }
    return size;
  }
}

/** A view of bytes: the one before, if it is of the same. */
export function viewOf({ buffer, byteOffset, length }: Uint8Array, before: DataView): DataView {
  const isSame =
    before.buffer === buffer && before.byteOffset === byteOffset && before.byteLength === length;
  return isSame ? before : new DataView(buffer, byteOffset, length);
}
