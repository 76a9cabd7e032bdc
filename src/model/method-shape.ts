// What is known about a method without running it: the facts of its definition as plain data, so that they
// can be cached beside the code digest and a run of hits never loads the method's module.

import type { Digest } from './ids.ts';

/** One stage of a method, in the order in which stages run. */
export type StageName = 'prepare' | 'analysis' | 'synthesis';

/** A declared dataset input. */
export interface DatasetInputShape {
  readonly array: boolean;
  readonly optional: boolean;
  /** Declared columns by name, with their type; `undefined` when any column may be read. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The stage may look at the job that made the dataset, so the job's key is in the key; left out when not. */
  readonly lineage?: true;
}

/** A declared job input. */
export interface JobInputShape {
  readonly array: boolean;
  readonly optional: boolean;
  /** The stage may look at the input job's own inputs (`job.params`), so these are in the key. */
  readonly lineage: boolean;
}

/** A method as its definition declares it. */
export interface MethodShape {
  readonly description: string;
  /** Names of the options, in order of declaration. */
  readonly options: readonly string[];
  readonly datasets: Readonly<Record<string, DatasetInputShape>>;
  readonly jobs: Readonly<Record<string, JobInputShape>>;
  readonly stages: readonly StageName[];
  /** Files added to the key, relative to the method's file. */
  readonly dependsOn: readonly string[];
  /** Names of environment variables that are in the key. */
  readonly env: readonly string[];
  /** Manual salt. */
  readonly version?: string | number;
  /** Digests of code; what they are worth is in `MethodCode.equivalence`. */
  readonly equivalentTo: readonly string[];
  /** Slices of one job that may run at once. */
  readonly concurrency?: number;
  readonly memoryLimitMb?: number;
  readonly timeoutMs?: number;
}

/** What a method's `equivalentTo` says. */
export interface Equivalence {
  /** What the digest of the present code would be without the declaration. */
  readonly present: Digest;
  /** The digests that are listed. */
  readonly declared: readonly Digest[];
  /** The list names the present code, so jobs of all code that it names are current; else it has expired. */
  readonly holds: boolean;
}

/** A method's module, bundled. */
export interface MethodCode {
  readonly name: string;
  /** Absolute path of the method's source file. */
  readonly file: string;
  /** Identity of the code: the bundle without comments and layout, and the packages it imports. */
  readonly digest: Digest;
  /** Absolute path of the bundle that runs; its source map lies beside it as `.map`. */
  readonly bundle: string;
  /** Version of each external package the bundle imports, directly or through another package. */
  readonly packages: Readonly<Record<string, string>>;
  /** Why a key may not see everything this code can see; empty when it does. */
  readonly unsound: readonly string[];
  /** Absent where the method declares none. */
  readonly equivalence?: Equivalence;
}

/** Says that a declaration has expired, and what to write if it still holds. */
export function expiryText({ present }: Equivalence): string {
  return `\`equivalentTo\` does not name the present code, so it counts for nothing; add '${present}' to it if jobs of the other code it names are still right`;
}
