// The two kinds of error that are not a job's failure: the author's mistake and the machine's fault.
// Both carry data and a finished sentence per problem; how they are laid out is the report room's matter.

/** A place in a source file. Lines and columns count from 1. */
export interface SourceLocation {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline; 1 when unknown. */
  readonly length: number;
}

/** One mistake: what was expected, what came, where, and what to do. */
export interface Problem {
  /** Stable name for programs, as `unknown_method`. */
  readonly code: string;
  /** One sentence, without place and hint. */
  readonly message: string;
  /** What to do about it, as one sentence. */
  readonly hint?: string | undefined;
  /** Text at the error's place to point at, as the misspelt name; narrows the underline of the code frame. */
  readonly token?: string;
  readonly where?: SourceLocation;
}

/** The author's mistake: build script, method, configuration or flags. Exit code 2. */
export class UsageError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | Problem) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((problem) => problem.message).join('\n'));
    this.name = 'UsageError';
    this.problems = list;
  }

  /** Returns the same error with `where` filled in wherever it is missing. */
  at(where: SourceLocation | undefined): UsageError {
    if (where === undefined) return this;
    return new UsageError(this.problems.map((problem) => ({ where, ...problem })));
  }
}

/** Tells all that is wrong, one problem a line, with what to do about it. For places that have room for one text only. */
export function messageWithHints({ problems }: UsageError): string {
  return problems
    .map(({ message, hint }) => (hint === undefined ? message : `${message}. ${hint}`))
    .join('\n');
}

/** Code of a `SystemError` for a file of a job that does not hold what was written to it. */
export const DAMAGED = 'EDAMAGED';

/** The machine's fault: disk full, permission, locked. Exit code 3. */
export class SystemError extends Error {
  /** The operating system's or the database's code, as `ENOSPC`. */
  readonly code: string;
  /** What was being done, as `write`. */
  readonly operation: string;
  /** The file or directory it was done to. */
  readonly path: string;
  /** What the code means here, in words; `undefined` when nobody said. */
  readonly reason: string | undefined;

  /** `reason` replaces the code in the message, where there is more to say. */
  constructor(facts: {
    code: string;
    operation: string;
    path: string;
    reason?: string;
    cause?: unknown;
  }) {
    super(`Cannot ${facts.operation} ${facts.path}: ${facts.reason ?? facts.code}`, {
      cause: facts.cause,
    });
    this.name = 'SystemError';
    this.code = facts.code;
    this.operation = facts.operation;
    this.path = facts.path;
    this.reason = facts.reason;
  }
}
