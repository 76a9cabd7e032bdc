// Reads the words of a command line by a command's table entry, with Node's own parser: nothing is loaded for it.
// All mistakes are collected and thrown together.

import { parseArgs } from 'node:util';

import { UsageError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { nearest } from '../util/nearest.ts';
import type { Command, FlagSpec, PositionalSpec } from './command.ts';

/** The words of one call, checked against the command's table entry. */
export interface Args {
  readonly positionals: readonly string[];
  /** Flags that were given; a repeatable one holds all its values. */
  readonly flags: ReadonlyMap<string, readonly (string | true)[]>;
}

/** Flags of every command. */
export const GLOBAL_FLAGS: Readonly<Record<string, FlagSpec>> = {
  project: {
    type: 'text',
    placeholder: 'DIR',
    help: 'directory of the project, instead of looking upwards',
  },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
  version: { type: 'boolean', help: 'show the version of acc' },
};

/** Tells whether a flag was given. */
export function isSet(args: Args, flag: string): boolean {
  return args.flags.has(flag);
}

/** The last value of a flag; `undefined` when it was not given, or without a value. */
export function textOf(args: Args, flag: string): string | undefined {
  const value = args.flags.get(flag)?.at(-1);
  return value === true ? undefined : value;
}

/** All values of a repeatable flag, in order. */
export function textsOf(args: Args, flag: string): readonly string[] {
  return (args.flags.get(flag) ?? []).filter((value) => value !== true);
}

/** The number given with a flag. */
export function numberOf(args: Args, flag: string): number | undefined {
  const text = textOf(args, flag);
  return text === undefined ? undefined : Number(text);
}

/** Splits the command's name from the words around it; flags of all commands may stand before it. */
export function splitCommand(argv: readonly string[]): {
  name: string | undefined;
  rest: string[];
} {
  const token = parse(argv, GLOBAL_FLAGS).find(({ kind }) => kind === 'positional');
  if (token?.kind !== 'positional') return { name: undefined, rest: [...argv] };
  return { name: token.value, rest: argv.filter((_, index) => index !== token.index) };
}

/** Reads the words of a command. Throws `UsageError` with every mistake in them. */
export function readArgs(command: Command, argv: readonly string[]): Args {
  const known = { ...command.flags, ...GLOBAL_FLAGS };
  const positionals: string[] = [];
  const flags = new Map<string, (string | true)[]>();
  const problems: Problem[] = [];
  let waiting: string | undefined;
  for (const token of parse(argv, known)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (waiting !== undefined && !looksLikePath(token.value))
        flags.get(waiting)?.splice(-1, 1, token.value);
      else positionals.push(token.value);
      waiting = undefined;
      continue;
    }
    const { name, value } = token;
    const spec = known[name];
    waiting = spec?.type === 'optional_text' && value === undefined ? name : undefined;
    const problem = flagProblem({ rawName: token.rawName, name, value }, spec, known, command);
    if (problem === undefined) flags.set(name, [...(flags.get(name) ?? []), value ?? true]);
    else problems.push(problem);
  }
  if (!flags.has('help')) problems.push(...positionalProblems(command, positionals));
  if (problems.length > 0) throw new UsageError(problems);
  return { positionals, flags };
}

/** One word of a command line, or a flag with its value, as Node's parser gives it. */
type Token =
  | { readonly kind: 'positional'; readonly index: number; readonly value: string }
  | { readonly kind: 'option-terminator'; readonly index: number }
  | {
      readonly kind: 'option';
      readonly index: number;
      readonly name: string;
      /** As it was written: `-q`, `--quiet`. */
      readonly rawName: string;
      readonly value?: string | undefined;
    };

function parse(argv: readonly string[], flags: Readonly<Record<string, FlagSpec>>): Token[] {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      {
        type: type === 'boolean' || type === 'optional_text' ? 'boolean' : 'string',
        ...(short === undefined ? {} : { short }),
      } as const,
    ]),
  );
  const config = { args: [...argv], options, strict: false, allowPositionals: true, tokens: true };
  return (parseArgs(config) as unknown as { tokens: Token[] }).tokens;
}

