// The kernels of csvimport, compiled to WebAssembly. Memory belongs to the caller: all addresses are given.

export { configure } from './format';
export { beginScan, scan, scannedLines } from './scan';
export {
  configureRows,
  oddEnd,
  oddFields,
  oddLine,
  oddStart,
  tokenize,
  tokenizedLines,
  tokenizedRows,
  tokenizedTo,
} from './tokenize';
export {
  takeBools,
  takeDates,
  takeDatetimes,
  takeFloats,
  takeIntegers,
  takeLatin1,
  takenNulls,
  takeText,
} from './columns';
