// Notes whether some code looked at more than its arguments while it ran: the time, chance, files, the environment, the
// process, the machine. Used while zod validates options: a default such as `z.date().default(() => new Date())`, or one
// that is read from a file, gives another job when that has changed, and must not be remembered.

import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

let isImpure = false;
let areModulesWatched = false;

/**
 * Runs `work` synchronously and tells whether its result depends on its arguments only, as far as can be seen.
 * `declared` are environment variables that count as arguments.
 */
export function watchPurity<Result>(
  work: () => Result,
  declared: readonly string[] = [],
): {
  readonly result: Result;
  readonly pure: boolean;
} {
  watchModules();
  const restore = [
    replace(globalThis, 'Date', watchedDate(globalThis.Date)),
    replace(Math, 'random', noting(Math.random)),
    replace(performance, 'now', noting(performance.now.bind(performance))),
    replace(process, 'env', watchedEnvironment(process.env, declared)),
    ...PROCESS_FACTS.map((name) => noteReads(process, name)),
  ];
  isImpure = false;
  try {
    const result = work();
    return { result, pure: !isImpure };
  } finally {
    for (const undo of restore) undo();
  }
}

/** Notes that what is being validated depends on more than its arguments. */
export function noteImpurity(): void {
  isImpure = true;
}

/** What may differ from one process to the next. */
const PROCESS_FACTS = ['argv', 'cwd', 'hrtime', 'pid', 'uptime'] as const;

/** Puts another value in the place of a member until the function that it returns is called. */
function replace<Holder extends object, Name extends keyof Holder>(
  holder: Holder,
  name: Name,
  value: Holder[Name],
): () => void {
  return redefine(holder, name, { value, writable: true });
}

function noteReads(holder: NodeJS.Process, name: (typeof PROCESS_FACTS)[number]): () => void {
  const value: unknown = holder[name];
  const get = (): unknown => {
    isImpure = true;
    return value;
  };
  return redefine(holder, name, { get });
}

function redefine(holder: object, name: PropertyKey, descriptor: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, { configurable: true, enumerable: true, ...descriptor });
  return () => {
    if (before === undefined) Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, name, before);
  };
}

/** `new Date()` and `Date.now()` are noted; `new Date(text)` and `instanceof` work as always. */
function watchedDate(original: DateConstructor): DateConstructor {
  return new Proxy(original, {
    construct(target, args, newTarget): object {
      isImpure ||= args.length === 0;
      return Reflect.construct(target, args, newTarget) as object;
    },
    apply(target, self, args): string {
      isImpure = true;
      return Reflect.apply(target, self, args) as string;
    },
    get(target, name, receiver): unknown {
      if (name === 'now') isImpure = true;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
}

function watchedEnvironment(
  original: NodeJS.ProcessEnv,
  declared: readonly string[],
): NodeJS.ProcessEnv {
  const note = (name: string | symbol): void => {
    if (typeof name === 'string' && !declared.includes(name)) isImpure = true;
  };
  return new Proxy(original, {
    get(target, name): unknown {
      note(name);
      return Reflect.get(target, name) as unknown;
    },
    has(target, name): boolean {
      note(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name): PropertyDescriptor | undefined {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys(target): (string | symbol)[] {
      isImpure = true;
      return Reflect.ownKeys(target);
    },
  });
}

/**
 * Modules hold functions of Node's modules by name, so these are replaced once and for all: before a method is loaded,
 * which may hand them on, as `z.string().refine(existsSync)` does.
 */
export function watchModules(): void {
  if (areModulesWatched) return;
  areModulesWatched = true;
  watchFunctions(fs, /Sync$/);
  watchFunctions(childProcess, /Sync$/);
  watchFunctions(os, /./);
  watchFunctions(crypto, /^(?:random|generate|getRandom)/);
  const { webcrypto } = crypto;
  webcrypto.randomUUID = noting(webcrypto.randomUUID.bind(webcrypto));
  webcrypto.getRandomValues = noting(webcrypto.getRandomValues.bind(webcrypto));
  syncBuiltinESMExports();
}

function watchFunctions(module: object, names: RegExp): void {
  for (const [name, member] of Object.entries(module) as [string, unknown][]) {
    if (typeof member !== 'function' || !names.test(name)) continue;
    const { writable } = Object.getOwnPropertyDescriptor(module, name) ?? {};
    if (writable === true) Reflect.set(module, name, noting(member as () => unknown));
  }
}

function noting<Callable extends (...args: never[]) => unknown>(original: Callable): Callable {
  return new Proxy(original, {
    apply(target, self, args): unknown {
      isImpure = true;
      return Reflect.apply(target, self, args) as unknown;
    },
    // `realpathSync.native` is a function of its own.
    get(target, name): unknown {
      const member = Reflect.get(target, name) as unknown;
      return name === 'native' ? noting(member as () => unknown) : member;
    },
  });
}
