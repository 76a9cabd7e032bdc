import { readFileSync, statSync, utimesSync } from 'node:fs';

import { expect, test } from 'vitest';

import { writeMethodTypes } from '../../src/key/methods-types.ts';
import { CodeProject, methodText } from './code-project.ts';

/** Writes the types as a new run does. */
function write(project: CodeProject): string {
  const { cacheDirectory, engineDirectory } = project;
  const sources = project.catalog().sources();
  return writeMethodTypes({ sources, cacheDirectory, engineDirectory });
}

test('every method is declared by the type of its default export', () => {
  using project = new CodeProject({
    'methods/delays.ts': methodText('1'),
    'methods/more/by-month.ts': methodText('1'),
    '../engine/methods/csvimport.ts': methodText('1'),
    '../engine/methods/plain.ts': methodText('1'),
    '../engine/dist/methods/csvimport.d.ts': 'declare const method: number; export default method;',
  });
  const path = write(project);
  expect(path).toBe(project.path('.acc/methods.d.ts'));
  expect(readFileSync(path, 'utf8')).toBe(`\
// Made by acc from the methods of this project. What is changed here is lost.
export {};
declare module 'acc-engine' {
  interface Methods {
    'by-month': typeof import('../methods/more/by-month.ts').default;
    'csvimport': typeof import('../../engine/dist/methods/csvimport.js').default;
    'delays': typeof import('../methods/delays.ts').default;
    'plain': typeof import('../../engine/methods/plain.ts').default;
  }
}
`);
});

test('the file is left alone while its text is right, and no code is bundled for it', () => {
  using project = new CodeProject({ 'methods/a.ts': methodText('1') });
  const path = write(project);
  utimesSync(path, 1, 1);
  write(project);
  expect(statSync(path).mtimeMs).toBe(1000);
  project.write({ 'methods/b.ts': methodText('1') });
  write(project);
  expect(readFileSync(path, 'utf8')).toContain("'b'");
  expect(project.bundled).toEqual([]);
});
