// `acc init`: makes a project that runs at once, small enough to be read in a minute.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import { onMachine } from '../../model/system-error.ts';
import { tableLines } from '../../report/table.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print } from '../output.ts';
import { engineSpec } from './init-engine.ts';
import { projectFiles } from './init-files.ts';
import { packageCommands } from './init-package.ts';

/** Files that do not make a directory a used one: what `npm install acc-engine`, git and editors leave. */
const HARMLESS = new Set([
  '.git',
  '.gitignore',
  '.DS_Store',
  '.npmrc',
  'node_modules',
  'package.json',
  'package-lock.json',
  '.vscode',
  '.idea',
]);

/** Makes the project and tells what to do next. Files that exist are never replaced. */
export async function init({ args, cwd, process }: Invocation): Promise<number> {
  const directory = resolve(cwd, args.positionals[0] ?? '.');
  const used = filesIn(directory).filter((name) => !HARMLESS.has(name));
  if (used.length > 0 && !isSet(args, 'force')) throw notEmpty(directory, used);

  const { colours } = presentationFor(process, process.stdout);
  const files = projectFiles(engineSpec(directory));
  const written = Object.entries(files).map(([name, content]) =>
    writeNew(join(directory, name), content)
      ? `  ${colours.green('wrote')}  ${name}`
      : colours.dim(`  kept   ${name}`),
  );
  const lacking = packageCommands(
    readFileSync(join(directory, 'package.json'), 'utf8'),
    files['package.json'] ?? '{}',
  );
  const next = nextCommands(relative(cwd, directory), lacking).map(([command, comment]) => [
    command,
    comment === '' ? '' : colours.dim(`# ${comment}`),
  ]);
  print([...written, '', 'Next:', ...tableLines(next, { indent: '  ' })], process);
  return 0;
}

/** What is in a directory; nothing where there is none yet. */
function filesIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  if (statSync(directory).isDirectory()) return readdirSync(directory);
  throw new UsageError({
    code: 'not_a_directory',
    message: `Expected a directory for the new project, but ${directory} is a file`,
    hint: '`acc init NAME` makes a new directory.',
  });
}

/** Writes a file where there is none, and tells whether it did. */
function writeNew(path: string, content: string): boolean {
  if (existsSync(path)) return false;
  onMachine('write', path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  });
  return true;
}

type Commented = readonly [command: string, comment: string];

function nextCommands(away: string, lacking: readonly Commented[]): Commented[] {
  return [
    ...(away === '' ? [] : [[`cd ${shellWord(away)}`, ''] as const]),
    ...lacking,
    ['npm install', ''],
    ['npx acc run', ''],
    ['npx acc run', 'everything is reused'],
    ['npx acc why mean_temperature', 'what that job was made of'],
  ];
}

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w./~+-]+$/u.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function notEmpty(directory: string, used: readonly string[]): UsageError {
  const some = used.slice(0, 3).join(', ') + (used.length > 3 ? ', …' : '');
  return new UsageError({
    code: 'not_empty',
    message: `Expected an empty directory for the new project, but ${directory} holds ${some}`,
    hint: '`acc init NAME` makes a new directory; `--force` adds to this one and replaces nothing.',
  });
}
