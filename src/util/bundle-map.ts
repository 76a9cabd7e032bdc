// Finds the place in a source file behind a place in a bundle, by the source map that lies beside the bundle.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { SourceMap } from './source-map.ts';

/** A place in a source file. */
export interface SourcePlace {
  /** Absolute path. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
}

/** A bundle with the source map beside it. */
export class BundleMap {
  readonly #map: SourceMap;
  /** Absolute path of the directory that the names of sources are relative to. */
  readonly #root: string;

  private constructor(bundle: string) {
    this.#map = new SourceMap(readFileSync(bundle, 'utf8'), readFileSync(`${bundle}.map`, 'utf8'));
    this.#root = fileURLToPath(new URL('.', new URL(this.#map.sourceRoot, pathToFileURL(bundle))));
  }

  /** Opens the map of a bundle, given by its absolute path; `undefined` when there is none beside it. */
  static open(bundle: string): BundleMap | undefined {
    return existsSync(bundle) && existsSync(`${bundle}.map`) ? new BundleMap(bundle) : undefined;
  }

  /** Returns where the code at a line and column of the bundle, as stack traces count them, comes from. */
  at(line: number, column: number): SourcePlace | undefined {
    const place = this.#map.atPosition(line, column);
    if (place === undefined) return undefined;
    return { file: resolve(this.#root, place.source), line: place.line, column: place.column };
  }
}
