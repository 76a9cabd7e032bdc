// The bundles in the cache directory: `bundles/DIGEST.mjs` is exactly the text that is hashed, behind a header where it
// needs one, and `DIGEST.mjs.map` beside it leads back to the sources and holds them.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import { digest } from '../../model/ids.ts';
import type { Digest } from '../../model/ids.ts';
import { systemError } from '../../model/system-error.ts';
import { sha256 } from '../../util/sha256.ts';
import { canonicalJson } from '../job-key.ts';
import type { BundledCode } from './code-bundle.ts';
import { bundlePath } from './current-code.ts';
import { bundleHeader } from './import-meta.ts';

/** Code to be written down. */
export interface NewBundle {
  readonly code: BundledCode;
  /** All packages it imports, directly or through others, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** Absolute path that its sources are named relative to. */
  readonly rootDirectory: string;
}

/** Collects bundles and writes them together. */
export class BundleFiles {
  readonly #cacheDirectory: string;
  /** Contents by absolute path. */
  readonly #contents = new Map<string, string>();
  /** Texts of sources as JSON, by absolute path. */
  readonly #sources = new Map<string, string>();

  constructor(cacheDirectory: string) {
    this.#cacheDirectory = cacheDirectory;
  }

  /** Gives code its identity and keeps it for `write`. */
  add({ code, packages, rootDirectory }: NewBundle): Digest {
    const identity = codeDigest(code.text, packages);
    const path = bundlePath(identity, this.#cacheDirectory);
    const header = bundleHeader(code.text, rootDirectory);
    // An empty file would count as one that a power failure has emptied.
    this.#contents.set(path, header + code.text || '\n');
    this.#contents.set(`${path}.map`, this.#completeMap(code.map, header, rootDirectory));
    return identity;
  }

  /** Writes what differs from what lies there. A map may differ though the code is the same. */
  write(): void {
    const directory = join(this.#cacheDirectory, 'bundles');
    mkdirSync(directory, { recursive: true });
    const present = new Set(readdirSync(directory).map((name) => join(directory, name)));
    for (const [path, content] of this.#contents) {
      if (present.has(path) && readFileSync(path, 'utf8') === content) continue;
      replaceFile(path, content);
    }
  }

  /** Adds to a map what makes it complete by itself: where the sources are, and their texts. */
  #completeMap(map: string, header: string, rootDirectory: string): string {
    const stored = JSON.parse(map) as {
      readonly sources: readonly string[];
      readonly mappings: string;
      readonly names: readonly string[];
    };
    const texts = stored.sources.map((source) => this.#sourceText(join(rootDirectory, source)));
    const members = [
      `"version":3,"sourceRoot":${JSON.stringify(pathToFileURL(rootDirectory + sep).href)}`,
      `"sources":${JSON.stringify(stored.sources)}`,
      `"sourcesContent":[${texts.join()}]`,
      `"mappings":"${header === '' ? '' : ';'}${stored.mappings}"`,
      `"names":${JSON.stringify(stored.names)}`,
    ];
    return `{${members.join()}}`;
  }

  /** Many bundles share a source. What is no file, as the engine's stand-in in a configuration, is `null`. */
  #sourceText(file: string): string {
    const text =
      this.#sources.get(file) ??
      JSON.stringify(existsSync(file) ? readFileSync(file, 'utf8') : null);
    this.#sources.set(file, text);
    return text;
  }
}

/** Computes the identity of code: its bundle's text without the header, and the versions of what it imports. */
export function codeDigest(text: string, packages: Readonly<Record<string, string>>): Digest {
  return digest(sha256(`${text}\n${canonicalJson(packages)}`));
}

/**
 * Replaces a file by one atomic step. It cannot be written to, because finished jobs share it: an edit in the cache would
 * be one of them too.
 */
function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, content, { mode: 0o444 });
    renameSync(temporary, path);
  } catch (error) {
    throw systemError(error, 'write', path);
  }
}
