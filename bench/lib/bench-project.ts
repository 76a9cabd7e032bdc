// A temporary project for whole runs of the built command, as a user's would be.

import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Command } from './command.ts';
import { outputOf } from './command.ts';
import { scratchDirectory } from './scratch.ts';

const BINARY = fileURLToPath(new URL('../../dist/acc.cjs', import.meta.url));

/** A project with methods and scripts; removed when the process ends. */
export class BenchProject {
  readonly #directory = scratchDirectory();

  /** Writes files by path. */
  constructor(files: Readonly<Record<string, string>>) {
    this.write({ 'package.json': '{ "type": "module", "private": true }\n', ...files });
  }

  /** Absolute path of something in the project. */
  path(...parts: readonly string[]): string {
    return join(this.#directory, ...parts);
  }

  /** Writes files by path, making directories. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  /** The command `acc` with these words; `nodeOptions` go to node itself. */
  command(args: readonly string[], nodeOptions: readonly string[] = []): Command {
    const program = realpathSync(process.execPath);
    return { program, args: [...nodeOptions, BINARY, ...args], cwd: this.path() };
  }

  /** Runs a script with flags, in two slices whatever the machine, and gives what it wrote, as JSON, to the path in its flag `out`. */
  figures(script: string, flags: Readonly<Record<string, string | number>> = {}): unknown {
    const out = this.path('figures.json');
    const words = Object.entries({ ...flags, out }).flatMap(([name, value]) => [
      '--flag',
      `${name}=${value}`,
    ]);
    outputOf(this.command(['run', script, '--slices', '2', ...words]));
    return JSON.parse(readFileSync(out, 'utf8'));
  }
}
