// Validates the options of build calls by the method's own zod types, or by memory of having done so.
// The memory is keyed by code digest, declared environment and raw options; options whose validation looked at anything
// else, as the clock or a file, are not remembered.

import type { UsableMethod } from '../engine/method-lookup.ts';
import { environmentOf, importMethod } from '../method/definition/import-method.ts';
import type { DeclaredEnvironment } from '../method/definition/import-method.ts';
import type { Method } from '../method/definition/method-types.ts';
import { asFileRef } from '../method/inputs/file-ref.ts';
import { UsageError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { digest } from '../model/ids.ts';
import type { Digest } from '../model/ids.ts';
import type { InputRefs } from '../model/manifest.ts';
import type { MethodCode } from '../model/method-shape.ts';
import {
  encodeFileByReference,
  encodeOption,
  UnsupportedOptionError,
} from '../model/option-value.ts';
import type { OptionData } from '../model/option-value.ts';
import { sha256 } from '../util/sha256.ts';

/** Remembers validated options across runs. */
export interface OptionMemo {
  readonly get: (code: Digest, raw: Digest) => string | undefined;
  readonly put: (code: Digest, raw: Digest, options: string) => void;
}

/** Raised when other validations are remembered than before. */
const MEMO_VERSION = 4;

/** What a validation is to do beside its work. */
export interface ValidationWishes {
  /** Problems found before, which come first. */
  readonly earlier: readonly Problem[];
  /** Do not take the options from memory. */
  readonly anew: boolean;
}

/** Options as the key takes them. */
export interface ValidOptions {
  readonly options: InputRefs['options'];
  /** The same call may give others another time, because validation looked at more than it was given. */
  readonly mayDiffer: boolean;
}

/** Validates options. Loads a method's module only when memory does not help. */
export class OptionValidator {
  readonly #memo: OptionMemo;
  readonly #inputDirectory: string;

  constructor(options: { memo: OptionMemo; inputDirectory: string }) {
    this.#memo = options.memo;
    this.#inputDirectory = options.inputDirectory;
  }

  /** Returns the options defaulted and encoded by reference. Throws `UsageError` with all problems. */
  async validate(
    { code, shape }: UsableMethod,
    raw: Readonly<Record<string, unknown>>,
    { earlier, anew }: ValidationWishes,
  ): Promise<ValidOptions> {
    const env = environmentOf(shape.env);
    const rawDigest = earlier.length > 0 ? undefined : this.#digestOf(raw, env);
    const known = anew || rawDigest === undefined ? undefined : this.#remembered(code, rawDigest);
    if (known !== undefined) return { options: known, mayDiffer: false };
    const { validateOptions } = await import('../method/inputs/validate-options.ts');
    const { watchModules } = await import('../method/inputs/purity-watch.ts');
    watchModules();
    const { default: method } = (await importMethod(code.bundle, env)) as { default: Method };
    const inputDirectory = this.#inputDirectory;
    const validated = validateOptions({ name: code.name, method, raw, inputDirectory });
    const problems = [...earlier, ...validated.problems];
    if (problems.length > 0) throw new UsageError(problems);
    if (rawDigest !== undefined && validated.pure) {
      this.#memo.put(code.digest, rawDigest, JSON.stringify(validated.options));
    }
    return { options: validated.options, mayDiffer: !validated.pure };
  }

  /** The same from memory alone; `undefined` when it does not hold them. */
  known(
    { code, shape }: UsableMethod,
    raw: Readonly<Record<string, unknown>>,
  ): InputRefs['options'] | undefined {
    const rawDigest = this.#digestOf(raw, environmentOf(shape.env));
    return rawDigest === undefined ? undefined : this.#remembered(code, rawDigest);
  }

  #remembered(code: MethodCode, rawDigest: Digest): InputRefs['options'] | undefined {
    const known = this.#memo.get(code.digest, rawDigest);
    return known === undefined ? undefined : (JSON.parse(known) as InputRefs['options']);
  }

  /** `undefined` when the options hold something that has no written form, which cannot be remembered. */
  #digestOf(raw: Readonly<Record<string, unknown>>, env: DeclaredEnvironment): Digest | undefined {
    try {
      const facts = [MEMO_VERSION, this.#inputDirectory, env, encodeRaw(raw), orderOf(raw)];
      return digest(sha256(JSON.stringify(facts)));
    } catch (error) {
      if (error instanceof UnsupportedOptionError) return undefined;
      throw error;
    }
  }
}

function encodeRaw(value: unknown): OptionData {
  return encodeOption(value, 'options', asFileRef, encodeFileByReference);
}

/** The members of objects and sets in their order, which a transformation may look at; `encodeOption` sorts them. */
function orderOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value.map(orderOf);
  if (value instanceof Set) return Array.from(value, (item) => [encodeRaw(item), orderOf(item)]);
  if (value instanceof Map) return Array.from(value, (pair) => pair.map(orderOf));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  return Object.entries(value).map(([name, item]) => [name, orderOf(item)]);
}
