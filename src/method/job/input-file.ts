// A file below the input directory, as the value of an `inputFile()` option.
// It is a file URL, so that every function of node:fs takes it as it is.

import { createReadStream } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { printAs } from '../../util/print-as.ts';

/** A file below the input directory; `readFileSync(options.file)` reads it. */
export class InputFile extends URL {
  /** Relative to the input directory, with `/`. */
  readonly name: string;
  /** Absolute path of the input directory. */
  readonly inputDirectory: string;

  constructor(inputDirectory: string, name: string) {
    super(pathToFileURL(join(inputDirectory, name)));
    this.name = name;
    this.inputDirectory = inputDirectory;
  }

  /** Returns the absolute path. */
  filename(): string {
    return fileURLToPath(this);
  }

  /** The same as `filename`. */
  resolve(): string {
    return this.filename();
  }

  /** Opens the file for reading. */
  open(): ReadStream {
    return createReadStream(this);
  }

  /** Returns the absolute path. */
  override toString(): string {
    return this.filename();
  }

  /** Returns the path relative to the input directory. */
  override toJSON(): string {
    return this.name;
  }
}

printAs(InputFile, (file) => `InputFile ${file.name}`);
