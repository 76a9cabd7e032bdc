#!/usr/bin/env node
// The command `acc`: starts the program of main.ts from V8's code cache, which halves the time until it does something.
// The cache is a file beside the program, made by the first short `acc run` of this installation under this Node; it
// is only ever a shortcut: wherever it cannot be read, trusted or written, the program is compiled.

import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

import * as importer from './util/import-module.ts';

/** The file name of the program; it changes with its content. */
declare const PROGRAM: string;

/** The body of a CommonJS module, as Node calls it. */
type ModuleBody = (
  exports: object,
  require: (name: string) => unknown,
  module: Module,
  filename: string,
  dirname: string,
) => void;

/** After longer runs V8 may have thrown away what it compiled for the start. */
const SHORT_RUN_S = 10;
const WRITABLE_BY_OTHERS = 0o022;

const require = createRequire(import.meta.filename);
const program = join(import.meta.dirname, PROGRAM);
const cache = `${program}.${process.version}-${process.arch}.cache`;

start();

function start(): void {
  const cachedData = readCache();
  const script = new Script(readFileSync(program, 'latin1'), {
    filename: program,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true) writeCacheAtExit(script);
  const bodies = script.runInThisContext() as Readonly<Record<string, ModuleBody>>;
  register('./import-module.cjs').exports = importer;
  const { main } = load('./main.cjs', bodies) as { main: () => Promise<void> };
  void main();
}

/** Loads a module of the program, or of what lies beside it. Both find each other's among Node's loaded modules. */
function load(name: string, bodies: Readonly<Record<string, ModuleBody>>): unknown {
  const body = bodies[name];
  const loaded = require.cache[join(import.meta.dirname, name)];
  if (loaded !== undefined) return loaded.exports;
  if (body === undefined) return require(name) as unknown;
  const module = register(name);
  const requireHere = (other: string): unknown => load(other, bodies);
  body(module.exports as object, requireHere, module, module.filename, import.meta.dirname);
  return module.exports;
}

function register(name: string): Module {
  const path = join(import.meta.dirname, name);
  const module = new Module(path);
  module.filename = path;
  module.loaded = true;
  require.cache[path] = module;
  return module;
}

/**
 * A cache is code, so it counts only when nobody but the owner of the program, or root, can have written it. V8
 * checks its length, not its content, and crashes on a damaged one: the file holds it twice, which is compared
 * in a tenth of a millisecond.
 */
function readCache(): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(cache, 'r');
    const { uid, mode } = fstatSync(file);
    const trusted = uid === 0 || uid === statSync(program).uid;
    if (!trusted || (mode & WRITABLE_BY_OTHERS) !== 0) return undefined;
    const twice = readFileSync(file);
    const data = twice.subarray(0, twice.length / 2);
    return data.equals(twice.subarray(data.length)) ? data : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** At the end, so that the functions are in it which a run of hits needs. */
function writeCacheAtExit(script: Script): void {
  if (process.argv[2] !== 'run') return;
  process.once('exit', (exitCode) => {
    if (exitCode === 0 && process.uptime() < SHORT_RUN_S && wouldBeTrusted()) writeCache(script);
  });
}

function wouldBeTrusted(): boolean {
  const user = process.getuid?.();
  return user === 0 || user === statSync(program).uid;
}

/** Several processes may do so at once: each writes a file of its own, and the last one stays. */
function writeCache(script: Script): void {
  const temporary = `${cache}.${process.pid}`;
  try {
    const data = script.createCachedData();
    writeFileSync(temporary, Buffer.concat([data, data]), { flag: 'wx', mode: 0o644 });
    renameSync(temporary, cache);
  } catch {
    // A read-only installation, or a full disk: the next start compiles again.
    rmSync(temporary, { force: true });
  }
}
