// Loads the kernels that split CSV text and parse its fields, and lays out the memory they work in.
// They are compiled from wasm/kernels. One window of the file is in memory at a time, and what is made of it behind it:
//
//   | state | window, growing with the longest record | index of fields | line of each row | columns |

import type { CsvFormat } from './format.ts';
import { KERNEL_CODE } from './kernel-code.ts';

/** What `tokenize` came back for. */
export const STOPPED = { end: 0, wrongCount: 1, wrongQuotes: 2, skipped: 3 } as const;

/** What kernels read or write behind the bytes they are given, at most. */
export const SLACK = 128;

const WINDOW_AT = 64;
const PAGE_BYTES = 65_536;

/** Arguments that each kernel for columns begins with, see wasm/kernels/columns.ts. */
type ColumnKernel = (
  bytes: number,
  field: number,
  stride: number,
  row: number,
  rows: number,
  target: number,
  validity: number,
) => number;

type TextKernel = (
  bytes: number,
  field: number,
  stride: number,
  rows: number,
  offsets: number,
  target: number,
  validity: number,
) => number;

type PlainTextKernel = (values: number, rows: number, offsets: number, text: number) => number;

type ValueTextKernel = (
  values: number,
  row: number,
  rows: number,
  offsets: number,
  text: number,
) => number;

/** The functions of wasm/kernels/index.ts. Addresses are offsets in `memory`. */
export interface Kernels {
  readonly configure: (
    separator: number,
    newline: number,
    quote: number,
    comment: number,
    crlf: boolean,
    multiline: boolean,
  ) => void;
  readonly configureRows: (fields: number, extraEmpty: boolean, skipEmpty: boolean) => void;
  readonly beginScan: () => void;
  readonly scan: (bytes: number, count: number, target: number) => number;
  readonly scannedLines: () => bigint;
  readonly tokenize: (
    bytes: number,
    from: number,
    end: number,
    index: number,
    rowLines: number,
    firstRow: number,
    maxRows: number,
    firstLine: number,
  ) => number;
  readonly tokenizedRows: () => number;
  readonly tokenizedTo: () => number;
  readonly tokenizedLines: () => number;
  readonly oddStart: () => number;
  readonly oddEnd: () => number;
  readonly oddFields: () => number;
  readonly oddLine: () => number;
  readonly takeText: TextKernel;
  readonly takeLatin1: TextKernel;
  readonly takeIntegers: (
    bytes: number,
    field: number,
    stride: number,
    row: number,
    rows: number,
    target: number,
    size: number,
    least: bigint,
    most: bigint,
    validity: number,
  ) => number;
  readonly takeFloats: ColumnKernel;
  readonly takeBools: ColumnKernel;
  readonly takeDates: ColumnKernel;
  readonly takeDatetimes: ColumnKernel;
  readonly takenNulls: () => number;
  readonly configureJoin: (
    separator: number,
    separatorBytes: number,
    lineEnd: number,
    lineEndBytes: number,
    quote: number,
    quoteBytes: number,
  ) => void;
  readonly join: (
    columns: number,
    count: number,
    row: number,
    rows: number,
    target: number,
    room: number,
  ) => number;
  readonly joinedBytes: () => number;
  readonly lookUp: (
    codes: number,
    rows: number,
    offsets: number,
    text: number,
    toOffsets: number,
    toText: number,
  ) => number;
  readonly mostBytes: (columns: number, count: number, row: number, end: number) => bigint;
  readonly refusedColumn: () => number;
  readonly writeIntegers: (
    values: number,
    size: number,
    isSigned: boolean,
    rows: number,
    offsets: number,
    text: number,
  ) => number;
  readonly writeBools: PlainTextKernel;
  readonly writeTimes: PlainTextKernel;
  readonly writeFloats: ValueTextKernel;
  readonly writeDates: ValueTextKernel;
  readonly writeDatetimes: ValueTextKernel;
  readonly writtenText: () => number;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** What is used of WebAssembly's interface, for which Node's types have no names. */
interface Wasm {
  readonly Module: new (code: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const { Module, Memory, Instance } = (globalThis as unknown as { readonly WebAssembly: Wasm })
  .WebAssembly;

/** An instance is kept for the next user on this thread, unless a long record has made its memory large. */
const KEPT_BYTES = 64 << 20;

let kept: KernelMemory | undefined;

/** Memory with the kernels that work in it. */
export class KernelMemory {
  readonly run: Kernels;
  /** All of it: another object after it has grown. */
  bytes: Buffer;
  readonly #memory: WasmMemory;

  private constructor() {
    this.#memory = new Memory({ initial: 1 });
    const module = new Module(Buffer.from(KERNEL_CODE, 'base64'));
    const { exports } = new Instance(module, { env: { memory: this.#memory } });
    this.run = exports as unknown as Kernels;
    this.bytes = Buffer.from(this.#memory.buffer);
  }

  /** Gives this thread's, which has one user at a time. */
  static take(): KernelMemory {
    if (kept === undefined || kept.bytes.length > KEPT_BYTES) kept = new KernelMemory();
    return kept;
  }

  /** Makes sure that there is memory up to an address (exclusive). */
  reserve(end: number): void {
    const missing = Math.ceil((end - this.bytes.length) / PAGE_BYTES);
    if (missing <= 0) return;
    this.#memory.grow(missing);
    this.bytes = Buffer.from(this.#memory.buffer);
  }
}

/** The kernels for one format, with the window of the file they look at. One is used at a time on each thread. */
export class CsvKernel {
  readonly format: CsvFormat;
  /** Address of the window. */
  readonly windowAt = WINDOW_AT;
  windowBytes: number;
  readonly #memory: KernelMemory;

  constructor(format: CsvFormat, windowBytes: number) {
    this.#memory = KernelMemory.take();
    this.format = format;
    this.windowBytes = windowBytes;
    this.reserve(this.end);
    const { separator, newline, quote, comment, isCrlf, quotedNewlines } = format;
    this.run.configure(separator, newline, quote, comment, isCrlf, quotedNewlines);
  }

  get run(): Kernels {
    return this.#memory.run;
  }

  /** All memory: another object after memory has grown. */
  get bytes(): Buffer {
    return this.#memory.bytes;
  }

  /** The first address behind the window. */
  get end(): number {
    return aligned(WINDOW_AT + this.windowBytes + SLACK);
  }

  /** Makes sure that there is memory up to an address (exclusive). */
  reserve(end: number): void {
    this.#memory.reserve(end);
  }

  /** Makes the window larger; what is in it stays. */
  growWindow(bytes: number): void {
    this.windowBytes = bytes;
    this.reserve(this.end);
  }
}

/** The next address at which values of any type may stand. */
export function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
