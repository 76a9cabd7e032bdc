// Extracts the plain facts of a method from its loaded module, to be cached beside its code digest.

import { columnTypeText } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetInputShape, MethodShape, StageName } from '../../model/method-shape.ts';
import { durationMs } from '../../util/duration.ts';
import { describeValue } from '../inputs/describe-value.ts';
import type { AnyDefinition } from './define-method.ts';
import { definitionOf } from './define-method.ts';
import type { DatasetInput, JobInput } from './input-declarations.ts';

const STAGES: readonly StageName[] = ['prepare', 'analysis', 'synthesis'];

/** Returns the definition in a method's module; throws `UsageError` naming `file` when there is none. */
export function methodOf(moduleNamespace: object, file: string): AnyDefinition {
  const exported = (moduleNamespace as { readonly default?: unknown }).default;
  const definition = definitionOf(exported);
  if (definition !== undefined) return definition;
  throw new UsageError({
    code: 'no_method',
    message: `Expected the default export of ${file} to be a method, got ${describeValue(exported)}`,
    hint: 'Write `export default defineMethod({ … })`.',
    where: { file, line: 1, column: 1, length: 1 },
  });
}

/** Describes the method in a loaded module. `file` is the method's source file, for errors. */
export function describeMethod(moduleNamespace: object, file: string): MethodShape {
  const definition = methodOf(moduleNamespace, file);
  const { version, concurrency, memoryLimitMb } = definition;
  const timeoutMs = durationMs(definition.timeout);
  return {
    description: definition.description ?? '',
    options: Object.keys(definition.options ?? {}),
    datasets: mapValues(definition.datasets ?? {}, datasetShape),
    jobs: mapValues(definition.jobs ?? {}, ({ isArray, isOptional, lineage }: JobInput) => ({
      array: isArray,
      optional: isOptional,
      lineage,
    })),
    stages: STAGES.filter((stage) => definition[stage] !== undefined),
    dependsOn: definition.dependsOn ?? [],
    env: definition.env ?? [],
    equivalentTo: definition.equivalentTo ?? [],
    ...(version === undefined ? {} : { version }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function datasetShape(input: DatasetInput): DatasetInputShape {
  const { columns, isArray, isOptional, lineage } = input;
  const facts = { array: isArray, optional: isOptional, ...(lineage ? { lineage } : {}) };
  return columns === undefined ? facts : { ...facts, columns: mapValues(columns, columnTypeText) };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
