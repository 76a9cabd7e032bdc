// From words to exit code: finds the command, reads its words, carries it out and tells what went wrong.

import { resolve } from 'node:path';

import { UsageError } from '../model/errors.ts';
import { nearest } from '../util/nearest.ts';
import { isSet, readArgs, splitCommand, textOf } from './args.ts';
import type { Command, Surroundings } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_USAGE, isDamage, tellError } from './exit-code.ts';
import { watchOutput } from './output-errors.ts';
import { enginePackage } from './project/engine-package.ts';

/** Carries out one command line; gives the exit code. Never throws. */
export async function dispatch(argv: readonly string[], process: Surroundings): Promise<number> {
  watchOutput(process);
  try {
    return await carryOut(argv, process);
  } catch (error) {
    if (!isDamage(error)) return tellError(error, process);
    const { markDamaged } = await import('../store/damage.ts');
    return tellError(error, process, markDamaged(error.path, error.message));
  }
}

async function carryOut(argv: readonly string[], process: Surroundings): Promise<number> {
  const { name, rest } = splitCommand(argv);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) return withoutCommand(name, rest, process);
  const args = readArgs(command, rest);
  if (isSet(args, 'help')) return showHelp(command, process.stdout);
  if (isSet(args, 'version')) return showVersion(process);
  const execute = await command.load();
  const project = textOf(args, 'project');
  const cwd = process.cwd();
  return execute({
    args,
    projectDirectory: project === undefined ? undefined : resolve(cwd, project),
    cwd,
    process,
  });
}

async function withoutCommand(
  name: string | undefined,
  rest: readonly string[],
  process: Surroundings,
): Promise<number> {
  if (name !== undefined && name !== 'help') throw unknownCommand(name);
  if (rest.includes('--version')) return showVersion(process);
  if (name === 'help' || rest.includes('--help') || rest.includes('-h')) {
    return showHelp(undefined, process.stdout);
  }
  if (rest.length > 0) {
    const message = `acc does not understand "${rest.join(' ')}" without a command`;
    throw new UsageError({ code: 'missing_command', message, hint: 'All commands: acc --help' });
  }
  await showHelp(undefined, process.stderr);
  return EXIT_USAGE;
}

function unknownCommand(name: string): UsageError {
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  let hint = 'All commands: acc --help';
  if (near !== undefined) hint = `Did you mean "acc ${near}"? ${hint}`;
  else if (/\.[cm]?[jt]s$/u.test(name)) hint = `To run a build script: acc run ${name}`;
  return new UsageError({ code: 'unknown_command', message: `acc has no command "${name}"`, hint });
}

async function showHelp(command: Command | undefined, stream: NodeJS.WriteStream): Promise<number> {
  const { commandHelp, overallHelp } = await import('./help.ts');
  const text = await (command === undefined ? overallHelp(stream) : commandHelp(command, stream));
  stream.write(`${text}\n`);
  return 0;
}

function showVersion({ stdout }: Surroundings): number {
  stdout.write(`${enginePackage().version}\n`);
  return 0;
}
