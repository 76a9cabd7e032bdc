// The stream into one file of a job: hashed on the way, and given its time and its name when it has ended.

import { createHash } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, utimesSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

import { digest } from '../../model/ids.ts';
import type { WrittenFile } from '../../model/stage.ts';
import { UncachedFile } from '../../util/uncached-file.ts';
import type { Done } from '../../util/uncached-file.ts';

/** A file that is being written, under another name. */
export interface FileInWork {
  readonly temporary: string;
  readonly path: string;
  /** Whether it is left to the system to keep it in memory. */
  readonly cached: boolean;
}

/** Where bytes go. Calls follow each other when the one before is done. */
interface Sink {
  readonly write: (bytes: Buffer, done: Done) => void;
  readonly end: (done: Done) => void;
  readonly close: (done: Done) => void;
}

/** Opens a file for writing; it appears when the stream has ended, and `onEnd` is told what it is. */
export function fileWriter(
  { temporary, path, cached }: FileInWork,
  onEnd: (record: WrittenFile) => void,
): Writable {
  const sink: Sink = cached ? plainSink(temporary) : new UncachedFile(temporary);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let isOpen = true;
  const close = (done: Done): void => {
    if (!isOpen) return done();
    isOpen = false;
    sink.close(done);
  };
  const publish = (): void => {
    const mtimeMs = timeOfChange();
    utimesSync(temporary, mtimeMs / 1000, mtimeMs / 1000);
    renameSync(temporary, path);
    onEnd({ sizeBytes, digest: digest(hash.digest('hex')), mtimeMs });
  };
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      sizeBytes += chunk.length;
      sink.write(chunk, done);
    },
    final: (done) =>
      sink.end(
        then(done, () =>
          close(
            then(done, () => {
              attempt(done, publish);
            }),
          ),
        ),
      ),
    destroy: (error, done) =>
      close(() => {
        rmSync(temporary, { force: true });
        done(error);
      }),
  });
}

/**
 * A time for a file that no later change can give it. The clock of file systems is too coarse to tell a change from the
 * writing before it, so the time lies back by more than it is wrong, and in whole seconds, which all of them can hold.
 */
export function timeOfChange(): number {
  return Math.floor(Date.now() / 1000 - 10) * 1000;
}

function plainSink(path: string): Sink {
  const fd = openSync(path, 'wx');
  return {
    write: (bytes, done) => attempt(done, () => writeFully(fd, bytes)),
    end: (done) => done(),
    close: (done) => attempt(done, () => closeSync(fd)),
  };
}

function writeFully(fd: number, chunk: Buffer): void {
  for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
}

function attempt(done: Done, work: () => void): void {
  try {
    work();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done();
}

/** Goes on unless there was an error. */
function then(done: Done, next: () => void): Done {
  return (error) => {
    if (error === undefined || error === null) next();
    else done(error);
  };
}
