// Mistakes in acc.config.ts.

import type { Mistake } from './mistake.ts';

function config(code: string, title: string, text: string): Mistake {
  return { code, title, files: { 'acc.config.ts': text }, command: ['jobs'] };
}

function fields(...lines: readonly string[]): string {
  return ['export default {', ...lines.map((line) => `  ${line}`), '};', ''].join('\n');
}

/** Mistakes of fields, values and directories. */
export const CONFIG_MISTAKES: readonly Mistake[] = [
  config('unknown_config', 'misspelt', fields('slics: 4,', "colour: 'red',")),
  config(
    'invalid_config',
    'wrong types',
    fields("slices: 'four',", "methods: 'methods',", 'concurrency: 0,'),
  ),
  config('invalid_config', 'no object', 'export default 7;\n'),
  config('invalid_config', 'no default export', 'export const slices = 4;\n'),
  config('invalid_config', 'throws', "throw new Error('no home');\n"),
  config(
    'invalid_config',
    'a name that no workdir can have',
    fields("workdirs: { 'my-1': 'workdirs/my' },"),
  ),
  config(
    'invalid_config',
    'another target',
    fields("workdirs: { dev: 'd', prod: 'p' },", "targetWorkdir: 'pro',"),
  ),
  config('cannot_bundle', 'a configuration that does not parse', 'export default { slices: };\n'),
  config(
    'overlapping_directories',
    'inside each other',
    fields("workdirs: { dev: 'data' },", "resultDirectory: 'data/results',"),
  ),
  config('overlapping_directories', 'the project in a workdir', fields("workdirs: { dev: '.' },")),
];
