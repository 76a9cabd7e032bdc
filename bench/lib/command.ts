// Runs whole processes and measures them from outside: time by the clock, peak memory by GNU time.

import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { scratchDirectory } from './scratch.ts';

/** A process to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

const GNU_TIME = '/usr/bin/time';

/** Runs a process to its end without keeping its output; gives milliseconds. Throws when it fails. */
export function timeOf(command: Command): number {
  const startedAt = performance.now();
  const { status, error } = spawn(command, 'ignore');
  const ms = performance.now() - startedAt;
  if (error !== undefined) throw error;
  if (status !== 0) throw failed(command, spawn(command, 'pipe').stderr);
  return ms;
}

/** Runs a process to its end; gives what it printed. Throws when it fails. */
export function outputOf(command: Command): string {
  const { status, error, stdout, stderr } = spawn(command, 'pipe');
  if (error !== undefined) throw error;
  if (status !== 0) throw failed(command, stderr + stdout);
  return stdout;
}

/** Runs a process to its end; gives its largest resident memory, or `undefined` where there is no GNU time. */
export function peakBytesOf(command: Command): number | undefined {
  if (process.platform !== 'linux' || !existsSync(GNU_TIME)) return undefined;
  const scratch = scratchDirectory();
  const file = join(scratch, 'peak');
  const args = ['--format=%M', `--output=${file}`, command.program, ...command.args];
  outputOf({ ...command, program: GNU_TIME, args });
  return Number(readFileSync(file, 'utf8').trim()) * 1024;
}

/** Tells whether a program can be started. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

function spawn(command: Command, output: 'ignore' | 'pipe'): SpawnSyncReturns<string> {
  return spawnSync(command.program, command.args, {
    cwd: command.cwd,
    env: { ...cleanEnvironment(), ...command.env },
    stdio: ['ignore', output, output],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

function failed({ program, args }: Command, output: string): Error {
  return new Error(`${program} ${args.join(' ')} failed:\n${output.slice(-2000)}`);
}

/** Certificates cost some versions of Node 50 ms per start, and what npm and tsx leave behind changes how tools run. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const noise = /^(?:NODE_EXTRA_CA_CERTS|NODE_OPTIONS|NODE_ENV|npm_.*|TSX_.*|ACC_.*)$/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !noise.test(name)));
}
