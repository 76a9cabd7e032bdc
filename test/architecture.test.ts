import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** What each room of src/ may import, besides itself, Node and packages. The same table is in src/README.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  util: [],
  model: ['util'],
  key: ['util', 'model'],
  store: ['util', 'model'],
  data: ['util', 'model'],
  report: ['util', 'model'],
  exec: ['util', 'model', 'data'],
  engine: ['util', 'model', 'key', 'store', 'exec'],
  method: ['util', 'model', 'data'],
  urd: ['util', 'model', 'data', 'engine', 'method'],
  serve: ['util', 'model', 'key', 'store', 'data', 'report', 'exec', 'engine', 'method', 'urd'],
  cli: [
    'util',
    'model',
    'key',
    'store',
    'data',
    'report',
    'exec',
    'engine',
    'method',
    'urd',
    'serve',
  ],
};

/** The main process loads these only where they are needed, so they are never imported statically on its path. */
const LOADED_LATE = ['yargs', 'zod', 'esbuild', 'piscina', 'msgpackr', 'apache-arrow'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isDynamic: boolean;
  readonly isTypeOnly: boolean;
}

const IMPORTS = sourceFiles().flatMap(importsOf);

test('every room is in the table', () => {
  const rooms = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of rooms) expect(Object.keys(MAY_IMPORT)).toContain(name);
});

test('a room imports only what the table allows', () => {
  const wrong = IMPORTS.filter(({ file, target }) => {
    const from = roomOf(file);
    const to = target.startsWith('.') ? roomOf(resolve(dirname(file), target)) : undefined;
    if (from === undefined || to === undefined || from === to) return false;
    return !(MAY_IMPORT[from] ?? []).includes(to);
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
  const reached = staticallyReached([join(SOURCE, 'main.ts'), join(SOURCE, 'cli/run.ts')]);
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
  const reached = new Set(entries.filter(existsSync));
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
