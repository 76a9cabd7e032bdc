// Compiles the kernels to WebAssembly and puts them, as text, into the module that loads them: a bundle of a method is
// then still one file, and its digest covers them. `npm run build:wasm` after a change; a test holds both together.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { compileKernels, KERNELS } from './compile.ts';

for (const kernels of KERNELS) {
  const { target } = kernels;
  const text = await compileKernels(kernels);
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
}
