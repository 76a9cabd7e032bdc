// Gives code its identity: the digest of its bundle and of the packages it imports. Brings stale code up to date.
// Unaware of what the code defines. The bundle that is hashed is the file that runs, `bundles/DIGEST.mjs`.

import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { UsageError } from '../../model/errors.ts';
import { statPath } from '../file-stat.ts';
import { BundleFiles } from './bundle-files.ts';
import { bundleCode } from './code-bundle.ts';
import type { BundledCode } from './code-bundle.ts';
import type { CodeCache, CodeRecord } from './code-cache.ts';
import { CompilerConfigs } from './compiler-configs.ts';
import type { ClosureContext } from './current-code.ts';
import { InstalledPackages } from './installed-packages.ts';

/** Code to bring up to date. Paths are absolute. */
export interface CodeEntry {
  readonly file: string;
  /** Sources are named relative to it. */
  readonly rootDirectory: string;
  readonly kind: 'code' | 'configuration';
}

/** After a change the clock must move on before a further change would show: twice the coarsest tick of Linux. */
const SETTLE_MS = 21;

/** Bundles the entries and keeps what was learnt in the cache. Returns the errors of those that cannot be bundled. */
export async function bundleStale(
  entries: readonly CodeEntry[],
  context: ClosureContext,
): Promise<ReadonlyMap<string, UsageError>> {
  const { cache, cacheDirectory } = context;
  await settle(entries, cache);
  const startedMs = Date.now();
  const installed = new InstalledPackages();
  const configs = new CompilerConfigs(installed);
  const files = new BundleFiles(cacheDirectory);
  const errors = new Map<string, UsageError>();
  const records = new Map<string, CodeRecord>();
  for (const group of groupsOf(entries)) {
    const { rootDirectory, kind } = group[0];
    const sourcesOf = (entry: string): readonly string[] => cache.sourcesOf(entry);
    const results = await bundleCode(
      group.map((entry) => entry.file),
      { ...context, rootDirectory, kind, sourcesOf, installed },
    );
    for (const [file, code] of results) {
      if (code instanceof UsageError) {
        errors.set(file, code);
        continue;
      }
      const packages = installed.closure(code.packages.values());
      const digest = files.add({ code, packages, rootDirectory });
      records.set(file, { digest, packages, ...watchedPaths(code, configs) });
    }
  }
  files.write();
  cache.keep(records, sharedFiles(records, installed, configs), startedMs);
  return errors;
}

/** Waits until a change made from now on would show in the stat of a file that was changed a moment ago. */
async function settle(entries: readonly CodeEntry[], cache: CodeCache): Promise<void> {
  const paths = new Set(
    entries.flatMap(({ file, rootDirectory }) => [
      file,
      dirname(file),
      rootDirectory,
      ...cache.sourcesOf(file),
    ]),
  );
  const now = Date.now();
  const changes = [...paths].map((path) => statPath(path)?.ctimeMs ?? 0);
  const youngest = Math.max(0, ...changes.filter((changedMs) => changedMs <= now + SETTLE_MS));
  if (youngest > now - SETTLE_MS) await sleep(youngest - now + SETTLE_MS + 1);
}

/** One call of the bundler can serve entries of one kind below one root. */
function groupsOf(entries: readonly CodeEntry[]): readonly [CodeEntry, ...CodeEntry[]][] {
  const groups = new Map<string, [CodeEntry, ...CodeEntry[]]>();
  for (const entry of entries) {
    const key = `${entry.kind} ${entry.rootDirectory}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

/** Lists the paths at which a change may make other code of the same entry. */
function watchedPaths(
  { sources, links, aliased }: BundledCode,
  configs: CompilerConfigs,
): Pick<CodeRecord, 'files' | 'directories'> {
  const candidates = aliased.flatMap(({ specifier, directory }) =>
    configs.candidates(specifier, directory),
  );
  // An alias may name a file by its whole name, or a source without its extension, or a directory.
  const named = candidates.filter((path) => extname(path) !== '');
  const directories = candidates.flatMap((path) => [dirname(path), path]);
  return {
    files: [...new Set([...sources, ...links, ...named])],
    directories: [...new Set([...searchedDirectories(sources), ...directories])],
  };
}

/** Lists the directories in which a new file could be found in place of one of the sources. */
function searchedDirectories(sources: readonly string[]): readonly string[] {
  const directories = new Set<string>();
  for (const file of sources) {
    directories.add(dirname(file));
    // `import './lib'` may mean `lib.ts` as well as `lib/index.ts`.
    if (basename(file).startsWith('index.')) directories.add(dirname(dirname(file)));
  }
  return [...directories];
}

/** Lists the files, present or absent, on which every bundle depends: tools, packages and configuration. */
function sharedFiles(
  records: ReadonlyMap<string, CodeRecord>,
  installed: InstalledPackages,
  configs: CompilerConfigs,
): readonly string[] {
  const files = new Set([bundlerPackage()]);
  for (const directory of new Set([...records.values()].flatMap((record) => record.directories))) {
    for (let at = directory; !files.has(join(at, 'package.json')); at = dirname(at)) {
      files.add(join(at, 'package.json'));
      for (const file of configs.filesIn(at)) files.add(file);
    }
  }
  for (const path of installed.looked()) files.add(path);
  return [...files];
}

/** The bundler's output is part of the key's meaning, so another version of it makes all bundles anew. */
function bundlerPackage(): string {
  return createRequire(import.meta.filename).resolve('esbuild/package.json');
}
