// Starts the kernels that make zstd frames. Each start has memory of its own.

import { KERNEL_CODE } from './kernel-code.ts';

/** The functions of kernels/. Addresses are offsets in memory. */
export interface FrameKernels {
  readonly countBytes: (from: number, length: number, counts: number) => void;
  readonly encodeBytes: (from: number, length: number, table: number, target: number) => number;
  readonly findRepeats: (...numbers: readonly number[]) => number;
  readonly lastOffset: () => number;
  readonly countCodes: (sequences: number, count: number, counts: number) => void;
  readonly encodeSequences: (...numbers: readonly number[]) => number;
}

/** Memory of kernels. */
interface KernelMemory {
  readonly buffer: ArrayBuffer;
}

const PAGE_BYTES = 65_536;

/** As far as Node's types lack it. */
interface WebAssemblyApi {
  readonly Module: new (code: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => KernelMemory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** Starts the kernels with at least so much memory. */
export function startKernels(sizeBytes: number): {
  readonly memory: KernelMemory;
  readonly kernels: FrameKernels;
} {
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const memory = new wasm.Memory({ initial: Math.ceil(sizeBytes / PAGE_BYTES) });
  const module = new wasm.Module(Buffer.from(KERNEL_CODE, 'base64'));
  const { exports } = new wasm.Instance(module, { env: { memory } });
  return { memory, kernels: exports as unknown as FrameKernels };
}
