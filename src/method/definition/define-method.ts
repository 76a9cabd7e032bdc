// Checks the form of a method's definition when its module is loaded, and hands it on unchanged.
// All mistakes of one definition are reported at once; where the file is, the loader of the module knows.

import type { Problem } from '../../model/errors.ts';
import { UsageError } from '../../model/errors.ts';
import { definitionProblems } from './definition-problems.ts';
import type {
  DatasetInputs,
  JobInputs,
  Method,
  MethodDefinition,
  OptionTypes,
  Returned,
} from './method-types.ts';

/** A definition of which nothing is known but that its form is right. */
export type AnyDefinition = MethodDefinition<
  OptionTypes,
  DatasetInputs,
  JobInputs,
  unknown,
  unknown,
  unknown
>;

/** Shared by all copies of the engine, so that a method is recognised whichever of them defined it. */
const DEFINITION = Symbol.for('acc-engine.method-definition');

/** Checks a definition's form and returns it as a method; throws `UsageError` naming every mistake. */
export function defineMethod<
  const Options extends OptionTypes = {},
  const Datasets extends DatasetInputs = {},
  const Jobs extends JobInputs = {},
  PrepareRes = undefined,
  AnalysisRes = undefined,
  Result = undefined,
>(
  definition: MethodDefinition<Options, Datasets, Jobs, PrepareRes, AnalysisRes, Result>,
): Method<Options, Datasets, Jobs, Returned<Result>> {
  const problems: readonly Problem[] = definitionProblems(definition);
  if (problems.length > 0) throw new UsageError(problems);
  const method = {
    options: definition.options ?? {},
    datasets: definition.datasets ?? {},
    jobs: definition.jobs ?? {},
    [DEFINITION]: Object.freeze({ ...definition }),
  };
  return Object.freeze(method) as unknown as Method<Options, Datasets, Jobs, Returned<Result>>;
}

/** Returns the definition of what `defineMethod` returned; `undefined` for everything else. */
export function definitionOf(value: unknown): AnyDefinition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly [DEFINITION]?: AnyDefinition })[DEFINITION];
}
