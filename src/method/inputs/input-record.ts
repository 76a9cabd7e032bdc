// What a build call gives as the inputs of a method, from a script or a stage: an object by name, or nothing.

import { UsageError } from '../../model/errors.ts';
import { describeValue } from './describe-value.ts';

/** Returns the inputs by name; `call` is what the author wrote, as `urd.build`. Throws `UsageError` for anything else. */
export function inputRecord(
  method: string,
  inputs: unknown,
  call: 'urd.build' | 'build',
): Readonly<Record<string, unknown>> {
  if (inputs === undefined || inputs === null) return {};
  if (isPlainObject(inputs)) return inputs;
  throw new UsageError({
    code: 'inputs_not_an_object',
    message: `Build of \`${method}\`: expected inputs to be an object by name, got ${describeValue(inputs)}`,
    hint: `Write \`${call}('${method}', { name: value })\`.`,
  });
}

/** Members of a job, a build or a Map are no inputs, and one without members of its own would pass for none at all. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
