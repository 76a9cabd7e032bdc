// Tools from the npm registry, installed once per process into a temporary directory: they are no dependencies.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { once } from '../../../src/util/once.ts';
import { scratchDirectory } from '../scratch.ts';

const INSTALL_TIMEOUT_MS = 120_000;

/** The node_modules that holds turbo and wireit, or `undefined` when they cannot be installed. */
export const buildTools: () => string | undefined = once(() =>
  install(['turbo@2.11.11', 'wireit@0.14.13']),
);

/** The node_modules that holds DuckDB, or `undefined` when it cannot be installed. */
export const duckdbTool: () => string | undefined = once(() =>
  install(['@duckdb/node-api@1.5.6-r.1']),
);

function install(packages: readonly string[]): string | undefined {
  const cwd = scratchDirectory();
  try {
    const args = ['install', '--prefix', cwd, '--no-audit', '--no-fund', ...packages];
    // With the environment as it is: it may say where the registry is.
    execFileSync('npm', args, { cwd, stdio: 'pipe', timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    console.log(`  ${packages.join(' and ')} are left out: ${String(error).split('\n')[0]}`);
    return undefined;
  }
  const modules = join(cwd, 'node_modules');
  return existsSync(modules) ? modules : undefined;
}
