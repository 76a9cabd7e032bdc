// Programs that measure functions of src/ from inside a fresh process, bundled as dist/ is: neither tsx nor what an
// earlier measurement has warmed up counts. A program prints its figures as JSON.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

import { outputOf } from './command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles `programs/NAME.ts`; the function that is returned runs it and gives what it printed. */
export function program(name: string): (...args: readonly string[]) => unknown {
  // Packages are found from there as they are from dist/.
  const outfile = join(ROOT, 'node_modules/.cache/acc-bench', `${name}.mjs`);
  buildSync({
    entryPoints: [join(ROOT, 'bench/programs', `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    loader: { '.sql': 'text' },
  });
  return (...args) => {
    const words = ['--expose-gc', outfile, ...args];
    return JSON.parse(outputOf({ program: process.execPath, args: words, cwd: ROOT })) as unknown;
  };
}
