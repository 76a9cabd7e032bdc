// Writes a file from its beginning to its end past the memory that the system keeps of files, where it can be done: two
// blocks in turn, one being written while the other is filled. Elsewhere it is written as any file.
// Saves the system what costs more than the disk: finding, and taking from others, as much memory as the file is long.

import { close, constants, ftruncate, openSync, write } from 'node:fs';

/** Called when something is done, or has failed. */
export type Done = (error?: Error | null) => void;

/** Positions, lengths and addresses must be multiples of this, which is enough for all disks. */
const ALIGNMENT = 4096;
const BLOCK_BYTES = 4 << 20;
const PAGE_BYTES = 65_536;

/** As far as Node's types lack it. */
interface WebAssemblyApi {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
}

/** A new file, written in one go. */
export class UncachedFile {
  readonly #path: string;
  #fd: number;
  #isDirect: boolean;
  readonly #blocks: readonly [Buffer, Buffer];
  #block = 0;
  /** Bytes in the present block. */
  #filled = 0;
  /** Bytes in the blocks before. */
  #position = 0;
  /** What waits for the block that is being written; `undefined` when there is none. */
  #waiting: Done | undefined;
  #isWriting = false;
  #error: Error | undefined;

  /** Creates or replaces the file. */
  constructor(path: string) {
    this.#path = path;
    const direct = openDirect(path);
    this.#isDirect = direct !== undefined;
    this.#fd = direct ?? openSync(path, 'w');
    this.#blocks = alignedBlocks();
  }

  /** Takes bytes, which may change when it is done. To be called when the call before is done. */
  write(bytes: Buffer, done: Done): void {
    const block = this.#blocks[this.#block] ?? bytes;
    const count = bytes.copy(block, this.#filled);
    this.#filled += count;
    if (this.#filled < BLOCK_BYTES) return done(this.#error);
    this.#whenFree((error) => {
      if (error !== undefined && error !== null) return done(error);
      this.#start(BLOCK_BYTES);
      this.#position += BLOCK_BYTES;
      this.#block = 1 - this.#block;
      this.#filled = 0;
      if (count < bytes.length) this.write(bytes.subarray(count), done);
      else done();
    });
  }

  /** Writes what is left. */
  end(done: Done): void {
    const size = this.#position + this.#filled;
    this.#whenFree((error) => {
      if (error !== undefined && error !== null) return done(error);
      this.#start(Math.ceil(this.#filled / ALIGNMENT) * ALIGNMENT);
      this.#whenFree((last) => {
        if (last !== undefined && last !== null) done(last);
        else ftruncate(this.#fd, size, done);
      });
    });
  }

  /** Closes the file, when nothing is being written any more. */
  close(done: Done): void {
    this.#whenFree(() => close(this.#fd, done));
  }

  #whenFree(then: Done): void {
    if (this.#isWriting) this.#waiting = then;
    else then(this.#error);
  }

  /** Starts to write the beginning of the present block. */
  #start(length: number): void {
    const block = this.#blocks[this.#block];
    if (block === undefined || length === 0) return;
    this.#isWriting = true;
    this.#put({ block, from: 0, length, position: this.#position });
  }

  #put(part: { block: Buffer; from: number; length: number; position: number }): void {
    const { block, from, length, position } = part;
    write(this.#fd, block, from, length, position, (error, written) => {
      if (error !== null && error.code === 'EINVAL' && this.#isDirect) {
        this.#giveUpDirect(part);
      } else if (error !== null || written === length) {
        this.#ended(error ?? undefined);
      } else {
        const rest = { from: from + written, length: length - written };
        this.#put({ block, ...rest, position: position + written });
      }
    });
  }

  #ended(error: Error | undefined): void {
    this.#isWriting = false;
    this.#error ??= error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(this.#error);
  }

  /** Goes on as with any file: this one's disk has other rules, or a part of a block was written. */
  #giveUpDirect(part: { block: Buffer; from: number; length: number; position: number }): void {
    this.#isDirect = false;
    close(this.#fd, () => {
      try {
        this.#fd = openSync(this.#path, constants.O_WRONLY);
        this.#put(part);
      } catch (error) {
        this.#ended(error as Error);
      }
    });
  }
}

/** `undefined` where files cannot be written that way. */
function openDirect(path: string): number | undefined {
  const { O_DIRECT, O_WRONLY, O_CREAT, O_TRUNC } = constants;
  // Other systems than Linux have no such constant, whatever its type says.
  if (!Number.isInteger(O_DIRECT)) return undefined;
  try {
    return openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_DIRECT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return undefined;
    throw error;
  }
}

/** Memory of WebAssembly begins at a page. */
function alignedBlocks(): readonly [Buffer, Buffer] {
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const pages = (2 * BLOCK_BYTES) / PAGE_BYTES;
  const { buffer } = new wasm.Memory({ initial: pages, maximum: pages });
  return [Buffer.from(buffer, 0, BLOCK_BYTES), Buffer.from(buffer, BLOCK_BYTES)];
}
