// `acc init`: makes a project that runs at once, small enough to be read in a minute.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import { tableLines } from '../../report/table.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print } from '../output.ts';
import { engineSpec } from './init-engine.ts';
import { projectFiles } from './init-files.ts';
import { packageCommands } from './init-package.ts';

/** Files that do not make a directory a used one. */
const HARMLESS = new Set([
  '.git',
  '.DS_Store',
  'node_modules',
  'package-lock.json',
  '.vscode',
  '.idea',
]);

/** Makes the project and tells what to do next. Files that exist are never replaced. */
export async function init({ args, cwd, process }: Invocation): Promise<number> {
  const directory = resolve(cwd, args.positionals[0] ?? '.');
  const present = existsSync(directory) ? readdirSync(directory) : [];
  const used = present.filter((name) => !HARMLESS.has(name));
  if (used.length > 0 && !isSet(args, 'force')) throw notEmpty(directory, used);

  const { colours } = presentationFor(process, process.stdout);
  const files = projectFiles(engineSpec(directory));
  const written = Object.entries(files).map(([name, content]) => {
    const path = join(directory, name);
    if (existsSync(path)) return colours.dim(`  kept   ${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return `  ${colours.green('wrote')}  ${name}`;
  });
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

type Commented = readonly [command: string, comment: string];

function nextCommands(away: string, lacking: readonly Commented[]): Commented[] {
  return [
    ...(away === '' ? [] : [[`cd ${away}`, ''] as const]),
    ...lacking,
    ['npm install', ''],
    ['npx acc run', ''],
    ['npx acc run', 'everything is reused'],
    ['npx acc why mean_temperature', 'what that job was made of'],
  ];
}

function notEmpty(directory: string, used: readonly string[]): UsageError {
  const some = used.slice(0, 3).join(', ') + (used.length > 3 ? ', …' : '');
  return new UsageError({
    code: 'not_empty',
    message: `Expected an empty directory for the new project, but ${directory} holds ${some}`,
    hint: '`acc init NAME` makes a new directory; `--force` adds to this one and replaces nothing.',
  });
}
