// How instances of a class appear when they are printed with `console.log`.
// Set from outside the class, because declarations of public types cannot hold a computed name.

import { inspect } from 'node:util';

/** Lets instances of `Class` be printed as the text that `describe` returns. */
export function printAs<Instance extends object>(
  Class: { readonly prototype: Instance },
  describe: (instance: Instance) => string,
): void {
  Object.defineProperty(Class.prototype, inspect.custom, {
    value(this: Instance): string {
      return describe(this);
    },
  });
}
