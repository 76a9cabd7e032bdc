// Every text that tells a user what went wrong: the problem, what was expected and what came, where, and what to do.
// Complete over the unions of the model, so that a new way to fail cannot be forgotten here.

import { DAMAGED } from '../model/errors.ts';
import type { SystemError, Problem, UsageError } from '../model/errors.ts';
import type { Warning } from '../model/event.ts';
import { isMachineFault } from '../model/failure.ts';
import type {
  FailedStage,
  Failure,
  SkippedFailure,
  ThrownCause,
  ThrownError,
} from '../model/failure.ts';
import type { JobId } from '../model/ids.ts';
import { oneLine } from '../util/one-line.ts';
import { formatDuration } from '../util/quantity.ts';
import { unreachable } from '../util/unreachable.ts';
import { codeFrame, framePlace } from './code-frame.ts';
import { plainPresentation, shownPath, shownPlace } from './presentation.ts';
import type { Presentation } from './presentation.ts';

/** Width to which source lines in code frames are cut. */
const FRAME_WIDTH = 100;

/** Characters of a line of output that are repeated. */
const LONGEST_LINE = 1000;

type ExecutedFailure = Exclude<Failure, SkippedFailure>;

/** Tells how a job ended without success, as lines; the first one alone says what happened. */
export function failureLines(failure: Failure, presentation: Presentation): string[] {
  return linesOf(failure, presentation, (ended) => pointedTo(ended) ?? whatHappened(ended));
}

function linesOf(
  failure: Failure,
  presentation: Presentation,
  inShort: (failure: ExecutedFailure) => string,
): string[] {
  if (failure.kind === 'skipped') return [skippedLine(failure)];
  const { colours } = presentation;
  return [
    `${failure.job} (${failure.method}) ${inShort(failure)}`,
    ...mistakes(failure, presentation).map((line) => `    ${line}`),
    ...details(failure).map((line) => `    ${line}`),
    ...lastOutput(failure).map((line) => colours.dim(line)),
    ...adviceLines(failure).map((line) => `  ${line}`),
  ];
}

/**
 * The two texts of a `JobError`: what happened as one line, and all that is known about it. Who has only the error is
 * not pointed to another job.
 */
export function jobErrorText(failure: Failure): { shortMessage: string; message: string } {
  const lines = linesOf(failure, plainPresentation('/'), whatHappened);
  return { shortMessage: lines[0] ?? '', message: lines.join('\n') };
}

function skippedLine(failure: SkippedFailure): string {
  const job = failure.inputJob === null ? '' : `, ${failure.inputJob}`;
  return `${failure.method} was skipped: its input "${failure.input}" (${failure.inputMethod}${job}) could not be built`;
}

/** Where a job failed because a subjob did, what went wrong is told with that one. */
function pointedTo(failure: ExecutedFailure): string | undefined {
  if (failure.kind !== 'threw' || failure.error.subjob === undefined) return undefined;
  const { id, method } = failure.error.subjob;
  return `failed in ${stageText(failure.stage)}, because its subjob ${id} (${method}) failed: see acc job ${id}`;
}

function whatHappened(failure: ExecutedFailure): string {
  const where = stageText(failure.stage);
  switch (failure.kind) {
    case 'threw':
      return `failed in ${where}: ${thrownText(failure.error)}`;
    case 'exited':
      return failure.signal === null
        ? `ended its worker in ${where} with exit code ${failure.exitCode ?? 'unknown'}; a stage ends by returning or throwing`
        : `lost its worker in ${where}: it was killed by ${failure.signal}`;
    case 'out_of_memory':
      return failure.limitMb === null
        ? `ran out of memory in ${where}: it used all that this machine gives to a worker`
        : `ran out of memory in ${where}: it used more than its limit of ${failure.limitMb} MB`;
    case 'timed_out':
      return `timed out in ${where}: it was still running after ${formatDuration(failure.timeoutMs)}`;
    case 'invalid_output':
      return failure.stage.name === 'publish'
        ? `ran, but what it made cannot be published: ${failure.message}`
        : `ended ${where}, but what that made cannot be published: ${failure.message}`;
    case 'cancelled':
      return `was cancelled in ${where}`;
    default:
      return unreachable(failure);
  }
}

function thrownText({ name, message, problems = [], ofCall }: ThrownError): string {
  if (ofCall !== true) return `${name}: ${message}`;
  return problems.length > 1 ? `${problems.length} mistakes in what it was given` : message;
}

function stageText(stage: FailedStage): string {
  return stage.sliceno === undefined ? stage.name : `${stage.name}(${stage.sliceno})`;
}

/** Mistakes elsewhere than where they were thrown, as in a build call. The first line has told the message of a single one. */
function mistakes(failure: ExecutedFailure, presentation: Presentation): string[] {
  if (failure.kind !== 'threw') return [];
  const { problems = [], ofCall } = failure.error;
  const isListed = ofCall === true && problems.length > 1;
  return problems
    .filter(({ where }) => isListed || where !== undefined)
    .map((problem) =>
      problems.length === 1 ? { ...problem, message: '', hint: undefined } : problem,
    )
    .flatMap((problem) => problemLines(problem, presentation))
    .map((line) => line.trimEnd());
}

