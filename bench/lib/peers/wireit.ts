// Wireit: one script per task in one package. It can only be started through npm, whose start counts with it.

import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from '../command.ts';
import { timeOf } from '../command.ts';
import { shellCommand } from '../dag.ts';
import type { Task } from '../dag.ts';
import { buildTools } from './npm-tools.ts';
import type { Peer } from './peer.ts';

/** Wireit. */
export const wireit: Peer = { name: 'wireit', prepare };

function prepare(directory: string, tasks: readonly Task[]): Command | undefined {
  const modules = buildTools();
  if (modules === undefined) return undefined;
  symlinkSync(modules, join(directory, 'node_modules'));
  const scripts = tasks.map((task) => {
    const script = {
      command: shellCommand(task, (name) => `${name}.out`),
      dependencies: task.inputs,
      files: [],
      output: [`${task.name}.out`],
    };
    return [task.name, script] as const;
  });
  const all = ['all', { dependencies: tasks.map(({ name }) => name) }] as const;
  const configuration = Object.fromEntries<object>([all, ...scripts]);
  const names = Object.fromEntries(Object.keys(configuration).map((name) => [name, 'wireit']));
  const manifest = { name: 'bench', private: true, scripts: names, wireit: configuration };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  const env = { WIREIT_PARALLEL: '2', WIREIT_LOGGER: 'simple' };
  const command = { program: 'npm', args: ['run', '-s', 'all'], cwd: directory, env };
  timeOf(command);
  return command;
}
