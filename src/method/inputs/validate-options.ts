// Validates the options of a build call with the zod types of the method and writes them down for the key.
// Kept apart from split-inputs.ts, because it is only reached when no earlier validation is remembered.

import type { Problem } from '../../model/errors.ts';
import type { OptionData } from '../../model/option-value.ts';
import {
  encodeFileByReference,
  encodeOption,
  filesIn,
  LOST_FILES,
  UnsupportedOptionError,
} from '../../model/option-value.ts';
import { withArticle } from '../../util/quantity.ts';
import { definitionOf } from '../definition/define-method.ts';
import { withInputDirectory } from '../definition/file-options.ts';
import type { InputFile } from '../job/input-file.ts';
import { asFileRef } from './file-ref.ts';
import { optionProblem } from './option-problem.ts';
import type { OptionSchema } from './option-schema.ts';
import { watchPurity } from './purity-watch.ts';

/** What is to be validated. */
export interface OptionsToValidate {
  /** Name of the method, for messages. */
  readonly name: string;
  /** What the method's module exports by default. */
  readonly method: object;
  /** Options as given, promises awaited. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Absolute path of the directory below which input files lie. */
  readonly inputDirectory: string;
}

/** Options after validation. */
export interface ValidatedOptions {
  /** Encoded by reference, in order of declaration; incomplete when there are problems. */
  readonly options: Readonly<Record<string, OptionData>>;
  readonly problems: readonly Problem[];
  /** False when validation looked at more than its arguments, so that another one may give other values. */
  readonly pure: boolean;
}

/** Validates and defaults all options of a method; reports every problem of every option. */
export function validateOptions(task: OptionsToValidate): ValidatedOptions {
  const { name, method, raw, inputDirectory } = task;
  const definition = definitionOf(method);
  if (definition === undefined) throw new Error(`Internal error: ${name} is not a method`);
  const options: Record<string, OptionData> = {};
  const problems: Problem[] = [];
  const validateAll = (): ReadonlySet<InputFile> =>
    withInputDirectory(inputDirectory, () => {
      for (const [option, schema] of Object.entries(definition.options ?? {})) {
        const given = Object.hasOwn(raw, option) ? raw[option] : undefined;
        const found = validateOption(schema, {
          method: name,
          option,
          given,
        });
        if (found.data !== undefined) options[option] = found.data;
        problems.push(...found.problems);
      }
    });
  const { pure, result: met } = watchPurity(validateAll, definition.env);
  const lost = lostFiles(met, options);
  if (lost.length === 0) return { options, problems, pure };
  return { options: { ...options, [LOST_FILES]: lost }, problems, pure: false };
}

/**
 * The input files that the author's own transforms made something else of. Their content is in the key all the same,
 * and what was made of them is not remembered, because it may be their content.
 */
function lostFiles(
  met: ReadonlySet<InputFile>,
  options: Readonly<Record<string, OptionData>>,
): readonly OptionData[] {
  const kept = new Set(
    filesIn(options).map((file) => (file.kind === 'input_file' ? file.path : '')),
  );
  const names = new Set([...met].map(({ name }) => name).filter((name) => !kept.has(name)));
  return [...names].toSorted().map((path) => encodeFileByReference({ kind: 'input_file', path }));
}

interface OptionTask {
  readonly method: string;
  readonly option: string;
  readonly given: unknown;
}

function validateOption(
  schema: OptionSchema,
  task: OptionTask,
): { readonly data?: OptionData; readonly problems: readonly Problem[] } {
  const { method, option, given } = task;
  const subject = `Option \`${option}\` of method \`${method}\``;
  const lost = protoPath(given, option);
  if (lost !== undefined) {
    const message = `${subject}: expected no member named __proto__, got one at ${lost}`;
    const hint = 'Types of records drop it, so that its value would be lost.';
    return { problems: [{ code: 'invalid_option', message, hint, token: option }] };
  }
  try {
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const { issues } = parsed.error;
      return { problems: issues.map((issue) => optionProblem(issue, { ...task, schema })) };
    }
    // An optional option that was left out is absent, like an undefined member of an object.
    if (parsed.data === undefined) return { problems: [] };
    return {
      data: encodeOption(parsed.data, option, asFileRef, encodeFileByReference),
      problems: [],
    };
  } catch (error) {
    return {
      problems: [
        { code: 'invalid_option', message: `${subject}: ${faultOf(error)}`, token: option },
      ],
    };
  }
}

/** Finds a member that zod would drop without a word. */
function protoPath(
  value: unknown,
  path: string,
  above: readonly object[] = [],
): string | undefined {
  if (typeof value !== 'object' || value === null || above.includes(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return undefined;
  }
  if (Object.hasOwn(value, '__proto__')) return `${path}.__proto__`;
  for (const [name, member] of Object.entries(value)) {
    const found = protoPath(member, `${path}.${name}`, [...above, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** By its words: the class of the error is another one in each copy of zod, and has no name in a bundle. */
const ASYNC_TYPE = /^Encountered Promise during synchronous parse/u;

/** What is wrong when validation itself fails, which is the fault of the method's types. */
function faultOf(error: unknown): string {
  if (error instanceof UnsupportedOptionError) {
    return `expected a value that can be written down, got ${withArticle(error.found)} at ${error.path}`;
  }
  if (error instanceof Error && ASYNC_TYPE.test(error.message)) {
    return 'its type checks or transforms asynchronously, which options cannot';
  }
  return `its type failed to check it: ${error instanceof Error ? error.message : String(error)}`;
}
