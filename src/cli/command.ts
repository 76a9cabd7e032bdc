// What a command is: how it is called, as data for parser and help, and what is loaded to carry it out.

import type { Args } from './args.ts';

/** How the value of a flag is written. `optional_text` is the flag alone, or with a word that is not a path. */
export type FlagType = 'boolean' | 'text' | 'texts' | 'number' | 'optional_text';

/** A flag of a command. */
export interface FlagSpec {
  readonly type: FlagType;
  readonly help: string;
  /** What stands for the value in the help, as `DIR`. */
  readonly placeholder?: string;
  /** One letter. */
  readonly short?: string;
  /** Least number that is accepted; 1 if not set. */
  readonly least?: number;
}

/** Words of a command that are not flags, in order. Only the last may be repeatable. */
export interface PositionalSpec {
  readonly name: string;
  readonly help: string;
  readonly need: 'required' | 'optional' | 'any_number' | 'at_least_one';
  /** The only words that are accepted. */
  readonly choices?: readonly string[];
}

/** Carries a command out and gives the exit code. */
export type Execute = (invocation: Invocation) => Promise<number>;

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly positionals: readonly PositionalSpec[];
  readonly flags: Readonly<Record<string, FlagSpec>>;
  /** Sentences that end the help. */
  readonly notes?: readonly string[];
  /** Calls worth knowing, each with what it does. */
  readonly examples?: readonly (readonly [call: string, does: string])[];
  /** Loads the command's module: only the one that is used. */
  readonly load: () => Promise<Execute>;
}

/** The parts of `process` that commands use. */
export interface Surroundings {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  cwd(): string;
}

/** One call of a command. */
export interface Invocation {
  readonly args: Args;
  /** Absolute directory given by `--project`; `undefined` to look for one. */
  readonly projectDirectory: string | undefined;
  /** Absolute. */
  readonly cwd: string;
  readonly process: Surroundings;
}
