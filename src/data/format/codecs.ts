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

/** The Emscripten module of @bokuweb/zstd-wasm. */
interface ZstdModule extends Readonly<
  Record<`_${string}`, (...numbers: readonly number[]) => number>
> {
  readonly HEAPU8: Uint8Array;
  instantiateWasm?: (imports: object, receive: (instance: object) => unknown) => unknown;
  readonly init: (bytes: Uint8Array) => void;
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

  #call(name: string, ...numbers: readonly number[]): number {
    const call = this.#module[`_${name}`];
    if (call === undefined) throw new Error(`Internal error: zstd has no ${name}`);
    return call(...numbers);
  }

  compress(bytes: Uint8Array): Uint8Array {
    const module = this.#module;
    this.#input = this.#reserve(this.#input, bytes.length);
    this.#output = this.#reserve(this.#output, this.#call('ZSTD_compressBound', bytes.length));
    const [input, output] = [this.#input, this.#output];
    module.HEAPU8.set(bytes, input.at);
    const size = this.#call(
      'ZSTD_compress',
      output.at,
      output.size,
      input.at,
      bytes.length,
      ZSTD_LEVEL,
    );
    if (this.#call('ZSTD_isError', size) !== 0) throw new Error('zstd cannot compress');
    return module.HEAPU8.subarray(output.at, output.at + size);
  }

  decompress(bytes: Uint8Array, target: Uint8Array): void {
    const module = this.#module;
    this.#input = this.#reserve(this.#input, bytes.length);
    this.#output = this.#reserve(this.#output, target.length);
    const [input, output] = [this.#input, this.#output];
    module.HEAPU8.set(bytes, input.at);
    const size = this.#call('ZSTD_decompress', output.at, target.length, input.at, bytes.length);
    if (size !== target.length) throw new Error('a compressed column has another length');
    target.set(module.HEAPU8.subarray(output.at, output.at + size));
  }

  #reserve(
    memory: { readonly at: number; readonly size: number },
    size: number,
  ): { at: number; size: number } {
    if (size <= memory.size) return memory;
    this.#call('free', memory.at);
    const at = this.#call('malloc', size);
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

/**
 * Starts the package's module synchronously, which its own entry does not do. It gets a module of its own: a method
 * that uses the package in the same thread would wait for ever for a start that is over.
 */
function startZstd(): ZstdModule {
  const load = createRequire(import.meta.url);
  const directory = dirname(load.resolve('@bokuweb/zstd-wasm'));
  const path = join(directory, 'zstd.js');
  const shared = load.cache[path];
  delete load.cache[path];
  const { Module: module } = load(path) as { readonly Module: ZstdModule };
  if (shared === undefined) delete load.cache[path];
  else load.cache[path] = shared;
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
