import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** What each room of src/ may import, besides itself, Node and packages: the table in src/README.md. */
const MAY_IMPORT = new Map(roomsOf(readFileSync(join(SOURCE, 'README.md'), 'utf8')));

/** What the main process starts with: `acc.ts` loads the first, and that, when its turn comes, the command. */
const ENTRIES = ['main.ts', 'cli/commands/run.ts'].map((name) => join(SOURCE, name));

/** The main process loads these only where they are needed, so they are never imported statically on its path. */
const LOADED_LATE = ['yargs', 'zod', 'esbuild', 'piscina', 'msgpackr', 'apache-arrow'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isDynamic: boolean;
  readonly isTypeOnly: boolean;
}

const IMPORTS = sourceFiles().flatMap(importsOf);

test('the table of rooms holds the folders of src/', () => {
  const rooms = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect([...MAY_IMPORT.keys()].toSorted()).toEqual(rooms.map(({ name }) => name).toSorted());
});

test('a room imports only rooms above it in the table', () => {
  const rooms = [...MAY_IMPORT.keys()];
  for (const [index, room] of rooms.entries()) {
    expect(rooms.slice(0, index)).toEqual(
      expect.arrayContaining([...(MAY_IMPORT.get(room) ?? [])]),
    );
  }
});

test('a room imports only what the table allows', () => {
  const wrong = IMPORTS.filter(({ file, target }) => {
    const from = roomOf(file);
    const to = target.startsWith('.') ? roomOf(resolve(dirname(file), target)) : undefined;
    if (from === undefined || to === undefined || from === to) return false;
    return MAY_IMPORT.get(from)?.includes(to) !== true;
  });
  expect(wrong.map(describeImport)).toEqual([]);
});

test('nothing in a room imports an entry point', () => {
  const wrong = IMPORTS.filter(({ file, target }) => {
    if (!target.startsWith('.') || roomOf(file) === undefined) return false;
    return dirname(resolve(dirname(file), target)) === SOURCE;
  });
  expect(wrong.map(describeImport)).toEqual([]);
});

test('a run in which everything is reused loads no heavy package', () => {
  for (const entry of ENTRIES) expect(existsSync(entry), entry).toBe(true);
  const reached = staticallyReached(ENTRIES);
  const heavy = IMPORTS.filter(
    ({ file, target, isDynamic, isTypeOnly }) =>
      reached.has(file) && !isDynamic && !isTypeOnly && LOADED_LATE.includes(packageOf(target)),
  );
  expect(heavy.map(describeImport)).toEqual([]);
});

test('rooms have no index.ts and no file without a subject', () => {
  const vague = /\/(?:index|utils?|helpers?|types|common|constants|misc)\.ts$/u;
  const wrong = sourceFiles()
    .map((file) => relative(SOURCE, file))
    .filter((file) => vague.test(file));
  // The command `acc types` is called that.
  expect(wrong).toEqual(['cli/commands/types.ts']);
});

test('every file begins by saying what it does', () => {
  const silent = sourceFiles().filter(
    (file) => !/^(?:#!.*\n)?\/\/ \S/u.test(readFileSync(file, 'utf8')),
  );
  expect(silent.map((file) => relative(SOURCE, file))).toEqual([]);
});

/** Node follows links when it lists what lies below a directory, depending on its version. */
test('what lies below a directory is listed by `entriesBelow` alone', () => {
  const listing = /\breaddir(?:Sync)?\([^;]*?\brecursive\b/u;
  const files = sourceFiles().filter((file) => listing.test(readFileSync(file, 'utf8')));
  expect(files).toEqual([]);
});

/** The rows of the one table whose last column says what a room may import. */
function roomsOf(readme: string): [room: string, mayImport: readonly string[]][] {
  const [, table = ''] = readme.split(/^\| room \| holds \| may import \|\n\|[-| ]+\|\n/mu);
  const [rows = ''] = table.split('\n\n');
  const named = rows.split('\n').map((row): [string, string] => {
    const [, room = '', , mayImport = ''] = row.split('|').map((cell) => cell.trim());
    return [room.replaceAll('`', ''), mayImport];
  });
  return named.map(([room, mayImport], index) => {
    if (mayImport === '–') return [room, []];
    if (mayImport === 'all') return [room, named.slice(0, index).map(([name]) => name)];
    return [room, mayImport.split(', ')];
  });
}

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(SOURCE, name));
}

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');
  const statics = source.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]/gmu,
  );
  const dynamics = source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/gu);
  return [
    ...Array.from(statics, ([, type, target = '']) => ({
      file,
      target,
      isDynamic: false,
      isTypeOnly: type !== undefined,
    })),
    ...Array.from(dynamics, ([, target = '']) => ({
      file,
      target,
      isDynamic: true,
      isTypeOnly: false,
    })),
  ];
}

function staticallyReached(entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set(entries);
  for (const file of reached) {
    for (const found of IMPORTS) {
      if (found.file !== file || found.isDynamic || found.isTypeOnly) continue;
      if (found.target.startsWith('.')) reached.add(resolve(dirname(file), found.target));
    }
  }
  return reached;
}

/** `undefined` for files at the top of src/, which wire everything. */
function roomOf(path: string): string | undefined {
  const parts = relative(SOURCE, path).split('/');
  return parts.length > 1 && parts[0] !== '..' ? parts[0] : undefined;
}

function packageOf(target: string): string {
  const [scope = '', name = ''] = target.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

function describeImport({ file, target }: Import): string {
  return `${relative(SOURCE, file)} imports ${target}`;
}