function flagProblem(
  given: { rawName: string; name: string; value: string | undefined },
  spec: FlagSpec | undefined,
  known: Readonly<Record<string, FlagSpec>>,
  command: Command,
): Problem | undefined {
  const { rawName, name, value } = given;
  if (spec === undefined) return unknownFlag(rawName, name, known, command);
  const code = 'invalid_flag';
  const hint = `${rawName}: ${spec.help}.`;
  switch (spec.type) {
    case 'optional_text':
      return undefined;
    case 'boolean':
      if (value === undefined) return undefined;
      return { code, message: `Expected flag ${rawName} without a value, got "${value}"`, hint };
    case 'text':
    case 'texts':
    case 'number':
      break;
  }
  if (value === undefined || isFlag(value, known)) {
    const expected = `${rawName} ${spec.placeholder ?? 'VALUE'}`;
    return { code, message: `Expected a value after flag ${rawName}, as in ${expected}`, hint };
  }
  const least = spec.least ?? 1;
  if (spec.type !== 'number' || (/^[0-9]+$/u.test(value) && Number(value) >= least)) {
    return undefined;
  }
  const expected = `a whole number of at least ${least}`;
  return { code, message: `Expected flag ${rawName} to be ${expected}, got "${value}"`, hint };
}

function unknownFlag(
  rawName: string,
  name: string,
  known: Readonly<Record<string, FlagSpec>>,
  command: Command,
): Problem {
  const near = nearest(name, Object.keys(known));
  const hint = near === undefined ? '' : `Did you mean --${near}? `;
  return {
    code: 'unknown_flag',
    message: `acc ${command.name} has no flag ${rawName}`,
    hint: `${hint}All flags: acc ${command.name} --help`,
  };
}

function isFlag(value: string, known: Readonly<Record<string, FlagSpec>>): boolean {
  return value.startsWith('--') && value.slice(2).replace(/=.*/u, '') in known;
}

function positionalProblems(command: Command, words: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const usage = `Usage: ${usageLine(command)}`;
  command.positionals.forEach((spec, index) => {
    const word = words[index];
    const isNeeded = spec.need === 'required' || spec.need === 'at_least_one';
    if (word === undefined) {
      if (isNeeded) {
        const message = `acc ${command.name} needs ${spec.name}: ${spec.help}`;
        problems.push({ code: 'missing_argument', message, hint: usage });
      }
    } else if (spec.choices !== undefined && !spec.choices.includes(word)) {
      const choices =
        spec.choices.length === 1 ? spec.choices.join('') : `one of ${spec.choices.join(', ')}`;
      const message = `Expected ${spec.name} of acc ${command.name} to be ${choices}, got "${word}"`;
      problems.push({ code: 'invalid_argument', message, hint: usage });
    }
  });
  const last = command.positionals.at(-1)?.need;
  const isOpen = last === 'any_number' || last === 'at_least_one';
  const extra = isOpen ? [] : words.slice(command.positionals.length);
  if (extra.length > 0) {
    const message = `acc ${command.name} cannot use "${extra.join(' ')}"`;
    problems.push({ code: 'extra_argument', message, hint: usage });
  }
  return problems;
}

/** How a command is called, as `acc run [SCRIPT…]`. */
export function usageLine(command: Command): string {
  return ['acc', command.name, ...command.positionals.map(positionalText)].join(' ');
}

function positionalText({ name, need }: PositionalSpec): string {
  switch (need) {
    case 'required':
      return name;
    case 'optional':
      return `[${name}]`;
    case 'any_number':
      return `[${name}…]`;
    case 'at_least_one':
      return `${name}…`;
  }
}

/** After `--force` a path is a script to run; any other word is a method. */
function looksLikePath(word: string): boolean {
  return word.includes('/') || /\.[cm]?[jt]s$/u.test(word);
}
