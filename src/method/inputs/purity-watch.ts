// Notes whether some code asked for the time or for chance while it ran. Used while zod validates options:
// a default such as `z.date().default(() => new Date())` gives another job each time and must not be remembered.

import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

let isImpure = false;
let isCryptoWatched = false;

/** Runs `work` synchronously and tells whether its result depends on its arguments only, as far as can be seen. */
export function watchPurity<Result>(work: () => Result): {
  readonly result: Result;
  readonly pure: boolean;
} {
  watchCrypto();
  const before = { Date: globalThis.Date, random: Math.random };
  isImpure = false;
  globalThis.Date = watchedDate(before.Date);
  Math.random = noting(before.random);
  try {
    const result = work();
    return { result, pure: !isImpure };
  } finally {
    globalThis.Date = before.Date;
    Math.random = before.random;
  }
}

/** Notes that what is being validated depends on more than its arguments. */
export function noteImpurity(): void {
  isImpure = true;
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

/** Modules hold functions of node:crypto by name, so these are replaced once and for all. */
function watchCrypto(): void {
  if (isCryptoWatched) return;
  isCryptoWatched = true;
  crypto.randomUUID = noting(crypto.randomUUID);
  crypto.randomInt = noting(crypto.randomInt);
  crypto.randomBytes = noting(crypto.randomBytes);
  globalThis.crypto.randomUUID = noting(globalThis.crypto.randomUUID.bind(globalThis.crypto));
  globalThis.crypto.getRandomValues = noting(
    globalThis.crypto.getRandomValues.bind(globalThis.crypto),
  );
  syncBuiltinESMExports();
}

function noting<Callable extends (...args: never[]) => unknown>(original: Callable): Callable {
  return new Proxy(original, {
    apply(target, self, args): unknown {
      isImpure = true;
      return Reflect.apply(target, self, args) as unknown;
    },
  });
}
