// Runs the compiler of AssemblyScript over the kernels of csvimport.

import { fileURLToPath } from 'node:url';

import { main } from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('kernels', import.meta.url));
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

/** Gives the text of `kernel-code.ts`: the same for the same sources and compiler. */
export async function compileKernels(): Promise<string> {
  let code: Uint8Array | undefined;
  // Warnings about vectors in signatures concern embedders, who see none of these functions.
  const { error, stderr } = await main(
    [
      'index.ts',
      '--baseDir',
      ROOT,
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
  return `// The kernels in wasm/kernels, compiled by wasm/build.ts. Not to be edited.

/** A WebAssembly module in base64. */
export const KERNEL_CODE: string =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
}
