// Compiles the kernels in AssemblyScript, those of csvimport and csvexport and those of the engine, to WebAssembly and puts
// them, as text, into the modules that load them: a bundle is then still one file, and the digest of a method covers them.
// `npm run build:wasm` after a change; a test holds sources and texts together.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { main } from 'assemblyscript/asc';

/** A directory of kernels, and the module that holds what they are compiled to. */
export interface KernelModule {
  readonly sources: URL;
  /** The file whose exports are the kernels. */
  readonly entry: string;
  readonly target: URL;
}

/** All kernels there are. */
export const KERNELS: readonly KernelModule[] = [
  {
    sources: new URL('methods/lib/csv/wasm/kernels', import.meta.url),
    entry: 'index.ts',
    target: new URL('methods/lib/csv/kernel-code.ts', import.meta.url),
  },
  {
    sources: new URL('src/data/format/kernels', import.meta.url),
    entry: 'frames.ts',
    target: new URL('src/data/format/kernel-code.ts', import.meta.url),
  },
];

const FLAGS = [
  '-O3',
  '--converge',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--enable',
  'simd',
];
const LINE = 96;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kernels of KERNELS) {
    const { target } = kernels;
    const text = await compileKernels(kernels);
    if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
  }
}

/** Gives the text of `target`: the same for the same sources and compiler. */
export async function compileKernels({ sources, entry }: KernelModule): Promise<string> {
  let code: Uint8Array | undefined;
  // Warnings about vectors in signatures concern embedders, who see none of these functions.
  const { error, stderr } = await main(
    [
      entry,
      '--baseDir',
      fileURLToPath(sources),
      '--outFile',
      'kernels.wasm',
      '--disableWarning',
      '112',
      ...FLAGS,
    ],
    {
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') code = contents;
      },
    },
  );
  if (error !== null || code === undefined)
    throw new Error('The kernels do not compile', { cause: stderr });
  const lines =
    Buffer.from(code)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE}}`, 'gu')) ?? [];
  return `// The kernels in AssemblyScript, compiled by "npm run build:wasm". Not to be edited.

/** A WebAssembly module in base64. */
export const KERNEL_CODE: string =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
}
