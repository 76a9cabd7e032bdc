// What is wrong with the call of a standard method, or with the data that it was given.

import { nearest, UsageError } from 'acc-engine';

/** Makes the error that is told at the place of the call; `token` is what to point at there. */
export function mistake(message: string, token?: string): UsageError {
  return new UsageError({
    code: 'invalid_input',
    message,
    ...(token === undefined ? {} : { token }),
  });
}

/** An option that names columns which are not among `names`, those of a dataset, a file, or what else has them. */
export interface UnknownColumns {
  readonly option: string;
  readonly unknown: readonly string[];
  readonly subject: string;
  readonly names: readonly string[];
}

/** Makes the error about such an option; it names the nearest columns. */
export function noColumn({ option, unknown, subject, names }: UnknownColumns): UsageError {
  const problems = unknown.map((name) => {
    const near = nearest(name, names);
    const hint =
      near === undefined ? `it has ${names.map(shown).join(', ')}` : `did you mean ${shown(near)}?`;
    const message = `Option "${option}" names column ${shown(name)}, which ${subject} does not have (${hint})`;
    return { code: 'invalid_input', message, token: name };
  });
  return new UsageError(problems);
}

/** A name or value as messages show it: quoted, and cut where it is long. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
