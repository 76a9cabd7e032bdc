// Writes the types of all methods, so that the compiler and the editor know names, inputs and results of builds.
// Needs only the list of methods: the compiler itself looks into their files.

import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { writeFileAtomic } from '../util/atomic-file.ts';
import type { MethodSource } from './method-sources.ts';

/** All paths are absolute. */
export interface MethodTypesOptions {
  readonly sources: readonly MethodSource[];
  readonly cacheDirectory: string;
  readonly engineDirectory: string;
}

/** Writes `methods.d.ts` into the cache directory if it would differ; returns its path. */
export function writeMethodTypes(options: MethodTypesOptions): string {
  const path = join(options.cacheDirectory, 'methods.d.ts');
  const text = methodTypes(options);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileAtomic(path, text);
  return path;
}

function methodTypes(options: MethodTypesOptions): string {
  const members = options.sources.map((source) => {
    const module = posix(relative(options.cacheDirectory, typedFile(source, options)));
    return `    ${quoted(source.name)}: typeof import(${quoted(module)}).default;\n`;
  });
  return [
    '// Made by acc from the methods of this project. What is changed here is lost.\n',
    'export {};\n',
    "declare module 'acc-engine' {\n",
    '  interface Methods {\n',
    ...members,
    '  }\n',
    '}\n',
  ].join('');
}

/** A shipped method is taken by its declarations: the compiler would judge its source by the project's settings. */
function typedFile(
  { file, standard }: MethodSource,
  { engineDirectory }: MethodTypesOptions,
): string {
  if (!standard) return file;
  const stem = join(engineDirectory, 'dist', relative(engineDirectory, file)).replace(/\.\w+$/, '');
  return existsSync(`${stem}.d.ts`) ? `${stem}.js` : file;
}

function posix(path: string): string {
  const steps = path.split(sep).join('/');
  return steps.startsWith('.') ? steps : `./${steps}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
