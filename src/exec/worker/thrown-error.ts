// Describes an exception as its author should see it: in terms of the source files, without the engine's own frames.
// Maps by the source map beside the bundle, read only when something was thrown; `--enable-source-maps` would
// slow down every import.

import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { DAMAGED, messageWithHints, SystemError, UsageError } from '../../model/errors.ts';
import type { Failure, ThrownCause, ThrownError } from '../../model/failure.ts';
import { BundleMap } from '../../util/bundle-map.ts';
import { causesOf } from '../../util/causes.ts';

/** All of the engine's code that runs in a worker lies beside this file when it is built. */
const ENGINE_DIRECTORY = import.meta.dirname + sep;

const FRAME = /^\s*at (?:(?<call>.*) \()?(?<file>[^()]+?):(?<line>\d+):(?<column>\d+)\)?$/u;

/** How messages of broken invariants begin: there the engine's own frames are what matters. */
const OWN_FAULT = 'Internal error';

/** What V8 puts before the name of a function that was called as a member of a module or a plain object. */
const RECEIVER = /\b(?:Module|Object)\.(?=\w)/u;

interface Frame {
  /** The function, as V8 prints it; empty at the top level of a module. */
  readonly call: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * Describes what was thrown by the code of `bundle`, an absolute path. Anything can be thrown: `undefined`, or an object
 * that throws when it is looked at.
 */
export function describeThrown(thrown: unknown, bundle: string): ThrownError {
  try {
    return described(thrown, bundle);
  } catch {
    const message = 'something that throws itself when it is looked at';
    return { name: 'Thrown value', message, stack: [] };
  }
}

function described(thrown: unknown, bundle: string): ThrownError {
  const told = describeOne(thrown, bundle);
  if (!(thrown instanceof Error)) return told;
  const { code } = thrown as { readonly code?: unknown };
  const causes = describeCauses(thrown, bundle);
  return {
    ...told,
    ...(thrown instanceof UsageError
      ? { message: messageWithHints(thrown), problems: thrown.problems }
      : {}),
    ...(causes.length === 0 ? {} : { causes }),
    ...(typeof code === 'string' ? { code } : {}),
    ...damageOf(thrown),
    ...subjobOf(thrown),
  };
}

/**
 * What a build of a subjob rejected with. Its full text has been told as the failure of that job: one line of it is
 * enough, unless the method has put words of its own into it.
 */
function subjobOf(thrown: Error): Pick<ThrownError, 'subjob'> & { message?: string } {
  const { failure, shortMessage } = thrown as { failure?: Failure | null; shortMessage?: unknown };
  if (thrown.name !== 'JobError' || typeof shortMessage !== 'string') return {};
  if (failure === undefined || failure === null || failure.kind === 'skipped') return {};
  if (!asText(thrown.message).startsWith(shortMessage)) return {};
  return { message: shortMessage, subjob: { id: failure.job, method: failure.method } };
}

/**
 * What an exception was made of: `fetch` says only in its cause which address refused. Left out are those whose message
 * it repeats, as our own errors do.
 */
function describeCauses(thrown: Error, bundle: string): readonly ThrownCause[] {
  if (thrown instanceof UsageError || thrown instanceof SystemError) return [];
  const told = asText(thrown.message);
  return causesOf(thrown)
    .map((cause) => describeOne(cause, bundle))
    .filter(({ message }) => message === '' || !told.includes(message));
}

/** Describes a thrown value by itself, without what it was made of. */
function describeOne(thrown: unknown, bundle: string): ThrownCause {
  if (!(thrown instanceof Error)) {
    return { name: 'Thrown value', message: inspect(thrown, { depth: 2 }), stack: [] };
  }
  // What a subclass makes of these is not bound by their declared types.
  const { name, message, stack } = thrown as Partial<Record<keyof ThrownCause, unknown>>;
  return {
    name: asText(name),
    message: subjobOf(thrown).message ?? asText(message),
    stack: mappedFrames(asText(stack ?? ''), asText(message), bundle).map(
      ({ call, file, line, column }) =>
        `at ${call === '' ? '' : `${call} `}(${file}:${line}:${column})`,
    ),
  };
}

function damageOf(thrown: Error): Pick<ThrownError, 'damagedFile'> {
  const isDamage = thrown instanceof SystemError && thrown.code === DAMAGED;
  return isDamage ? { damagedFile: thrown.path } : {};
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

function mappedFrames(stack: string, message: string, bundle: string): Frame[] {
  // The stack begins with the message, which may quote frames of other errors.
  const start = Math.max(0, stack.indexOf(message)) + message.length;
  const frames = stack
    .slice(start)
    .split('\n')
    .flatMap(parseFrame)
    .filter(({ file }) => message.startsWith(OWN_FAULT) || !isEngine(file));
  const bundlePath = realPath(bundle);
  if (!frames.some(({ file }) => file === bundlePath)) return frames;
  const map = readMap(bundle);
  if (map === undefined) return frames;
  return frames.map((frame) => (frame.file === bundlePath ? mapFrame(frame, map) : frame));
}

function parseFrame(text: string): Frame[] {
  const { call = '', file, line, column } = FRAME.exec(text)?.groups ?? {};
  if (file === undefined) return [];
  const path = file.startsWith('file://') ? fileURLToPath(file) : file.replace(/^async /u, '');
  return [
    { call: call.replace(RECEIVER, ''), file: path, line: Number(line), column: Number(column) },
  ];
}

function isEngine(file: string): boolean {
  return (
    file.startsWith('node:') ||
    file.startsWith(ENGINE_DIRECTORY) ||
    file.includes(`${sep}node_modules${sep}piscina${sep}`)
  );
}

function mapFrame(frame: Frame, map: BundleMap): Frame {
  const place = map.at(frame.line, frame.column);
  return place === undefined ? frame : { call: frame.call, ...place };
}

/** A bundle without a readable map, as one written by hand, is shown as it is. */
function readMap(bundle: string): BundleMap | undefined {
  try {
    return BundleMap.open(bundle);
  } catch {
    return undefined;
  }
}

/** Node imports a module by its real path, so that is what frames show. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
