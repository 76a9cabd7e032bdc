import { expect, test } from 'vitest';

import { CodeProject } from '../code-project.ts';

/** Loads a method whose body and helper are given, and returns what its key cannot see. */
async function reasons(
  body: string,
  options: { env?: string; imports?: string } = {},
): Promise<readonly string[]> {
  using project = new CodeProject({
    'methods/m.ts': `import { defineMethod } from 'acc-engine';
${options.imports ?? ''}
export default defineMethod({
  ${options.env ?? ''}
  synthesis() {
    ${body}
  },
});
`,
    'lib/help.ts':
      'export const help = () => process.env.HELP;\nexport const other = () => new Function("1");\n',
  });
  const { code } = await project.method('m');
  expect((await project.method('m')).code.unsound).toEqual(code.unsound);
  return code.unsound;
}

test.each([
  ['return import("node:fs");'],
  ['return process.cwd();'],
  ['const env = { TZ: 1 }; return env.TZ;'],
  ['return { eval: 1, Function: 2 }.eval;'],
  ['return (() => 1) instanceof Function;'],
  ['return "process.env.TZ";'],
])('code that the key sees is sound: %s', async (body) => {
  expect(await reasons(body)).toEqual([]);
});

test.each([
  ['const name = String(1); return import(name);', 'imports a module by a computed name'],
  ['return eval("1 + 1");', 'uses eval'],
  ['return (0, eval)("1 + 1");', 'uses eval'],
  ['return new Function("return 1")();', 'makes a function from text with Function'],
  ['return process.env[String(1)];', 'uses an environment variable by a computed name'],
  ['return { ...process.env };', 'uses the whole environment'],
  ['const { TZ, ...rest } = process.env; return rest;', 'uses the whole environment'],
  ['const { env } = process; return env.TZ;', 'uses the whole environment'],
  [
    'return globalThis.process.env.TZ;',
    'uses the environment variable TZ, which is not declared in env',
  ],
  ['return process.env.TZ;', 'uses the environment variable TZ, which is not declared in env'],
  ['return process.env["TZ"];', 'uses the environment variable TZ, which is not declared in env'],
  [
    'const { TZ } = process.env; return TZ;',
    'uses the environment variable TZ, which is not declared in env',
  ],
])('what the key cannot see is told with its line: %s', async (body, text) => {
  expect(await reasons(body)).toContain(`${text} (methods/m.ts:6)`);
});

test('an environment that is imported is found as well', async () => {
  const imports = "import { env as vars } from 'node:process';";
  expect(await reasons('return vars.TZ;', { imports })).toEqual([
    'uses the environment variable TZ, which is not declared in env (methods/m.ts:6)',
  ]);
});

test('declared variables are sound', async () => {
  expect(await reasons('return process.env.TZ;', { env: "env: ['TZ']," })).toEqual([]);
});

test('a helper is blamed where it is used, and not where it was shaken out', async () => {
  const imports = "import { help } from '../lib/help.ts';";
  expect(await reasons('return help();', { imports })).toEqual([
    'uses the environment variable HELP, which is not declared in env (lib/help.ts:1)',
  ]);
});
