// Finds the project a command is about and resolves its configuration.
// acc.config.ts is bundled and imported only where there is one: most projects need none and start faster.

import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { ProjectConfig } from '../../model/config.ts';
import { UsageError } from '../../model/errors.ts';
import type { Project } from '../../model/project.ts';
import { importModule } from '../../util/import-module.ts';
import type { Invocation } from '../command.ts';
import { checkConfig, checkPlaces } from './check-config.ts';
import { bundlePlace } from './engine-package.ts';

const CONFIG_FILE = 'acc.config.ts';
const CACHE_DIRECTORY = '.acc';

/** What tells a project's root, most telling first. */
const MARKS = [CONFIG_FILE, 'methods', 'package.json'] as const;

/** Finds and loads the project of a call. Throws `UsageError` when there is none or its configuration is wrong. */
export async function loadProject(
  invocation: Pick<Invocation, 'cwd' | 'projectDirectory'>,
): Promise<Project> {
  const root = invocation.projectDirectory ?? findRoot(invocation.cwd);
  if (root === undefined) throw noProject(invocation.cwd);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw noSuchProject(root);
  const file = join(root, CONFIG_FILE);
  if (!existsSync(file)) return resolveConfig({}, root, null);
  const config = checkConfig(await importConfig(file, root), file);
  const project = resolveConfig(config, root, file);
  checkPlaces(project, file);
  return project;
}

/** The nearest directory upwards with the most telling mark that there is; `undefined` when there is none. */
export function findRoot(start: string): string | undefined {
  for (const mark of MARKS) {
    for (let directory = start; ; directory = dirname(directory)) {
      if (existsSync(join(directory, mark))) return directory;
      if (dirname(directory) === directory) break;
    }
  }
  return undefined;
}

/** Fills in the defaults and makes every path absolute. */
export function resolveConfig(
  config: ProjectConfig,
  root: string,
  configFile: string | null,
): Project {
  const workdirs = Object.entries(config.workdirs ?? { dev: 'workdirs/dev' });
  return {
    root,
    configFile,
    methodDirectories: (config.methods ?? ['methods']).map((path) => resolve(root, path)),
    workdirs: Object.fromEntries(workdirs.map(([name, path]) => [name, resolve(root, path)])),
    targetWorkdir: config.targetWorkdir ?? workdirs[0]?.[0] ?? 'dev',
    slices: config.slices,
    inputDirectory: resolve(root, config.inputDirectory ?? '.'),
    resultDirectory: resolve(root, config.resultDirectory ?? 'results'),
    cacheDirectory: join(root, CACHE_DIRECTORY),
    concurrency: config.concurrency,
  };
}

async function importConfig(file: string, root: string): Promise<unknown> {
  const { bundleScript } = await import('../../key/script-bundle.ts');
  const place = bundlePlace({ root, cacheDirectory: join(root, CACHE_DIRECTORY) });
  const { bundle } = await bundleScript({ file, kind: 'configuration', ...place });
  try {
    const module = (await importModule(pathToFileURL(bundle).href)) as Record<string, unknown>;
    return module['default'];
  } catch (error) {
    const message = `${CONFIG_FILE} cannot be loaded: ${String(error)}`;
    throw new UsageError({ code: 'invalid_config', message, where: placeOf(file) });
  }
}

function placeOf(file: string): { file: string; line: number; column: number; length: number } {
  return { file, line: 1, column: 1, length: 1 };
}

function noProject(cwd: string): UsageError {
  return new UsageError({
    code: 'no_project',
    message: `There is no project in ${cwd} or above it: no acc.config.ts, no methods directory, no package.json`,
    hint: '`acc init DIR` makes one; `--project DIR` says where one is.',
  });
}

function noSuchProject(root: string): UsageError {
  return new UsageError({
    code: 'no_project',
    message: `Expected --project to be a directory, but ${root} is none`,
  });
}
