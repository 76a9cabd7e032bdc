// The data room's only door to the file system: whole writes, whole reads at a position, and errors that name the file.

import { closeSync, fstatSync, openSync, readSync, writeSync, writevSync } from 'node:fs';

import { DAMAGED, SystemError } from '../../model/errors.ts';
import { onMachine } from '../../model/system-error.ts';
import { plural } from '../../util/quantity.ts';

/** Bytes of slice files that this thread has read so far: what an iteration costs, for tests. */
export const readCounter = { bytes: 0 };

/** A file opened for reading. */
export interface OpenFile {
  readonly fd: number;
  readonly path: string;
}

/** Opens a file that must have exactly `sizeBytes` bytes. */
export function openToRead(path: string, sizeBytes: number): OpenFile {
  const fd = onMachine('read', path, () => openSync(path, 'r'));
  const { size } = onMachine('read', path, () => fstatSync(fd));
  if (size === sizeBytes) return { fd, path };
  closeSync(fd);
  throw damagedFile(path, `it has ${plural(size, 'byte')} instead of ${sizeBytes}`);
}

/** Closes a file. */
export function closeFile(file: OpenFile): void {
  onMachine('close', file.path, () => closeSync(file.fd));
}

/** Fills `target` with the bytes from `position` on; throws when the file ends before. */
export function readFully(file: OpenFile, target: Uint8Array, position: number): void {
  let done = 0;
  while (done < target.length) {
    const count = onMachine('read', file.path, () =>
      readSync(file.fd, target, done, target.length - done, position + done),
    );
    if (count === 0) throw damagedFile(file.path, `it ends at byte ${position + done}`);
    done += count;
    readCounter.bytes += count;
  }
}

/** Writes all buffers at the present position. */
export function writeFully(file: OpenFile, buffers: readonly Uint8Array[]): void {
  onMachine('write', file.path, () => {
    let written = writevSync(file.fd, buffers);
    for (const buffer of buffers) {
      const done = Math.min(written, buffer.length);
      written -= done;
      writeRest(file.fd, buffer, done);
    }
  });
}

/** Makes the error for a file that does not hold what was written to it. */
export function damagedFile(path: string, reason: string): SystemError {
  return new SystemError({
    code: DAMAGED,
    operation: 'read',
    path,
    reason: `${reason}; the file was changed after it was written`,
  });
}

function writeRest(fd: number, buffer: Uint8Array, from: number): void {
  let done = from;
  while (done < buffer.length) done += writeSync(fd, buffer, done, buffer.length - done);
}
