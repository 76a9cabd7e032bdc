// Validates the options of build calls by the method's own zod types, or by memory of having done so.
// The memory is keyed by code digest and raw options; options that looked at clock or chance are not remembered.

import { pathToFileURL } from 'node:url';

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
import { sha256 } from '../util/sha256.ts';

/** Remembers validated options across runs. */
export interface OptionMemo {
  readonly get: (code: Digest, raw: Digest) => string | undefined;
  readonly put: (code: Digest, raw: Digest, options: string) => void;
}

/** Validates options. Loads a method's module only when memory does not help. */
export class OptionValidator {
  readonly #memo: OptionMemo;
  readonly #inputDirectory: string;
  readonly #methods = new Map<Digest, Promise<Method>>();
  readonly #loaded = new Map<Digest, Method>();

  constructor(options: { memo: OptionMemo; inputDirectory: string }) {
    this.#memo = options.memo;
    this.#inputDirectory = options.inputDirectory;
  }

  /** Returns the options defaulted and encoded by reference. Throws `UsageError` with all problems, `earlier` ones first. */
  async validate(
    code: MethodCode,
    raw: Readonly<Record<string, unknown>>,
    earlier: readonly Problem[],
  ): Promise<InputRefs['options']> {
    const rawDigest = earlier.length > 0 ? undefined : this.#digestOf(raw);
    const known = rawDigest === undefined ? undefined : this.#remembered(code, rawDigest);
    if (known !== undefined) return known;
    const { validateOptions } = await import('../method/inputs/validate-options.ts');
    const method = this.#loaded.get(code.digest) ?? (await this.#load(code));
    const inputDirectory = this.#inputDirectory;
    const validated = validateOptions({ name: code.name, method, raw, inputDirectory });
    const problems = [...earlier, ...validated.problems];
    if (problems.length > 0) throw new UsageError(problems);
    if (rawDigest !== undefined && validated.pure) {
      this.#memo.put(code.digest, rawDigest, JSON.stringify(validated.options));
    }
    return validated.options;
  }

  /** The same from memory alone; `undefined` when it does not hold them. */
  known(
    code: MethodCode,
    raw: Readonly<Record<string, unknown>>,
  ): InputRefs['options'] | undefined {
    const rawDigest = this.#digestOf(raw);
    return rawDigest === undefined ? undefined : this.#remembered(code, rawDigest);
  }

  #remembered(code: MethodCode, rawDigest: Digest): InputRefs['options'] | undefined {
    const known = this.#memo.get(code.digest, rawDigest);
    return known === undefined ? undefined : (JSON.parse(known) as InputRefs['options']);
  }

  async #load(code: MethodCode): Promise<Method> {
    const loading =
      this.#methods.get(code.digest) ??
      import(pathToFileURL(code.bundle).href).then(
        (module: { readonly default: Method }) => module.default,
      );
    this.#methods.set(code.digest, loading);
    const method = await loading;
    this.#loaded.set(code.digest, method);
    return method;
  }

  /** `undefined` when the options hold something that has no written form, which cannot be remembered. */
  #digestOf(raw: Readonly<Record<string, unknown>>): Digest | undefined {
    try {
      const encoded = encodeOption(raw, 'options', asFileRef, encodeFileByReference);
      return digest(sha256(JSON.stringify([this.#inputDirectory, encoded])));
    } catch (error) {
      if (error instanceof UnsupportedOptionError) return undefined;
      throw error;
    }
  }
}
