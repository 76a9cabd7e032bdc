// Snakemake: one rule per task, with its own record of what was made how.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from '../command.ts';
import { isInstalled, timeOf } from '../command.ts';
import { shellCommand } from '../dag.ts';
import type { Task } from '../dag.ts';
import type { Peer } from './peer.ts';

/** Snakemake. */
export const snakemake: Peer = { name: 'snakemake', prepare };

function prepare(directory: string, tasks: readonly Task[]): Command | undefined {
  if (!isInstalled('snakemake')) return undefined;
  const all = `rule all:\n  input: ${quoted(tasks.map(({ name }) => name))}\n`;
  const rules = tasks.map((task) =>
    [
      `rule ${task.name.replace('-', '_')}:`,
      ...(task.inputs.length === 0 ? [] : [`  input: ${quoted(task.inputs)}`]),
      `  output: ${quoted([task.name])}`,
      `  shell: "${shellCommand(task, (name) => name)}"`,
      '',
    ].join('\n'),
  );
  writeFileSync(join(directory, 'Snakefile'), all + rules.join(''));
  const command = { program: 'snakemake', args: ['-j2', '--quiet'], cwd: directory };
  timeOf(command);
  return command;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
