// The codecs that Arrow knows for the buffers of a record batch: zstd, compiled to WebAssembly, and LZ4 frames.
// Both are loaded when they are first needed, and at once, because columns are read synchronously.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Compression } from '../../model/column-type.ts';

/** A codec of a file. */
export type Codec = Exclude<Compression, 'none'>;

/** zstd's level with the best speed for what it saves: see bench/README.md. */
const ZSTD_LEVEL = 1;

/** What is used of the Emscripten module of @bokuweb/zstd-wasm. */
interface ZstdModule {
  HEAPU8: Uint8Array;
  instantiateWasm?: (imports: object, receive: (instance: object) => unknown) => unknown;
  readonly init: (bytes: Uint8Array) => void;
  readonly _malloc: (size: number) => number;
  readonly _free: (at: number) => void;
  readonly _ZSTD_compressBound: (size: number) => number;
  readonly _ZSTD_compress: (...numbers: readonly number[]) => number;
  readonly _ZSTD_decompress: (...numbers: readonly number[]) => number;
  readonly _ZSTD_isError: (result: number) => number;
}

/** As far as Node's types lack it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => object;
}

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
    if (plain.length !== target.length) throw new Error('a compressed column has another length');
    target.set(plain);
  }
}

/** Memory of the WebAssembly module that is kept, and the calls that work in it. */
class Zstd {
  readonly #module: ZstdModule;
  #input = { at: 0, size: 0 };
  #output = { at: 0, size: 0 };

  constructor(module: ZstdModule) {
    this.#module = module;
  }

  compress(bytes: Uint8Array): Uint8Array {
    const module = this.#module;
    this.#input = this.#reserve(this.#input, bytes.length);
    this.#output = this.#reserve(this.#output, module._ZSTD_compressBound(bytes.length));
    const [input, output] = [this.#input, this.#output];
    module.HEAPU8.set(bytes, input.at);
    const size = module._ZSTD_compress(output.at, output.size, input.at, bytes.length, ZSTD_LEVEL);
    if (module._ZSTD_isError(size) !== 0) throw new Error('zstd cannot compress');
    return module.HEAPU8.subarray(output.at, output.at + size);
  }

  decompress(bytes: Uint8Array, target: Uint8Array): void {
    const module = this.#module;
    this.#input = this.#reserve(this.#input, bytes.length);
    this.#output = this.#reserve(this.#output, target.length);
    const [input, output] = [this.#input, this.#output];
    module.HEAPU8.set(bytes, input.at);
    const size = module._ZSTD_decompress(output.at, target.length, input.at, bytes.length);
    if (size !== target.length) throw new Error('a compressed column has another length');
    target.set(module.HEAPU8.subarray(output.at, output.at + size));
  }

  #reserve(
    memory: { readonly at: number; readonly size: number },
    size: number,
  ): { at: number; size: number } {
    if (size <= memory.size) return memory;
    this.#module._free(memory.at);
    const at = this.#module._malloc(size);
    if (at === 0) throw new Error('zstd has no memory left');
    return { at, size };
  }
}

function loadLz4(): Lz4Module {
  lz4 ??= createRequire(import.meta.url)('lz4-napi') as Lz4Module;
  return lz4;
}

function loadZstd(): Zstd {
  zstd ??= new Zstd(startZstd());
  return zstd;
}

/** Starts the package's module synchronously, which its own entry does not do. */
function startZstd(): ZstdModule {
  const load = createRequire(import.meta.url);
  const directory = dirname(load.resolve('@bokuweb/zstd-wasm'));
  const { Module: module } = load(join(directory, 'zstd.js')) as { readonly Module: ZstdModule };
  const bytes = readFileSync(join(directory, 'zstd.wasm'));
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  module.instantiateWasm = (imports, receive) =>
    receive(new wasm.Instance(new wasm.Module(bytes), imports));
  module.init(bytes);
  return module;
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
