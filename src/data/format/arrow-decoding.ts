// Decodes the FlatBuffers parts of an Arrow IPC file: record batch headers and footer, as far as acc writes them.
// Stands on its own reader of tables, so that a run in which everything is reused loads no package for it.

import type { Codec } from './codecs.ts';
import { FlatTable } from './flat-table.ts';

/** A run of bytes within the body of a record batch. */
export interface BufferPlace {
  /** Relative to the body. */
  readonly offset: number;
  readonly length: number;
}

/** One column of a record batch. */
export interface ColumnLayout {
  readonly nulls: number;
  /** Validity, then values, or validity, offsets, bytes for types of varying length. */
  readonly buffers: readonly BufferPlace[];
}

/** A record batch: the message header's content. */
export interface BatchLayout {
  readonly rows: number;
  readonly columns: readonly ColumnLayout[];
  /** What the buffers are compressed with; `null` when they are not. */
  readonly codec: Codec | null;
  readonly bodyLength: number;
}

/** Where a record batch lies in its file. */
export interface BlockPlace {
  readonly offset: number;
  /** Of the message header with its length prefix and padding; the body follows. */
  readonly metadataLength: number;
  readonly bodyLength: number;
}

/** Where a column's parts are listed in every record batch of a file. */
export interface FieldPlace {
  readonly name: string;
  /** Number of the column. */
  readonly node: number;
  /** Number of its first buffer. */
  readonly firstBuffer: number;
  readonly buffers: number;
  /** Number of the dictionary that the values are numbers of; −1 when they are the values themselves. */
  readonly dictionary: number;
  /** Bits of one value in the last buffer; 0 when that varies. */
  readonly valueBits: number;
}

/** Codes of Arrow's types in a schema. */
const ARROW_TYPE = {
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  date: 8,
  time: 9,
  timestamp: 10,
} as const;

/** Code of 32-bit numbers in a float type. */
const SINGLE_PRECISION = 1;

/** Codes of what a message may be. */
const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;

/** Where a field says that it is encoded by a dictionary, and what its values are then: 32-bit integers. */
const DICTIONARY_FIELD = 4;
const CODES = { buffers: 2, valueBits: 32 } as const;

/** Where a record batch says that its buffers are compressed, and the codecs by number. */
const COMPRESSION_FIELD = 3;
const CODECS: readonly Codec[] = ['lz4', 'zstd'];

/** A dictionary: one column of text, the only one of its record batch. */
const TEXT: FieldPlace = {
  name: '',
  node: 0,
  firstBuffer: 0,
  buffers: 3,
  dictionary: -1,
  valueBits: 0,
};

/** Bytes of the structs in vectors: node and buffer, and block. */
const PAIR_BYTES = 16;
const BLOCK_BYTES = 24;

/** Reads the footer: the fields by name, and where the record batches and the dictionaries lie. Throws on anything acc does not write. */
export function decodeFooter(bytes: Uint8Array): {
  readonly fields: ReadonlyMap<string, FieldPlace>;
  readonly blocks: readonly BlockPlace[];
  readonly dictionaries: readonly BlockPlace[];
} {
  const footer = FlatTable.root(bytes);
  const fields = new Map<string, FieldPlace>();
  let firstBuffer = 0;
  let dictionaries = 0;
  for (const [node, field] of footer.table(1).tables(1).entries()) {
    const name = field.text(0);
    const isEncoded = field.has(DICTIONARY_FIELD);
    const { buffers, valueBits } = isEncoded ? CODES : decodeType(field);
    const dictionary = isEncoded ? dictionaries++ : -1;
    fields.set(name, { name, node, firstBuffer, buffers, dictionary, valueBits });
    firstBuffer += buffers;
  }
  const blocksAt = (field: number): readonly BlockPlace[] =>
    footer.structs(field, BLOCK_BYTES).map((at) => ({
      offset: footer.int64At(at),
      metadataLength: footer.int32At(at + 8),
      bodyLength: footer.int64At(at + 16),
    }));
  return { fields, blocks: blocksAt(3), dictionaries: blocksAt(2) };
}

/** Reads a record batch message, prefix removed: only the columns in `fields`, in that order. */
export function decodeBatchMessage(bytes: Uint8Array, fields: readonly FieldPlace[]): BatchLayout {
  const message = FlatTable.root(bytes);
  if (message.uint8(1) !== RECORD_BATCH) throw new Error('no record batch');
  return decodeBatch(message.table(2), message.int64(3), fields);
}

/** Reads a dictionary message, prefix removed: its one column, of three buffers. */
export function decodeDictionaryMessage(bytes: Uint8Array): BatchLayout {
  const message = FlatTable.root(bytes);
  if (message.uint8(1) !== DICTIONARY_BATCH) throw new Error('no dictionary');
  return decodeBatch(message.table(2).table(1), message.int64(3), [TEXT]);
}

function decodeBatch(
  batch: FlatTable,
  bodyLength: number,
  fields: readonly FieldPlace[],
): BatchLayout {
  const nodes = batch.structs(1, PAIR_BYTES);
  const buffers = batch.structs(2, PAIR_BYTES);
  const pair = (places: readonly number[], i: number): readonly [number, number] => {
    const at = places[i];
    if (at === undefined) throw new Error('a column is missing');
    return [batch.int64At(at), batch.int64At(at + 8)];
  };
  return {
    rows: batch.int64(0),
    columns: fields.map((field) => ({
      nulls: pair(nodes, field.node)[1],
      buffers: Array.from({ length: field.buffers }, (_, i) => {
        const [offset, length] = pair(buffers, field.firstBuffer + i);
        return { offset, length };
      }),
    })),
    codec: batch.has(COMPRESSION_FIELD)
      ? (CODECS[batch.table(COMPRESSION_FIELD).uint8(0)] ?? null)
      : null,
    bodyLength,
  };
}

function decodeType(field: FlatTable): { readonly buffers: number; readonly valueBits: number } {
  const type = field.uint8(2);
  switch (type) {
    case ARROW_TYPE.bool:
      return { buffers: 2, valueBits: 1 };
    case ARROW_TYPE.int:
      return { buffers: 2, valueBits: field.table(3).int32(0) };
    case ARROW_TYPE.date:
      return { buffers: 2, valueBits: 32 };
    case ARROW_TYPE.float:
      return { buffers: 2, valueBits: field.table(3).uint8(0) === SINGLE_PRECISION ? 32 : 64 };
    case ARROW_TYPE.time:
    case ARROW_TYPE.timestamp:
      return { buffers: 2, valueBits: 64 };
    case ARROW_TYPE.utf8:
    case ARROW_TYPE.binary:
      return { buffers: 3, valueBits: 0 };
    default:
      throw new Error(`unexpected Arrow type ${type}`);
  }
}
