// Checks what acc.config.ts gives, by hand: the configuration is read at every start, and a schema library is not cheap.
// All mistakes are reported at once, each with its place in the file where the name of the field stands.

import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

import type { ProjectConfig } from '../../model/config.ts';
import { UsageError } from '../../model/errors.ts';
import type { Problem, SourceLocation } from '../../model/errors.ts';
import { isWorkdirName } from '../../model/ids.ts';
import type { Project } from '../../model/project.ts';
import { escapePattern } from '../../util/escape-pattern.ts';
import { didYouMean } from '../../util/nearest.ts';

/** What a field must be: a sentence's end, and the test. */
interface FieldRule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const PATH: FieldRule = {
  expected: 'a path as a non-empty string',
  accepts: (value) => typeof value === 'string' && value !== '',
};
const COUNT: FieldRule = {
  expected: 'a whole number of at least 1',
  accepts: (value) => Number.isInteger(value) && (value as number) >= 1,
};

const FIELDS: Readonly<Record<keyof ProjectConfig, FieldRule>> = {
  methods: {
    expected: "a list of paths, as ['methods']",
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(PATH.accepts),
  },
  workdirs: {
    expected: "a path for each name, as { dev: 'workdirs/dev' }",
    accepts: (value) =>
      isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(PATH.accepts),
  },
  targetWorkdir: { expected: 'the name of a workdir', accepts: PATH.accepts },
  slices: COUNT,
  inputDirectory: PATH,
  resultDirectory: PATH,
  concurrency: COUNT,
};

/** Checks the value that the file exports. Throws `UsageError` with every mistake. */
export function checkConfig(value: unknown, file: string): ProjectConfig {
  const source = readFileSync(file, 'utf8');
  if (!isRecord(value)) {
    const message = `Expected acc.config.ts to have a default export that is an object, got ${kindOf(value)}`;
    const hint = 'Write `export default defineConfig({ … });`.';
    throw new UsageError({
      code: 'invalid_config',
      message,
      hint,
      where: at(file, source, 'export'),
    });
  }
  const problems = Object.entries(value).flatMap(([name, field]) => {
    const problem = fieldProblem(name, field);
    return problem === undefined
      ? []
      : [{ ...problem, where: at(file, source, name), token: name }];
  });
  if (problems.length > 0) throw new UsageError(problems);
  const config = value as ProjectConfig;
  const wrong = workdirProblems(config).map((problem) => ({
    ...problem,
    where: at(file, source, problem.token ?? 'workdirs'),
  }));
  if (wrong.length > 0) throw new UsageError(wrong);
  return config;
}

function fieldProblem(name: string, value: unknown): Problem | undefined {
  const rule = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof ProjectConfig] : undefined;
  if (rule === undefined) {
    return {
      code: 'unknown_config',
      message: `acc.config.ts has an unknown field "${name}"`,
      hint: didYouMean(
        name,
        Object.keys(FIELDS),
        `Known fields: ${Object.keys(FIELDS).join(', ')}.`,
      ),
    };
  }
  if (value === undefined || rule.accepts(value)) return undefined;
  const message = `Expected "${name}" to be ${rule.expected}, got ${kindOf(value)}`;
  return { code: 'invalid_config', message };
}

function workdirProblems(config: ProjectConfig): Problem[] {
  const names = Object.keys(config.workdirs ?? { dev: '' });
  const problems: Problem[] = names
    .filter((name) => !isWorkdirName(name))
    .map((name) => ({
      code: 'invalid_config',
      message: `"${name}" cannot name a workdir: expected letters, digits, "_", "." and "-", with no part that is a number`,
      token: name,
    }));
  const target = config.targetWorkdir;
  if (target !== undefined && !names.includes(target)) {
    problems.push({
      code: 'invalid_config',
      message: `"targetWorkdir" names the workdir "${target}", but there are only: ${names.join(', ')}`,
      hint: didYouMean(target, names),
      token: 'targetWorkdir',
    });
  }
  return problems;
}

/** Refuses directories that lie inside each other where one would damage the other. Throws `UsageError`. */
export function checkPlaces(project: Project, file: string): void {
  const source = readFileSync(file, 'utf8');
  const workdirs = Object.entries(project.workdirs).map(
    ([name, path]) => ({ what: `workdir "${name}"`, field: name, path }) as const,
  );
  const results = {
    what: 'resultDirectory',
    field: 'resultDirectory',
    path: project.resultDirectory,
  };
  const methods = project.methodDirectories.map(
    (path) => ({ what: 'a methods directory', field: 'methods', path }) as const,
  );
  const cache = { what: '.acc', field: 'workdirs', path: project.cacheDirectory };
  const apart = [...workdirs, results, ...methods, cache];
  const problems: Problem[] = [];
  for (const [index, one] of apart.entries()) {
    for (const other of apart.slice(index + 1)) {
      if (!contains(one.path, other.path) && !contains(other.path, one.path)) continue;
      if (one.field === 'methods' && other.field === 'methods') continue;
      const [inner, outer] = contains(one.path, other.path) ? [other, one] : [one, other];
      const field = namesIn(source, inner.field) ? inner.field : outer.field;
      problems.push({
        code: 'overlapping_directories',
        message: `${inner.what} (${inner.path}) must not lie in ${outer.what} (${outer.path})`,
        hint: 'Give each a directory of its own.',
        token: field,
        where: at(file, source, field),
      });
    }
  }
  for (const { what, field, path } of workdirs) {
    for (const [name, outside] of [
      ['the project', project.root],
      ['inputDirectory', project.inputDirectory],
    ] as const) {
      if (!contains(path, outside)) continue;
      const message = `${name} (${outside}) must not lie in ${what} (${path})`;
      problems.push({ code: 'overlapping_directories', message, where: at(file, source, field) });
    }
  }
  if (problems.length > 0) throw new UsageError(problems);
}

function contains(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`));
}

/** Where a name stands in the file for the first time; the file's beginning when it does not. */
function at(file: string, source: string, name: string): SourceLocation {
  const offset = source.search(asName(name));
  if (offset < 0) return { file, line: 1, column: 1, length: 1 };
  const before = source.slice(0, offset).split('\n');
  return {
    file,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    length: name.length,
  };
}

function namesIn(source: string, name: string): boolean {
  return asName(name).test(source);
}

function asName(name: string): RegExp {
  return new RegExp(`(?<![\\w$-])${escapePattern(name)}(?![\\w$-])`, 'u');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return `${JSON.stringify(value) ?? typeof value} (${Array.isArray(value) ? 'array' : typeof value})`;
}
