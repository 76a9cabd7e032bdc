// Writes the text of datasets to files: each slice to one of its own, or all to one, of which each slice makes those
// pieces that it comes to first, in the order of the rows. The slice with the first piece writes the file.

import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

import type { CurrentJob, Dataset } from 'acc-engine';

import { noColumn } from '../mistake.ts';
import type { FileCompression } from '../tables/exported-files.ts';
import { csvHeader } from './characters.ts';
import type { CsvCharacters } from './characters.ts';
import { TextCollector } from './export-file.ts';
import { PieceTurns } from './piece-turns.ts';
import type { TurnPaths } from './piece-turns.ts';
import { CsvTextWriter } from './text.ts';
import type { ExportedColumn } from './text.ts';

/** What is exported. */
export interface TextExport {
  readonly filename: string;
  readonly sources: readonly Dataset[];
  readonly names: readonly string[];
  readonly header: boolean;
  readonly characters: CsvCharacters;
  readonly compression: FileCompression;
  readonly compressionLevel: number | undefined;
}

/** Files in a job that slices tell each other by: made before `exportShared`, and removed when all is written. */
export function turnPaths(job: CurrentJob): TurnPaths {
  return [
    job.filename('.pieces-taken'),
    job.filename('.pieces-ready'),
    job.filename('.pieces-texts'),
  ];
}

/** Writes a slice to a file of its own. */
export async function exportSlice(
  job: CurrentJob,
  sliceno: number,
  text: TextExport,
): Promise<void> {
  const collector = new TextCollector(text.compression, text.compressionLevel);
  const file = new TextFile(job.open(text.filename, 'w', { cached: false }), collector.nothing);
  if (text.header) collector.write(csvHeader(text.names, text.characters));
  for (const source of text.sources) {
    const writer = new CsvTextWriter(exportedColumns(source, text.names), text.characters);
    for (const batch of source.batches(sliceno, text.names)) {
      writer.write(batch, (bytes) => collector.write(bytes));
      await file.put(collector.take());
    }
  }
  await file.put(collector.take());
  await file.end();
}

/** Makes pieces of the file that all slices make. */
export async function exportShared(
  job: CurrentJob,
  sliceno: number,
  text: TextExport,
): Promise<void> {
  const collector = new TextCollector(text.compression, text.compressionLevel);
  const turns = new PieceTurns(turnPaths(job), sliceno);
  const pieces = new SharedPieces(
    turns,
    collector,
    () => new TextFile(job.open(text.filename, 'w', { cached: false }), collector.nothing),
  );
  try {
    // The header is a piece of its own.
    if (pieces.isNext()) {
      if (text.header) collector.write(csvHeader(text.names, text.characters));
      await pieces.end();
    }
    for (const source of text.sources) {
      const writer = new CsvTextWriter(exportedColumns(source, text.names), text.characters);
      for (const batch of source.batches(null, text.names, { takes: () => pieces.isNext() })) {
        writer.write(batch, (bytes) => collector.write(bytes));
        await pieces.end();
      }
    }
    await pieces.finish();
  } catch (error) {
    turns.fail();
    throw error;
  } finally {
    turns.close();
  }
}

/** The pieces of a file, of which some are this slice's. */
class SharedPieces {
  readonly #turns: PieceTurns;
  readonly #collector: TextCollector;
  readonly #open: () => TextFile;
  /** The next piece that is this slice's. */
  #own: number;
  /** Pieces gone past. */
  #passed = 0;
  /** If this is the slice that writes the file. */
  #file: TextFile | undefined;
  #written = 0;
  #received = Buffer.alloc(0);

  constructor(turns: PieceTurns, collector: TextCollector, open: () => TextFile) {
    this.#turns = turns;
    this.#collector = collector;
    this.#open = open;
    this.#own = turns.take();
  }

  /** Goes to the next piece; says whether it is for this slice. */
  isNext(): boolean {
    return this.#passed++ === this.#own;
  }

  /** Writes the piece that was collected, or hands it over, and takes another. */
  async end(): Promise<void> {
    if (this.#own === 0) this.#file = this.#open();
    const text = this.#collector.take();
    if (this.#file === undefined) await this.#turns.give(this.#own, text);
    else {
      await this.#writeOthers(this.#file, this.#own);
      await this.#file.put(text);
      this.#turns.setReceived(++this.#written);
    }
    this.#own = this.#turns.take();
  }

  /** Writes what the others still make. */
  async finish(): Promise<void> {
    if (this.#file === undefined) return;
    await this.#writeOthers(this.#file, this.#passed);
    await this.#file.end();
  }

  /** Writes the pieces of other slices before one. */
  async #writeOthers(file: TextFile, end: number): Promise<void> {
    while (this.#written < end) {
      const text = await this.#turns.receive(this.#written, (length) => this.#room(length));
      await file.put([text]);
      this.#turns.setReceived(++this.#written);
    }
  }

  #room(length: number): Buffer {
    if (this.#received.length < length) this.#received = Buffer.allocUnsafeSlow(length * 2);
    return this.#received.subarray(0, length);
  }
}

/** A file of text, perhaps compressed. */
class TextFile {
  readonly #file: Writable;
  readonly #nothing: Buffer;
  #isEmpty = true;

  /** `nothing` is what stands in a file without any text. */
  constructor(file: Writable, nothing: Buffer) {
    this.#file = file;
    this.#nothing = nothing;
  }

  /** Writes bytes that may change afterwards. */
  async put(buffers: readonly Buffer[]): Promise<void> {
    for (const bytes of buffers) {
      if (bytes.length === 0) continue;
      this.#isEmpty = false;
      await new Promise<void>((resolve, reject) => {
        this.#file.write(bytes, (error) => {
          if (error === undefined || error === null) resolve();
          else reject(error);
        });
      });
    }
  }

  async end(): Promise<void> {
    if (this.#isEmpty) await this.put([this.#nothing]);
    this.#file.end();
    await finished(this.#file);
  }
}

/** Finds columns by name; throws when there is none of a name. */
export function exportedColumns(
  source: Dataset,
  names: readonly string[],
): readonly ExportedColumn[] {
  const columns = new Map(Object.entries(source.columns));
  return names.map((name) => {
    const column = columns.get(name);
    if (column !== undefined) return column;
    throw noColumn({
      option: 'columns',
      unknown: [name],
      subject: String(source),
      names: [...columns.keys()],
    });
  });
}
