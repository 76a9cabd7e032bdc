// One slice file while it is written: hashes what comes, decides which columns of strings get a dictionary, and keeps
// bounds and checksums of every batch. A dictionary that grows too large is given up: the file is written again.

import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';

import type { Compression } from '../../model/column-type.ts';
import { digest } from '../../model/ids.ts';
import { onMachine } from '../../model/system-error.ts';
import { BATCH_ROWS } from '../batch-rows.ts';
import { ArrowFileWriter } from '../format/arrow-file-writer.ts';
import type { BatchColumnBuffers } from '../format/batch-body.ts';
import { ColumnMemory, SliceReader } from '../format/slice-reader.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { expandChunk } from '../format/text-dictionary.ts';
import type {
  Bounds,
  DatasetDeclaration,
  DeclaredColumn,
  PartColumn,
  SlicePart,
} from '../manifest/dataset-part.ts';
import type { ColumnBatch } from './column-buffer.ts';
import { DictionaryBuilder } from './dictionary-builder.ts';
import type { PlainText } from './dictionary-builder.ts';
import { isNull } from './validity.ts';

/** What is known of one column. */
interface ColumnFacts {
  readonly hash: Hash;
  readonly batches: Bounds[];
  checksums: number[];
  dictionary: number | null;
  nulls: number;
  wholeMs: boolean;
}

const EMPTY = new Uint8Array(0);

/** A slice file that is being written. */
export class SliceFile {
  readonly sliceno: number;
  readonly #path: string;
  readonly #columns: readonly DeclaredColumn[];
  readonly #compression: Compression;
  readonly #facts: readonly ColumnFacts[];
  /** Rows of each record batch. */
  readonly #batches: number[] = [];
  #file: ArrowFileWriter;
  /** Of the columns that have one; nothing is decided before the first batch. */
  #dictionaries: readonly (DictionaryBuilder | null)[] | undefined;

  constructor(path: string, sliceno: number, { columns, compression }: DatasetDeclaration) {
    this.sliceno = sliceno;
    this.#path = path;
    this.#columns = columns;
    this.#compression = compression;
    this.#facts = columns.map(() => ({
      hash: createHash('sha256'),
      batches: [],
      checksums: [],
      dictionary: null,
      nulls: 0,
      wholeMs: true,
    }));
    this.#file = new ArrowFileWriter(path, columns, { compression });
  }

  /** Writes a record batch of at least one row. */
  writeBatch(rows: number, batches: readonly ColumnBatch[]): void {
    batches.forEach((batch, i) => addBatch(this.#facts[i], rows, batch));
    const stored =
      this.#dictionaries === undefined
        ? this.#writeFirst(rows, batches)
        : this.#encode(rows, batches);
    this.#write(this.#file.writeBatch(rows, stored));
    this.#batches.push(rows);
  }

  /** Ends the file, which keeps its path. */
  end(): Omit<SlicePart, 'rows'> {
    if (this.#dictionaries === undefined) this.#begin(this.#columns.map(() => null));
    const { sizeBytes, checksums } = this.#endFile(this.#dictionaries ?? []);
    const columns = this.#facts.map(partColumn);
    return { sliceno: this.sliceno, sizeBytes, batches: this.#batches, checksums, columns };
  }

  /** Closes the file and removes it. */
  abandon(): void {
    this.#file.abandon();
    rmSync(this.#path, { force: true });
  }

  /** Begins the file: a column of strings gets a dictionary if that makes its first batch smaller. */
  #writeFirst(rows: number, batches: readonly ColumnBatch[]): readonly BatchColumnBuffers[] {
    const encoded = batches.map((batch, i) => {
      const dictionary = this.#columns[i]?.type === 'string' ? new DictionaryBuilder() : null;
      const codes = dictionary === null ? undefined : encodeBatch(dictionary, rows, batch);
      const isWorthIt =
        codes !== undefined &&
        dictionary?.isWorthIt(textOf(rows, batch), rows === BATCH_ROWS) === true;
      return isWorthIt ? { dictionary, buffers: codes } : { dictionary: null, buffers: batch };
    });
    this.#begin(encoded.map(({ dictionary }) => dictionary));
    return encoded.map(({ buffers }) => buffers);
  }

  #encode(rows: number, batches: readonly ColumnBatch[]): readonly BatchColumnBuffers[] {
    const before = this.#dictionaries ?? [];
    const codes = batches.map((batch, i) => {
      const dictionary = before[i] ?? null;
      return dictionary === null ? undefined : encodeBatch(dictionary, rows, batch);
    });
    const after = before.map((dictionary, i) => (codes[i] === undefined ? null : dictionary));
    if (after.some((dictionary, i) => dictionary !== before[i])) this.#rewrite(before, after);
    return batches.map((batch, i) => codes[i] ?? batch);
  }

  #begin(dictionaries: readonly (DictionaryBuilder | null)[]): void {
    this.#dictionaries = dictionaries;
    this.#file.begin(dictionaries.map((dictionary) => dictionary !== null));
  }

  #write(checksums: readonly number[]): void {
    this.#facts.forEach((facts, i) => facts.checksums.push(checksums[i] ?? 0));
  }

  #endFile(dictionaries: readonly (DictionaryBuilder | null)[]): {
    readonly sizeBytes: number;
    readonly checksums: readonly number[];
  } {
    this.#facts.forEach((facts, i) => {
      const entries = dictionaries[i]?.entries;
      facts.dictionary =
        entries === undefined
          ? null
          : this.#file.writeDictionary(entries.rows, {
              nulls: 0,
              buffers: [EMPTY, asBytes(entries.offsets), entries.bytes],
            });
    });
    return this.#file.end();
  }

  /** Writes the batches so far again, without the dictionaries that `after` lacks. */
  #rewrite(
    before: readonly (DictionaryBuilder | null)[],
    after: readonly (DictionaryBuilder | null)[],
  ): void {
    const old = `${this.#path}.old`;
    const { sizeBytes, checksums } = this.#endFile(before);
    onMachine('rename', this.#path, () => renameSync(this.#path, old));
    const slice = { path: old, sizeBytes, batches: this.#batches, checksums };
    const columns = this.#facts.map((facts, i) => ({
      name: this.#columns[i]?.name ?? '',
      checksums: facts.checksums,
      dictionary: facts.dictionary,
    }));
    const reader = new SliceReader(slice, columns);
    const memories = columns.map(() => new ColumnMemory());
    this.#file = new ArrowFileWriter(this.#path, this.#columns, {
      compression: this.#compression,
    });
    for (const facts of this.#facts) facts.checksums = [];
    this.#begin(after);
    this.#batches.forEach((rows, index) => {
      const chunks = reader.readBatch(index, memories);
      const buffers = chunks.map((chunk, i) => storedChunk(chunk, after[i] !== null));
      this.#write(this.#file.writeBatch(rows, buffers));
    });
    onMachine('remove', old, () => rmSync(old));
  }
}

