// Compiles the kernels to WebAssembly and puts them, as text, into the module that loads them: a bundle of a method is
// then still one file, and its digest covers them. `npm run build:wasm` after a change; a test holds both together.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { compileKernels } from './compile.ts';

const TARGET = fileURLToPath(new URL('../kernel-code.ts', import.meta.url));

const text = await compileKernels();
if (readFileSync(TARGET, 'utf8') !== text) writeFileSync(TARGET, text);
