// Encodes the FlatBuffers parts of an Arrow IPC file: schema, record batch headers and footer. Knows nothing of files
// and values; positions are passed in. Decoding is apart, in arrow-decoding.ts, because it must not load FlatBuffers.

import { Binary } from 'apache-arrow/fb/binary';
import { Block } from 'apache-arrow/fb/block';
import { BodyCompression } from 'apache-arrow/fb/body-compression';
import { BodyCompressionMethod } from 'apache-arrow/fb/body-compression-method';
import { Bool } from 'apache-arrow/fb/bool';
import { Buffer as ArrowBuffer } from 'apache-arrow/fb/buffer';
import { CompressionType } from 'apache-arrow/fb/compression-type';
import { Date as ArrowDate } from 'apache-arrow/fb/date';
import { DateUnit } from 'apache-arrow/fb/date-unit';
import { DictionaryBatch } from 'apache-arrow/fb/dictionary-batch';
import { DictionaryEncoding } from 'apache-arrow/fb/dictionary-encoding';
import { Endianness } from 'apache-arrow/fb/endianness';
import { Field } from 'apache-arrow/fb/field';
import { FieldNode } from 'apache-arrow/fb/field-node';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Footer } from 'apache-arrow/fb/footer';
import { Int } from 'apache-arrow/fb/int';
import { KeyValue } from 'apache-arrow/fb/key-value';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { MetadataVersion } from 'apache-arrow/fb/metadata-version';
import { Precision } from 'apache-arrow/fb/precision';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { Time } from 'apache-arrow/fb/time';
import { TimeUnit } from 'apache-arrow/fb/time-unit';
import { Timestamp } from 'apache-arrow/fb/timestamp';
import { Type } from 'apache-arrow/fb/type';
import { Utf8 } from 'apache-arrow/fb/utf8';
import { Builder } from 'flatbuffers';

import type { ColumnType } from '../../model/column-type.ts';
import type { DeclaredColumn } from '../manifest/dataset-part.ts';
import type { BatchLayout, BlockPlace } from './arrow-decoding.ts';
import type { Codec } from './codecs.ts';

/** Field metadata key under which columns whose Arrow type does not say it all keep their acc type. */
const TYPE_KEY = 'acc.type';

/** Writes the schema message. */
export function encodeSchemaMessage(
  columns: readonly DeclaredColumn[],
  isEncoded: readonly boolean[],
): Uint8Array {
  const builder = new Builder(1024);
  const schema = buildSchema(builder, columns, isEncoded);
  return finishMessage(builder, { type: MessageHeader.Schema, offset: schema, bodyLength: 0 });
}

/** Writes a record batch message; the body is not included. Inverse of `decodeBatchMessage`. */
export function encodeBatchMessage(layout: BatchLayout): Uint8Array {
  const builder = new Builder(1024);
  const offset = buildBatch(builder, layout);
  const { bodyLength } = layout;
  return finishMessage(builder, { type: MessageHeader.RecordBatch, offset, bodyLength });
}

/** Writes the message of a dictionary, which is the one column of `layout`. Inverse of `decodeDictionaryMessage`. */
export function encodeDictionaryMessage(id: number, layout: BatchLayout): Uint8Array {
  const builder = new Builder(1024);
  const data = buildBatch(builder, layout);
  DictionaryBatch.startDictionaryBatch(builder);
  DictionaryBatch.addId(builder, BigInt(id));
  DictionaryBatch.addData(builder, data);
  const offset = DictionaryBatch.endDictionaryBatch(builder);
  const { bodyLength } = layout;
  return finishMessage(builder, { type: MessageHeader.DictionaryBatch, offset, bodyLength });
}

/** What a footer says. */
export interface FooterContent {
  readonly columns: readonly DeclaredColumn[];
  /** Which columns are encoded by a dictionary. */
  readonly isEncoded: readonly boolean[];
  readonly blocks: readonly BlockPlace[];
  /** In the order of those columns. */
  readonly dictionaries: readonly BlockPlace[];
}

/** Writes the footer. Inverse of `decodeFooter`. */
export function encodeFooter(content: FooterContent): Uint8Array {
  const builder = new Builder(1024);
  const schema = buildSchema(builder, content.columns, content.isEncoded);
  Footer.startRecordBatchesVector(builder, content.blocks.length);
  buildBlocks(builder, content.blocks);
  const blockVector = builder.endVector();
  Footer.startDictionariesVector(builder, content.dictionaries.length);
  buildBlocks(builder, content.dictionaries);
  const dictionaryVector = builder.endVector();
  Footer.startFooter(builder);
  Footer.addVersion(builder, MetadataVersion.V5);
  Footer.addSchema(builder, schema);
  Footer.addDictionaries(builder, dictionaryVector);
  Footer.addRecordBatches(builder, blockVector);
  Footer.finishFooterBuffer(builder, Footer.endFooter(builder));
  return builder.asUint8Array();
}

function buildBlocks(builder: Builder, blocks: readonly BlockPlace[]): void {
  for (const { offset, metadataLength, bodyLength } of blocks.toReversed()) {
    Block.createBlock(builder, BigInt(offset), metadataLength, BigInt(bodyLength));
  }
}

