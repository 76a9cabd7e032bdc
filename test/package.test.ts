import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

import { expect, test } from 'vitest';

interface PackageJson {
  readonly version: string;
  readonly bin: Readonly<Record<'acc', string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly version: string;
  readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
}

const lockText = read('package-lock.json');
const packageJson = JSON.parse(read('package.json')) as PackageJson;
const lockFile = JSON.parse(lockText) as LockFile;

/** What a user installs. A further one needs a reason in its commit, and then a line here. */
const RUNTIME_DEPENDENCIES = [
  'better-sqlite3',
  'esbuild',
  'hyparquet',
  'hyparquet-compressors',
  'hyparquet-writer',
  'lz4-napi',
  'piscina',
  'yauzl',
  'zod',
  'zstd-napi',
];

test('every version is exact', () => {
  const versions = Object.entries({
    ...packageJson.dependencies,
    ...packageJson.devDependencies,
    ...packageJson.overrides,
  });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(version))).toEqual([]);
});

test('the dependencies at run time are the ones that were decided on', () => {
  expect(Object.keys(packageJson.dependencies).toSorted()).toEqual(RUNTIME_DEPENDENCIES);
});

test('the lock file names no download address, so that any registry can serve it', () => {
  const resolved = Object.entries(lockFile.packages).filter(([, entry]) => 'resolved' in entry);
  expect(resolved).toEqual([]);
  expect(lockText).not.toContain('.tgz');
});

test('the lock file belongs to this version', () => {
  expect(lockFile.version).toBe(packageJson.version);
});

test('npx finds the command of a clone in it, not in a cache that an older clone has filled', () => {
  const link = new URL('../node_modules/.bin/acc', import.meta.url);
  expect(readlinkSync(link)).toBe(`../../${packageJson.bin.acc}`);
});

test('what is published is the build, the standard methods and the texts, and nothing that only the build needs', () => {
  const names = packedFiles();
  const outside = names.filter((name) => !/^(?:dist|methods)\//u.test(name));
  expect(outside.toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  expect(names).toEqual(
    expect.arrayContaining(['dist/acc.cjs', 'dist/index.js', 'methods/csvimport.ts']),
  );
  const methods = names.filter((name) => name.startsWith('methods/'));
  const scripts = methods.filter((name) => !name.endsWith('.ts'));
  expect(scripts).toEqual(['methods/lib/csv/yauzl.js']);
  expect(methods.filter((name) => /\/(?:birdstrikes|wasm)\//u.test(name))).toEqual([]);
  expect(names.filter((name) => name.endsWith('.cache'))).toEqual([]);
});

/** As npm says it; nothing is built or written. */
function packedFiles(): readonly string[] {
  const [cwd, command] = [new URL('..', import.meta.url), ['pack', '--dry-run', '--json']];
  const json = execFileSync('npm', [...command, '--ignore-scripts'], { cwd, encoding: 'utf8' });
  const [packed] = JSON.parse(json) as [{ readonly files: readonly { readonly path: string }[] }];
  return packed.files.map(({ path }) => path);
}

function read(name: string): string {
  return readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
}