function encodeBatch(
  dictionary: DictionaryBuilder,
  rows: number,
  batch: ColumnBatch,
): BatchColumnBuffers | undefined {
  const [validity = EMPTY] = batch.buffers;
  const isNullRow = batch.nulls === 0 ? null : (row: number): boolean => isNull(validity, row);
  const codes =
    batch.codes === undefined || batch.codes === null
      ? dictionary.encode(textOf(rows, batch), isNullRow)
      : dictionary.translate(rows, batch.codes, isNullRow);
  return codes && { nulls: batch.nulls, buffers: [validity, asBytes(codes)] };
}

function textOf(rows: number, { buffers }: ColumnBatch): PlainText {
  const [, offsets = EMPTY, bytes = EMPTY] = buffers;
  return { rows, offsets: new Int32Array(offsets.buffer, offsets.byteOffset, rows + 1), bytes };
}

/** A chunk that was read, as it is to be written: its dictionary kept or not. */
function storedChunk(chunk: ColumnChunk, keepsDictionary: boolean): BatchColumnBuffers {
  const { rows, validity, dictionary } = chunk;
  let nulls = 0;
  if (validity !== null)
    for (let row = 0; row < rows; row++) nulls += Number(isNull(validity, row));
  const first = validity ?? EMPTY;
  if (dictionary !== null && !keepsDictionary) {
    const { offsets, bytes } = expandChunk(chunk, dictionary);
    return { nulls, buffers: [first, asBytes(offsets), bytes] };
  }
  const isVarying = chunk.offsets.length > 0;
  return {
    nulls,
    buffers: isVarying ? [first, asBytes(chunk.offsets), chunk.bytes] : [first, chunk.bytes],
  };
}

/**
 * Adds a batch to what is known of a column. What is hashed is independent of encoding and compression, but not of where
 * batches end, which the sizes of the other columns decide.
 */
function addBatch(facts: ColumnFacts | undefined, rows: number, batch: ColumnBatch): void {
  if (facts === undefined) throw new Error('Internal error: more batches than columns');
  facts.hash.update(new Uint32Array([rows, batch.nulls]));
  for (const buffer of batch.buffers) facts.hash.update(buffer);
  facts.batches.push(batch.bounds);
  facts.nulls += batch.nulls;
  facts.wholeMs &&= batch.wholeMs;
}

function partColumn(facts: ColumnFacts): PartColumn {
  const { hash, nulls, wholeMs, batches, checksums, dictionary } = facts;
  return { digest: digest(hash.digest('hex')), nulls, wholeMs, batches, checksums, dictionary };
}

function asBytes({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
