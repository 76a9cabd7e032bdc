import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { compileKernels, KERNELS } from '../wasm.config.ts';

it.each(KERNELS)('the kernels of $target are what their sources compile to', async (kernels) => {
  expect(await readFile(kernels.target, 'utf8')).toBe(await compileKernels(kernels));
});
