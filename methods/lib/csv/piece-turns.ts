// Shares the pieces of one file among the slices that make it, which may be threads or processes and need not run at the
// same time: each takes the next piece when it is ready. The one that takes the first piece receives the text of the others.
//
// Three small files hold what they tell each other. Pieces are taken by appending the number of a slice to the first: what
// stands at place n took piece n. The second tells how long pieces are that are ready. The third holds their text, in
// places that are used again, so that it stays in memory.

import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Names of the three files. */
export type TurnPaths = readonly [taken: string, ready: string, texts: string];

const TAKEN_BYTES = 4;
const RECORD_BYTES = 8;
/** Records before those of pieces: whether somebody has failed, and how many pieces have been received. */
const FAILED = 0;
const RECEIVED = 1;
const FIRST_PIECE = 2;
/** Pieces that can be ready and not yet received. */
const PLACES = 8;
/** The file has holes. */
const PLACE_BYTES = 2 ** 32;
const READ_BYTES = 4096;
const WAIT_MS = 0.2;
/** Time for the engine to be told by the slice that failed, and to stop the others. */
const FAILURE_WAIT_MS = 500;
/** Short waits before the event loop gets its turn. */
const SHORT_WAITS = 20;

const cell = new Int32Array(new SharedArrayBuffer(4));

/** One slice's view of the pieces. */
export class PieceTurns {
  readonly #sliceno: number;
  readonly #files: readonly [taken: number, ready: number, texts: number];
  /** Entries of the first file that have been looked at. */
  #seen = 0;
  readonly #buffer = Buffer.alloc(READ_BYTES);

  /** Opens the files. */
  constructor([taken, ready, texts]: TurnPaths, sliceno: number) {
    this.#sliceno = sliceno;
    this.#files = [openSync(taken, 'a+'), openSync(ready, 'r+'), openSync(texts, 'r+')];
  }

  /** Makes the files. */
  static prepare(paths: TurnPaths): void {
    for (const path of paths) writeFileSync(path, '');
  }

  close(): void {
    for (const fd of this.#files) closeSync(fd);
  }

  /** Takes the first piece that nobody has taken: those before are done or in work. */
  take(): number {
    const [fd] = this.#files;
    const own = Buffer.alloc(TAKEN_BYTES);
    own.writeUInt32LE(this.#sliceno);
    writeSync(fd, own);
    let piece = -1;
    for (;;) {
      const bytes = readSync(fd, this.#buffer, 0, READ_BYTES, this.#seen * TAKEN_BYTES);
      if (bytes === 0) return piece;
      for (let i = 0; i < bytes; i += TAKEN_BYTES) {
        if (this.#buffer.readUInt32LE(i) === this.#sliceno) piece = this.#seen;
        this.#seen++;
      }
    }
  }

  /** Hands over the text of a piece, when there is room for it. */
  async give(piece: number, text: readonly Buffer[]): Promise<void> {
    const place = piece % PLACES;
    await this.#wait(() => piece - this.#record(RECEIVED) < PLACES);
    let length = 0;
    for (const bytes of text) {
      writeFully(this.#files[2], bytes, place * PLACE_BYTES + length);
      length += bytes.length;
    }
    this.#put(FIRST_PIECE + piece, length + 1);
  }

  /** Waits for the text of a piece that another slice has taken, and reads it into memory that `room` gives. */
  async receive(piece: number, room: (length: number) => Buffer): Promise<Buffer> {
    await this.#wait(() => this.#record(FIRST_PIECE + piece) > 0);
    const text = room(this.#record(FIRST_PIECE + piece) - 1);
    const start = (piece % PLACES) * PLACE_BYTES;
    for (let done = 0; done < text.length;) {
      const count = readSync(this.#files[2], text, done, text.length - done, start + done);
      if (count === 0) throw new Error('Internal error: a piece is shorter than it was');
      done += count;
    }
    return text;
  }

  /** Tells how many pieces have been received: the places of the others are free. */
  setReceived(pieces: number): void {
    this.#put(RECEIVED, pieces);
  }

  /** Tells the others not to wait. */
  fail(): void {
    this.#put(FAILED, 1);
  }

  async #wait(isOver: () => boolean): Promise<void> {
    for (let turns = 1; !isOver(); turns++) {
      if (this.#record(FAILED) > 0) {
        await sleep(FAILURE_WAIT_MS);
        throw new Error('Another slice failed to make its part');
      }
      if (turns % SHORT_WAITS === 0) await sleep(1);
      else Atomics.wait(cell, 0, 0, WAIT_MS);
    }
  }

  /** 0 until it is put. */
  #record(index: number): number {
    this.#buffer.fill(0, 0, RECORD_BYTES);
    readSync(this.#files[1], this.#buffer, 0, RECORD_BYTES, index * RECORD_BYTES);
    return this.#buffer.readDoubleLE();
  }

  #put(index: number, value: number): void {
    this.#buffer.writeDoubleLE(value);
    writeFully(this.#files[1], this.#buffer.subarray(0, RECORD_BYTES), index * RECORD_BYTES);
  }
}

function writeFully(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}
