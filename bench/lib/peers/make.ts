// GNU make: one rule per task, times of files.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from '../command.ts';
import { isInstalled, timeOf } from '../command.ts';
import { shellCommand } from '../dag.ts';
import type { Task } from '../dag.ts';
import type { Peer } from './peer.ts';

/** GNU make. */
export const make: Peer = { name: 'make', prepare };

function prepare(directory: string, tasks: readonly Task[]): Command | undefined {
  if (!isInstalled('make')) return undefined;
  const all = `all: ${tasks.map(({ name }) => name).join(' ')}\n`;
  const rules = tasks.map((task) => {
    return `${task.name}: ${task.inputs.join(' ')}\n\t@${shellCommand(task, (name) => name)}\n`;
  });
  writeFileSync(join(directory, 'Makefile'), all + rules.join(''));
  const command = { program: 'make', args: ['-s', '-j2'], cwd: directory };
  timeOf(command);
  return command;
}
