// Compiles the type tests beside this file, which are the proof that the compiler knows what methods take and give.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'acc-types-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Compiles one file with the project's settings and returns what the compiler says about it. */
async function compile(file: string): Promise<string> {
  const config = join(directory, 'tsconfig.json');
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')], noUnusedLocals: false },
    include: [],
    files: [file],
  };
  writeFileSync(config, JSON.stringify(settings));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', config], {
    cwd: root,
  }).catch((error: { readonly stdout: string }) => error);
  return stdout
    .split('\n')
    .filter((line) => line.includes('.test-d.ts'))
    .join('\n');
}

test('what stages receive, what builds take and what they give is inferred', async () => {
  expect(await compile(join(import.meta.dirname, 'method-types.test-d.ts'))).toBe('');
});

test('every seeded mistake is refused by the compiler', async () => {
  const file = join(import.meta.dirname, 'seeded-mistakes.test-d.ts');
  expect(await compile(file)).toBe('');
  const seeded = readFileSync(file, 'utf8').match(/@ts-expect-error \d+/gu) ?? [];
  expect(seeded.length).toBeGreaterThanOrEqual(20);
});
