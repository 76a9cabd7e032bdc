// Turborepo: one package per task, because that is its unit. Only the run in which nothing is to be done is measured:
// while the graph is built for the first time, a stand-in for npm saves a thousand starts of it.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import type { Command } from '../command.ts';
import { outputOf, timeOf } from '../command.ts';
import { shellCommand } from '../dag.ts';
import type { Task } from '../dag.ts';
import { buildTools } from './npm-tools.ts';
import type { Peer } from './peer.ts';

/** Turborepo. */
export const turbo: Peer = { name: 'turbo', prepare };

function prepare(directory: string, tasks: readonly Task[]): Command | undefined {
  const modules = buildTools();
  if (modules === undefined) return undefined;
  const npm = outputOf({ program: 'npm', args: ['--version'], cwd: directory }).trim();
  writeJson(directory, 'package.json', {
    name: 'bench',
    private: true,
    packageManager: `npm@${npm}`,
    workspaces: ['packages/*'],
  });
  writeJson(directory, 'turbo.json', {
    // Without a .gitignore, the output would count as an input.
    tasks: {
      build: { dependsOn: ['^build'], inputs: ['package.json', 'task.sh'], outputs: ['out'] },
    },
  });
  for (const task of tasks) writePackage(directory, task);
  writeJson(directory, 'package-lock.json', lockFile(tasks));
  const command = {
    program: join(modules, '.bin/turbo'),
    args: ['run', 'build', '--concurrency=2'],
    cwd: directory,
    env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  };
  const path = [standInForNpm(directory), process.env['PATH']].join(delimiter);
  timeOf({ ...command, env: { ...command.env, PATH: path } });
  return command;
}

function writePackage(directory: string, task: Task): void {
  const path = join(directory, 'packages', task.name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'task.sh'), `${shellCommand(task, (name) => `../${name}/out`)}\n`);
  writeJson(path, 'package.json', {
    name: task.name,
    version: '1.0.0',
    scripts: { build: 'sh task.sh' },
    dependencies: dependencies(task),
  });
}

/** A directory with a program `npm` that does what `npm run build` would. */
function standInForNpm(directory: string): string {
  const path = join(directory, 'stand-in');
  mkdirSync(path);
  writeFileSync(join(path, 'npm'), '#!/bin/sh\nexec sh task.sh\n');
  chmodSync(join(path, 'npm'), 0o755);
  return path;
}

function dependencies(task: Task): Record<string, string> {
  return Object.fromEntries(task.inputs.map((name) => [name, '*']));
}

/** What `npm install` would write, without the links it would make. */
function lockFile(tasks: readonly Task[]): object {
  const packages = tasks.flatMap((task) => [
    [`packages/${task.name}`, { version: '1.0.0', dependencies: dependencies(task) }] as const,
    [`node_modules/${task.name}`, { resolved: `packages/${task.name}`, link: true }] as const,
  ]);
  const root = { name: 'bench', workspaces: ['packages/*'] };
  return {
    name: 'bench',
    lockfileVersion: 3,
    requires: true,
    packages: Object.fromEntries([['', root] as const, ...packages]),
  };
}

function writeJson(directory: string, name: string, value: object): void {
  writeFileSync(join(directory, name), JSON.stringify(value));
}
