// Colours as functions on text, so that who writes text never asks whether there is a terminal.
// Follows FORCE_COLOR, then NO_COLOR, then the terminal; never asks Node, which warns when both are set.

/** A way to mark text. */
export type Style = (text: string) => string;

/** The few colours in use, each with one meaning. */
export interface Colours {
  /** What to look at first. */
  readonly bold: Style;
  /** What is there for completeness. */
  readonly dim: Style;
  /** Failed. */
  readonly red: Style;
  /** Done now. */
  readonly green: Style;
  /** Worth a look. */
  readonly yellow: Style;
  /** Names of jobs, to be copied. */
  readonly cyan: Style;
  /** The part of a text that was searched for. */
  readonly match: Style;
}

/** Leaves text as it is. */
export const NO_COLOURS: Colours = {
  bold: asIs,
  dim: asIs,
  red: asIs,
  green: asIs,
  yellow: asIs,
  cyan: asIs,
  match: asIs,
};

/** Marks text with ANSI escapes. */
export const ANSI_COLOURS: Colours = {
  bold: escape(1, 22),
  dim: escape(2, 22),
  red: escape(31, 39),
  green: escape(32, 39),
  yellow: escape(33, 39),
  cyan: escape(36, 39),
  match: (text) => escape(1, 22)(escape(31, 39)(text)),
};

/** Chooses colours for a stream from the environment. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Colours {
  return wantsColour(stream.isTTY === true, env) ? ANSI_COLOURS : NO_COLOURS;
}

function wantsColour(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return isTerminal && env['TERM'] !== 'dumb';
}

function asIs(text: string): string {
  return text;
}

function escape(open: number, close: number): Style {
  return (text) => (text === '' ? '' : `\u001B[${open}m${text}\u001B[${close}m`);
}
