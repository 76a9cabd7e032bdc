// Reads a method's `equivalentTo`: which older code counts as the present one, and whether that was said of the present
// code at all. It was if the list names it too, by the digest that the code has without the list: no text can hold its
// own. An edit changes that digest, so the declaration expires by itself.

import { UsageError } from '../../model/errors.ts';
import { digest } from '../../model/ids.ts';
import type { Equivalence } from '../../model/method-shape.ts';
import { codeDigest } from './bundle-files.ts';
import type { CurrentCode } from './current-code.ts';

/**
 * Tells what a declaration is worth. `text` is the bundle as it lies in the cache.
 * Throws `UsageError` when the list does not stand in the code as it was declared, and so cannot be told from it.
 */
export function equivalenceOf(
  text: string,
  code: Pick<CurrentCode, 'digest' | 'packages'>,
  declared: readonly string[],
): Equivalence {
  const rest = withoutList(hashedText(text, code), declared);
  if (rest === undefined) throw notLiteral();
  const present = codeDigest(rest, code.packages);
  return { present, declared: declared.map(digest), holds: declared.includes(present) };
}

/** The bundle without the line it may begin with that is not part of its identity. */
function hashedText(
  text: string,
  { digest: expected, packages }: Pick<CurrentCode, 'digest' | 'packages'>,
): string {
  const candidates = [text, text.slice(text.indexOf('\n') + 1)];
  const hashed = candidates.find((candidate) => codeDigest(candidate, packages) === expected);
  if (hashed === undefined) throw new Error(`Internal error: the bundle of ${expected} is another`);
  return hashed;
}

/** Leaves the field out as if it had never been written; `undefined` unless it stands there exactly once. */
function withoutList(text: string, declared: readonly string[]): string | undefined {
  const field = `equivalentTo:${JSON.stringify(declared)}`;
  const [before, after, ...others] = text.split(field);
  if (before === undefined || after === undefined || others.length > 0) return undefined;
  if (after.startsWith(',')) return before + after.slice(1);
  return (before.endsWith(',') ? before.slice(0, -1) : before) + after;
}

function notLiteral(): UsageError {
  return new UsageError({
    code: 'invalid_definition',
    message:
      'Expected `equivalentTo` of a method to be written out in its definition, got a list made elsewhere',
    hint: "Write it as `equivalentTo: ['…', '…']` with the digests that `acc method` shows.",
    token: 'equivalentTo',
  });
}