function details(failure: ExecutedFailure): string[] {
  switch (failure.kind) {
    case 'threw':
      return [
        ...failure.error.stack.map((frame) => frame.trim()),
        ...(failure.error.causes ?? []).flatMap(causeLines),
        ...failure.status.map((line) => `while ${line}`),
      ];
    case 'timed_out':
      return [
        failure.stopped === 'by_itself'
          ? 'It stopped when it was asked to.'
          : 'It did not react to its signal and was terminated.',
      ];
    case 'exited':
    case 'out_of_memory':
    case 'invalid_output':
    case 'cancelled':
      return [];
    default:
      return unreachable(failure);
  }
}

function causeLines({ name, message, stack }: ThrownCause): string[] {
  const [first = '', ...more] = `caused by ${name}: ${message}`.split('\n');
  return [first, ...more.map((line) => `  ${line}`), ...stack.map((frame) => `  ${frame.trim()}`)];
}

function lastOutput(failure: ExecutedFailure): string[] {
  if (failure.lastOutput.length === 0) return [];
  return ['  Last output:', ...failure.lastOutput.map((line) => `  | ${cutLine(line)}`)];
}

/** Output without line ends, as of a progress bar, would fill the screen. */
function cutLine(line: string): string {
  return line.length > LONGEST_LINE ? `… ${line.slice(-LONGEST_LINE)}` : line;
}

function adviceLines(failure: ExecutedFailure): string[] {
  const output =
    failure.lastOutput.length === 0 ? [] : [`All its output: acc job ${failure.job} --output`];
  const advice = adviceFor(failure);
  return advice === undefined ? output : [advice, ...output];
}

function adviceFor(failure: ExecutedFailure): string | undefined {
  switch (failure.kind) {
    case 'threw':
      if (failure.error.damagedFile !== undefined)
        return damageAdvice(failure.error.damagedFile, failure.error.damagedJob);
      return isMachineFault(failure) ? systemReason(failure.error.code ?? '')[1] : undefined;
    case 'exited':
      return failure.signal === 'SIGKILL'
        ? 'The system may have run out of memory: set `memoryLimitMb` in the method to be told so by acc.'
        : undefined;
    case 'out_of_memory':
      return failure.limitMb === null
        ? 'Read with `batches`, keep less at once, or run fewer slices at a time with `concurrency`.'
        : 'Read with `batches`, keep less at once, or raise `memoryLimitMb` in the method.';
    case 'timed_out':
      return 'Raise `timeout` in the method or the build call, or find out what it waits for.';
    case 'invalid_output':
      return undefined;
    case 'cancelled':
      return 'Nothing of it will be reused; the next run starts it again.';
    default:
      return unreachable(failure);
  }
}

/** Tells the author's mistakes, all of them, each with its place and a code frame where the place is known. */
export function usageErrorLines(error: UsageError, presentation: Presentation): string[] {
  return error.problems.flatMap((problem) => problemLines(problem, presentation));
}

function problemLines(problem: Problem, presentation: Presentation): string[] {
  const { colours } = presentation;
  const hint = problem.hint === undefined ? [] : [`    ${oneLine(problem.hint)}`];
  const [first = '', ...more] = problem.message.split('\n').map(oneLine);
  const rest = more.map((line) => `    ${line}`);
  if (problem.where === undefined) return [`${colours.red('error')}  ${first}`, ...rest, ...hint];
  const source = presentation.readSource(problem.where.file);
  const place = source === undefined ? undefined : framePlace(source, problem.where, problem.token);
  const frame =
    source === undefined || place === undefined ? [] : codeFrame(source, place, FRAME_WIDTH);
  const at = shownPlace({ ...problem.where, ...place }, presentation);
  return [
    `${colours.bold(at)}  ${first}`,
    ...rest,
    ...frame.map((text) =>
      text.includes('~~~') || /^ *~+$/u.test(text) ? colours.red(text) : text,
    ),
    ...hint,
  ];
}

/**
 * Tells what the machine refused, as one sentence, and what to do where that is known. `damagedJob` is the job of a
 * damaged file, where it was marked.
 */
export function systemErrorLines(
  error: SystemError,
  presentation: Presentation,
  damagedJob?: JobId,
): string[] {
  const path = shownPath(error.path, presentation);
  const [reason, advice = missingAdvice(error)] =
    error.reason === undefined
      ? systemReason(error.code)
      : [error.reason, error.code === DAMAGED ? damageAdvice(path, damagedJob) : undefined];
  const sentence = `${presentation.colours.red('error')}  Cannot ${error.operation} ${path}: ${reason}`;
  return advice === undefined ? [sentence] : [sentence, `    ${advice}`];
}