function buildBatch(builder: Builder, layout: BatchLayout): number {
  const buffers = layout.columns.flatMap((column) => column.buffers);
  RecordBatch.startBuffersVector(builder, buffers.length);
  for (const { offset, length } of buffers.toReversed()) {
    ArrowBuffer.createBuffer(builder, BigInt(offset), BigInt(length));
  }
  const bufferVector = builder.endVector();
  RecordBatch.startNodesVector(builder, layout.columns.length);
  for (const { nulls } of layout.columns.toReversed()) {
    FieldNode.createFieldNode(builder, BigInt(layout.rows), BigInt(nulls));
  }
  const nodeVector = builder.endVector();
  const compression = layout.codec === null ? 0 : buildCompression(builder, layout.codec);
  RecordBatch.startRecordBatch(builder);
  RecordBatch.addLength(builder, BigInt(layout.rows));
  RecordBatch.addNodes(builder, nodeVector);
  RecordBatch.addBuffers(builder, bufferVector);
  if (compression !== 0) RecordBatch.addCompression(builder, compression);
  return RecordBatch.endRecordBatch(builder);
}

function buildCompression(builder: Builder, codec: Codec): number {
  const number = codec === 'lz4' ? CompressionType.LZ4_FRAME : CompressionType.ZSTD;
  return BodyCompression.createBodyCompression(builder, number, BodyCompressionMethod.BUFFER);
}

function finishMessage(
  builder: Builder,
  header: { type: MessageHeader; offset: number; bodyLength: number },
): Uint8Array {
  Message.startMessage(builder);
  Message.addVersion(builder, MetadataVersion.V5);
  Message.addHeaderType(builder, header.type);
  Message.addHeader(builder, header.offset);
  Message.addBodyLength(builder, BigInt(header.bodyLength));
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  return builder.asUint8Array();
}

function buildSchema(
  builder: Builder,
  columns: readonly DeclaredColumn[],
  isEncoded: readonly boolean[],
): number {
  const ids = dictionaryIds(isEncoded);
  const fields = columns.map((column, i) => buildField(builder, column, ids[i]));
  const fieldVector = Schema.createFieldsVector(builder, fields);
  Schema.startSchema(builder);
  Schema.addEndianness(builder, Endianness.Little);
  Schema.addFields(builder, fieldVector);
  return Schema.endSchema(builder);
}

/** Numbers the columns that are encoded by a dictionary. */
function dictionaryIds(isEncoded: readonly boolean[]): readonly (number | undefined)[] {
  let next = 0;
  return isEncoded.map((encoded) => (encoded ? next++ : undefined));
}

function buildField(builder: Builder, column: DeclaredColumn, id: number | undefined): number {
  const name = builder.createString(column.name);
  const { type, offset } = buildType(builder, column.type);
  const children = Field.createChildrenVector(builder, []);
  const isMarked = column.type === 'json' || column.type === 'number';
  const metadata = isMarked ? buildMetadata(builder, TYPE_KEY, column.type) : 0;
  const dictionary = id === undefined ? 0 : buildEncoding(builder, id);
  Field.startField(builder);
  Field.addName(builder, name);
  Field.addNullable(builder, column.nullable);
  Field.addTypeType(builder, type);
  Field.addType(builder, offset);
  if (dictionary !== 0) Field.addDictionary(builder, dictionary);
  Field.addChildren(builder, children);
  if (metadata !== 0) Field.addCustomMetadata(builder, metadata);
  return Field.endField(builder);
}

function buildEncoding(builder: Builder, id: number): number {
  const { offset } = buildInt(builder, 32, true);
  DictionaryEncoding.startDictionaryEncoding(builder);
  DictionaryEncoding.addId(builder, BigInt(id));
  DictionaryEncoding.addIndexType(builder, offset);
  return DictionaryEncoding.endDictionaryEncoding(builder);
}

function buildMetadata(builder: Builder, key: string, value: string): number {
  const pair = KeyValue.createKeyValue(
    builder,
    builder.createString(key),
    builder.createString(value),
  );
  return Field.createCustomMetadataVector(builder, [pair]);
}

function buildType(builder: Builder, type: ColumnType): { type: Type; offset: number } {
  switch (type) {
    case 'bool':
      Bool.startBool(builder);
      return { type: Type.Bool, offset: Bool.endBool(builder) };
    case 'int8':
      return buildInt(builder, 8, true);
    case 'int16':
      return buildInt(builder, 16, true);
    case 'int32':
      return buildInt(builder, 32, true);
    case 'int64':
      return buildInt(builder, 64, true);
    case 'uint8':
      return buildInt(builder, 8, false);
    case 'uint16':
      return buildInt(builder, 16, false);
    case 'uint32':
      return buildInt(builder, 32, false);
    case 'float32':
      return buildFloat(builder, Precision.SINGLE);
    case 'float64':
      return buildFloat(builder, Precision.DOUBLE);
    case 'time':
      return { type: Type.Time, offset: Time.createTime(builder, TimeUnit.MICROSECOND, 64) };
    case 'date':
      return { type: Type.Date, offset: ArrowDate.createDate(builder, DateUnit.DAY) };
    case 'datetime': {
      const zone = builder.createString('UTC');
      return {
        type: Type.Timestamp,
        offset: Timestamp.createTimestamp(builder, TimeUnit.MICROSECOND, zone),
      };
    }
    case 'bytes':
      Binary.startBinary(builder);
      return { type: Type.Binary, offset: Binary.endBinary(builder) };
    case 'number':
    case 'string':
    case 'json':
      Utf8.startUtf8(builder);
      return { type: Type.Utf8, offset: Utf8.endUtf8(builder) };
  }
}

function buildInt(
  builder: Builder,
  bits: number,
  isSigned: boolean,
): { type: Type; offset: number } {
  return { type: Type.Int, offset: Int.createInt(builder, bits, isSigned) };
}

function buildFloat(builder: Builder, precision: Precision): { type: Type; offset: number } {
  return {
    type: Type.FloatingPoint,
    offset: FloatingPoint.createFloatingPoint(builder, precision),
  };
}
