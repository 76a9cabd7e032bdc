import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { compileKernels } from '../../methods/lib/csv/wasm/compile.ts';

it('the kernels are what their sources compile to', async () => {
  const path = new URL('../../methods/lib/csv/kernel-code.ts', import.meta.url);
  expect(await readFile(path, 'utf8')).toBe(await compileKernels());
});