/** What is missing of a job is seen by the next run, which looks at the sizes of all its files. */
function missingAdvice({ code, path }: SystemError): string | undefined {
  return code === 'ENOENT' && /-\d+\/DS\/[^/]+$/u.test(path)
    ? 'The next run that needs the job makes it again.'
    : undefined;
}

/** Codes of SQLite may say more after the words that are in the table, as `SQLITE_IOERR_READ`. */
function systemReason(code: string): readonly [reason: string, advice?: string] {
  const kind = code.replace(/^(SQLITE_[A-Z]+)_\w+$/u, '$1');
  return SYSTEM_REASONS[code] ?? SYSTEM_REASONS[kind] ?? [code];
}

const FREE_SPACE = 'Make room and run again: finished jobs are kept.';

/** A job is looked up by the sizes of its files: one that was changed in place would be found again. */
function damageAdvice(path: string, job: JobId | undefined): string {
  if (job !== undefined)
    return `Job ${job} is marked as damaged: the next run that needs it makes it again.`;
  const directory = path.replace(/\/(?:DS\/)?[^/]+$/u, '');
  return `Delete the job's directory ${directory}: the next run makes the job again.`;
}

/** What a code means, and what to do about it. Codes that are missing speak for themselves. */
const SYSTEM_REASONS: Readonly<Record<string, readonly [reason: string, advice?: string]>> = {
  EACCES: ['permission denied', 'Check who owns it and its mode.'],
  EPERM: ['the system does not permit it', 'Check who owns it and its mode.'],
  EROFS: ['the file system is read-only'],
  ENOSPC: ['the disk is full', FREE_SPACE],
  EDQUOT: ['your disk quota is used up', FREE_SPACE],
  EIO: ['the disk reports an input/output error'],
  EMFILE: ['too many files are open', 'Raise the limit with `ulimit -n 10000`.'],
  ENFILE: ['too many files are open on this machine'],
  ENOENT: ['it does not exist'],
  EEXIST: ['something else is in its place', 'Move it away, or give another path.'],
  EISDIR: ['it is a directory'],
  ELOOP: ['a symbolic link leads to itself'],
  ENOTDIR: ['a part of the path is not a directory'],
  ENOMEM: ['the machine is out of memory'],
  SQLITE_BUSY: ['the database is locked by another process', 'Try again when that one has ended.'],
  SQLITE_LOCKED: ['the database is locked by another process'],
  SQLITE_FULL: ['the disk is full', FREE_SPACE],
  SQLITE_READONLY: ['the database cannot be written', 'Check who owns it and its mode.'],
  SQLITE_CANTOPEN: ['the database cannot be opened', 'Check the directory and its mode.'],
  SQLITE_CORRUPT: [
    'the database is damaged',
    '`acc db rebuild` makes it anew from the job directories.',
  ],
  SQLITE_NOTADB: [
    'this is not a database',
    '`acc db rebuild` makes it anew from the job directories.',
  ],
  SQLITE_IOERR: ['the disk reports an input/output error'],
};

/** Tells about an exception of the build script itself; `stack` is by places in the source. */
export function scriptErrorLines(
  script: string,
  stack: string,
  { colours, directory }: Presentation,
): string[] {
  const [first = '', ...frames] = stack.replaceAll(`${directory}/`, '').split('\n');
  return [
    `${colours.bold(script)}  ${colours.red('stopped')} with ${first}`,
    ...frames.map((line) => colours.dim(line)),
  ];
}

/** How a script ended the process before its run had ended. */
export type EarlyEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'waits_for_ever' };

/** Tells about a script that ended too early, or never would have. */
export function earlyEndLines(script: string, end: EarlyEnd, { colours }: Presentation): string[] {
  const [what, advice] =
    end.kind === 'exited'
      ? [
          `ended the process with exit code ${end.exitCode}, before the run had ended`,
          'Builds that were running are lost; throw an error, or return from the main function.',
        ]
      : [
          'waits for a promise that nothing will ever settle',
          'All builds have ended, and nothing else is running.',
        ];
  return [`${colours.bold(script)}  ${colours.red(what)}`, `    ${advice}`];
}

/** Tells what an interrupted run has left. */
export function interruptedLine({ colours }: Presentation): string {
  return `${colours.yellow('interrupted')}  Finished jobs are kept; the next run goes on from there.`;
}

/** Tells about an error that is acc's own fault. */
export function internalErrorLines(error: unknown, versions: readonly string[]): string[] {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'acc has made a mistake of its own. Please report it with these lines and what you ran:',
    ...text.split('\n').map((line) => `    ${line}`),
    `    ${versions.join(', ')}`,
  ];
}

/** Tells about something that stops nothing, as one line. */
export function warningLine(warning: Warning, presentation: Presentation): string {
  return `${presentation.colours.yellow('warning')}  ${warning.message}`;
}
