// The kernels that make zstd frames, compiled to WebAssembly. Memory belongs to the caller: all addresses are given.

export { countBytes, encodeBytes } from './huffman';
export { countCodes, encodeSequences } from './sequences';
export { findRepeats, lastOffset } from './repeats';
