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
  async synthesis() {
    ${body}
  },
});
`,
    'lib/state.ts': `let seen = 0;
let total = 0;
let table: number[] | undefined;
let other: number[] | undefined;
export const count = () => ++seen;
export const sum = (x: number) => { total += x; return total; };
export const kept = () => (table ??= [1]);
export const kept2 = () => { if (other === undefined) other = [1]; return other; };
export const own = (total: number) => { let seen = 0; seen++; total += seen; return total; };
export { seen };
`,
    'lib/calls.cjs':
      'let calls = 0;\nmodule.exports = () => { const n = 1; calls += n; return calls; };\n',
    'lib/old.cjs': `const { sep } = require('node:path');
module.exports = (name) => [sep, require(name)];
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
  ["return typeof process !== 'undefined' && process.version;"],
  ['const { cwd } = process; return cwd();'],
  ['return [1, 2].map((process) => process + 1);'],
  ['const process = (row) => [row]; return process(1);'],
  ['const createdRequire = 1, vm = { eval: 2 }; return vm;'],
  ['let seen = 0; for (let i = 0; i < 3; i++) seen += i; return [() => ++seen];'],
  ['return { vm: 1, require: 2 }.require;'],
  ['return await import("node:path");'],
])('code that the key sees is sound: %s', async (body) => {
  expect(await reasons(body)).toEqual([]);
});

const HANDED_ON = 'hands on process, and with it the whole environment';
const UNDECLARED = 'uses the environment variable TZ, which is not declared in env';
const VM = 'makes code from text with node:vm';
const PAST = 'loads modules with createRequire, past the bundler';

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
  ['const p = process; return p.env.TZ;', HANDED_ON],
  ['let p; p = process; return p.env.TZ;', HANDED_ON],
  ['return Object.keys(process);', HANDED_ON],
  ['return { process };', HANDED_ON],
  ['return [{ ...process }];', HANDED_ON],
  ['return process;', HANDED_ON],
  ['const p = globalThis.process; return p;', HANDED_ON],
  ['return ((p = process) => p)();', HANDED_ON],
  ['return process["e" + String("nv")];', 'uses a member of process by a computed name'],
  ['return globalThis["process"].env.TZ;', UNDECLARED],
  ['return globalThis.eval("1");', 'uses eval'],
  ['const F = Function; return F("1");', 'makes a function from text with Function'],
  ['return globalThis.Function("1");', 'makes a function from text with Function'],
  ['return (await import("node:vm")).runInThisContext("1");', VM],
  ['return process.getBuiltinModule("vm").runInThisContext("1");', VM],
  ['return process.getBuiltinModule(String(1));', 'loads a module by a computed name'],
  ['return (await import("node:module")).createRequire;', PAST],
  ['const { createRequire } = await import("node:module"); return createRequire;', PAST],
  ['return require(String(1));', 'requires a module by a computed name'],
  ['const r = require; return r("node:fs");', 'hands on require, which can load any module'],
  ['return process.env.TZ;', UNDECLARED],
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

test.each([
  ["import { createRequire } from 'node:module';", 'createRequire(import.meta.url)("d3")', PAST],
  ["import { createRequire as load } from 'module';", 'load(import.meta.url)(String(1))', PAST],
  ["import module from 'node:module';", 'module.createRequire(import.meta.url)("d3")', PAST],
  ["import vm from 'node:vm';", 'vm.runInThisContext("1")', VM],
  ["import { Script } from 'vm';", 'new Script("1")', VM],
  ["import * as vm from 'node:vm';", 'vm.runInNewContext("1")', VM],
  ["import process from 'node:process';", '[process]', HANDED_ON],
  ["import { default as p } from 'node:process';", 'Object.keys(p)', HANDED_ON],
])('what makes or loads code is found where it is imported: %s', async (imports, body, text) => {
  const [found = ''] = await reasons(`return ${body};`, { imports });
  expect(found).toMatch(new RegExp(`^${text} \\(methods/m\\.ts:[26]\\)$`, 'u'));
});

test.each([
  ["import { createRequire } from 'node:module';"],
  ["import vm from 'node:vm';"],
  ["import { seen } from '../lib/state.ts';"],
])('what is imported and not used is sound: %s', async (imports) => {
  expect(await reasons('return 1;', { imports })).toEqual([]);
});

test.each([
  ['count', 'state.ts', 5],
  ['sum', 'state.ts', 6],
  ['calls', 'calls.cjs', 2],
  ['kept', 'state.ts', undefined],
  ['kept2', 'state.ts', undefined],
  ['own', 'state.ts', undefined],
])('a variable of a module that counts is found: %s in %s', async (name, file, line) => {
  const imported = file.endsWith('.cjs') ? name : `{ ${name} }`;
  const imports = `import ${imported} from '../lib/${file}';`;
  const text = 'changes a variable of its module, which later jobs in the same thread see';
  expect(await reasons(`return ${name}(1);`, { imports })).toEqual(
    line === undefined ? [] : [`${text} (lib/${file}:${line})`],
  );
});

test('an old-style helper may require what it names, and not what it computes', async () => {
  const imports = "import load from '../lib/old.cjs';";
  expect(await reasons('return load(1);', { imports })).toEqual([
    'requires a module by a computed name (lib/old.cjs:2)',
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
