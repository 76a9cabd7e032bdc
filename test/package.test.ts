import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

interface PackageJson {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
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

test('what is published is the build, the standard methods and the changelog', () => {
  expect(packageJson.files).toEqual([
    'dist',
    '!dist/*.cache',
    'methods/*.ts',
    'methods/lib',
    '!methods/lib/csv/wasm',
    'CHANGELOG.md',
  ]);
});

test('nothing of acc runs where it is installed as a package; in the repository an installation builds it', () => {
  // `dependencies` runs for the root project only. npm asks users to approve the other ones, `prepare` too.
  const atInstallation = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];
  expect(Object.keys(packageJson.scripts).filter((name) => atInstallation.includes(name))).toEqual(
    [],
  );
  expect(packageJson.scripts).toMatchObject({
    dependencies: 'npm run -s build',
    prepack: 'npm run -s build',
  });
});

function read(name: string): string {
  return readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
}
