import { expect, test } from 'vitest';

import {
  isSet,
  numberOf,
  readArgs,
  splitCommand,
  textOf,
  textsOf,
  usageLine,
} from '../../src/cli/args.ts';
import type { Command } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { UsageError } from '../../src/model/errors.ts';

const RUN = commandNamed('run');

function commandNamed(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command;
}

function problemsOf(command: Command, argv: readonly string[]): string[] {
  try {
    readArgs(command, argv);
  } catch (error) {
    if (error instanceof UsageError) {
      return error.problems.map(({ message, hint }) => `${message} | ${hint}`);
    }
    throw error;
  }
  return [];
}

test('words and flags may be mixed, and flags written in both ways', () => {
  const args = readArgs(RUN, [
    'a.ts',
    '--workdir=old',
    '--concurrency',
    '3',
    'b.ts',
    '-q',
    '--json',
  ]);
  expect(args.positionals).toEqual(['a.ts', 'b.ts']);
  expect(textOf(args, 'workdir')).toBe('old');
  expect(numberOf(args, 'concurrency')).toBe(3);
  expect([isSet(args, 'quiet'), isSet(args, 'json'), isSet(args, 'why')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('a repeatable flag keeps all its values, any other the last', () => {
  const args = readArgs(RUN, ['--flag', 'a=1', '--flag', 'b', '--workdir', 'x', '--workdir', 'y']);
  expect(textsOf(args, 'flag')).toEqual(['a=1', 'b']);
  expect(textOf(args, 'workdir')).toBe('y');
});

test('--force stands alone, takes a method, and leaves a script to the run', () => {
  expect(textsOf(readArgs(RUN, ['--force']), 'force')).toEqual([]);
  expect(textsOf(readArgs(RUN, ['--force', 'train']), 'force')).toEqual(['train']);
  expect(textsOf(readArgs(RUN, ['--force=train', '--force', 'rank']), 'force')).toEqual([
    'train',
    'rank',
  ]);
  const args = readArgs(RUN, ['--force', 'other.ts']);
  expect(isSet(args, 'force')).toBe(true);
  expect(textsOf(args, 'force')).toEqual([]);
  expect(args.positionals).toEqual(['other.ts']);
});

test('words after -- are never flags', () => {
  expect(readArgs(RUN, ['--', '--odd.ts']).positionals).toEqual(['--odd.ts']);
});

test('every mistake is reported at once', () => {
  expect(problemsOf(RUN, ['--frce', '--concurrency', 'many', '--json=yes', '--workdir'])).toEqual([
    'acc run has no flag --frce | Did you mean --force? All flags: acc run --help',
    'Expected flag --concurrency to be a whole number of at least 1, got "many" | --concurrency: worker threads that run at the same time.',
    'Expected flag --json without a value, got "yes" | --json: print one JSON event per line and nothing else.',
    'Expected a value after flag --workdir, as in --workdir NAME | --workdir: where new jobs go.',
  ]);
});

test('a flag is not the value of the flag before it', () => {
  expect(problemsOf(RUN, ['--workdir', '--json'])[0]).toMatch(
    /^Expected a value after flag --workdir/u,
  );
});

test('missing, extra and unknown words are told with the usage', () => {
  expect(problemsOf(commandNamed('why'), [])[0]).toMatch(
    /^acc why needs SPEC: .* \| Usage: acc why SPEC$/u,
  );
  expect(problemsOf(commandNamed('init'), ['a', 'b', 'c'])).toEqual([
    'acc init cannot use "b c" | Usage: acc init [DIR]',
  ]);
  expect(problemsOf(commandNamed('db'), ['vacuum'])[0]).toMatch(/to be rebuild, got "vacuum"/u);
});

test('nothing is missing when only help is asked for', () => {
  expect(isSet(readArgs(commandNamed('why'), ['-h']), 'help')).toBe(true);
});

test('the command is the first word, whatever flags stand before it', () => {
  expect(splitCommand(['--project', 'run', 'jobs', '--json'])).toEqual({
    name: 'jobs',
    rest: ['--project', 'run', '--json'],
  });
  expect(splitCommand(['--help'])).toEqual({ name: undefined, rest: ['--help'] });
});

test('names of commands and flags are plain, and every flag has a help text', () => {
  for (const { name, summary, flags } of COMMANDS) {
    expect(name).toMatch(/^[a-z]+$/u);
    expect(summary).toMatch(/^[a-z].*[^.]$/u);
    for (const [flag, { help }] of Object.entries(flags)) {
      expect(flag).toMatch(/^[a-z][a-z-]+$/u);
      expect(help).not.toBe('');
    }
  }
});

test('the usage shows which words are needed', () => {
  expect(COMMANDS.map(usageLine).slice(0, 5)).toEqual([
    'acc init [DIR]',
    'acc run [SCRIPT…]',
    'acc why SPEC',
    'acc job SPEC…',
    'acc jobs [METHOD…]',
  ]);
});
