// The help texts, laid out by yargs from the table of commands. The only file that loads yargs.

import yargs from 'yargs';
import type { Argv, Options } from 'yargs';

import { GLOBAL_FLAGS, usageLine } from './args.ts';
import type { Command, FlagSpec } from './command.ts';
import { COMMANDS } from './commands.ts';

const WIDEST = 100;

/** Help of acc as a whole: every command with its summary. */
export function overallHelp(stream: NodeJS.WriteStream): Promise<string> {
  const help = helper(stream).usage('acc [--project DIR] COMMAND').options(optionsOf(GLOBAL_FLAGS));
  for (const command of COMMANDS) {
    help.command(usageLine(command).slice('acc '.length), command.summary);
  }
  return help.epilogue('More about a command: acc COMMAND --help').getHelp();
}

/** Help of one command: its words and flags. */
export function commandHelp(command: Command, stream: NodeJS.WriteStream): Promise<string> {
  const words = command.positionals.map(({ name, help }) => `  ${name.padEnd(10)} ${help}`);
  const usage = [`${usageLine(command)}\n`, capitalise(command.summary)];
  if (words.length > 0) usage.push('', ...words);
  const help = helper(stream)
    .usage(usage.join('\n'))
    .options(optionsOf({ ...command.flags, ...GLOBAL_FLAGS }));
  for (const [call, does] of command.examples ?? []) help.example(call, does);
  if (command.notes !== undefined) help.epilogue(command.notes.join('\n'));
  return help.getHelp();
}

function helper(stream: NodeJS.WriteStream): Argv {
  return yargs([])
    .scriptName('acc')
    .locale('en')
    .help(false)
    .version(false)
    .wrap(Math.min(WIDEST, stream.columns > 0 ? stream.columns : WIDEST))
    .updateStrings({ 'Options:': 'Flags:' });
}

function optionsOf(flags: Readonly<Record<string, FlagSpec>>): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, spec]) => [
      name,
      {
        describe: spec.placeholder === undefined ? spec.help : `${spec.placeholder}: ${spec.help}`,
        ...(spec.short === undefined ? {} : { alias: spec.short }),
      },
    ]),
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
