// The kernels of csvimport and csvexport, compiled to WebAssembly. Memory belongs to the caller: all addresses are given.

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
export { configureJoin, join, joinedBytes, lookUp, mostBytes, refusedColumn } from './join';
export {
  writeBools,
  writeDates,
  writeDatetimes,
  writeFloats,
  writeIntegers,
  writeTimes,
  writtenText,
} from './texts';
