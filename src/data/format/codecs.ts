// The codecs that Arrow knows for the buffers of a record batch: zstd and LZ4 frames. Both are native and synchronous,
// because columns are read synchronously, and are loaded when they are first needed.

import { createRequire } from 'node:module';

import type * as ZstdBinding from 'zstd-napi/binding.js';

import type { Compression } from '../../model/column-type.ts';

/** A codec of a file. */
export type Codec = Exclude<Compression, 'none'>;

/** zstd's level with the best speed for what it saves: see bench/README.md. */
const ZSTD_LEVEL = 1;

interface Lz4Module {
  readonly compressFrameSync: (bytes: Buffer) => Buffer;
  readonly decompressFrameSync: (bytes: Buffer) => Buffer;
}

let zstd: Zstd | undefined;
let lz4: Lz4Module | undefined;

/** Compresses a buffer; what is returned is valid until the next call. */
export function compress(codec: Codec, bytes: Uint8Array): Uint8Array {
  if (codec === 'lz4') return loadLz4().compressFrameSync(asBuffer(bytes));
  return loadZstd().compress(bytes);
}

/** Decompresses into `target`, which must be filled exactly. */
export function decompress(codec: Codec, bytes: Uint8Array, target: Uint8Array): void {
  if (codec === 'zstd') loadZstd().decompress(bytes, target);
  else {
    const plain = loadLz4().decompressFrameSync(asBuffer(bytes));
    checkLength(plain.length, target);
    target.set(plain);
  }
}

/** The contexts of a thread, and memory for what it compresses. */
class Zstd {
  readonly #binding: typeof ZstdBinding;
  readonly #compressor: ZstdBinding.CCtx;
  readonly #decompressor: ZstdBinding.DCtx;
  #output = new Uint8Array(0);

  constructor(binding: typeof ZstdBinding) {
    this.#binding = binding;
    this.#compressor = new binding.CCtx();
    this.#decompressor = new binding.DCtx();
  }

  compress(bytes: Uint8Array): Uint8Array {
    const most = this.#binding.compressBound(bytes.length);
    if (this.#output.length < most) this.#output = new Uint8Array(most);
    const size = this.#compressor.compress(this.#output, bytes, ZSTD_LEVEL);
    return this.#output.subarray(0, size);
  }

  decompress(bytes: Uint8Array, target: Uint8Array): void {
    checkLength(this.#decompressor.decompress(target, bytes), target);
  }
}

function checkLength(length: number, target: Uint8Array): void {
  if (length !== target.length) throw new Error('a compressed column has another length');
}

function loadLz4(): Lz4Module {
  lz4 ??= createRequire(import.meta.url)('lz4-napi') as Lz4Module;
  return lz4;
}

function loadZstd(): Zstd {
  zstd ??= new Zstd(createRequire(import.meta.url)('zstd-napi/binding.js') as typeof ZstdBinding);
  return zstd;
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
