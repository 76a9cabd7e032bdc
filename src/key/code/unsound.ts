// Finds what a key cannot see in code: imports of computed names, code made at run time, undeclared environment, and
// variables of modules that outlive a job. Works on the bundle, so code that was shaken out is not blamed, and names
// places in the sources.

import { parse } from 'acorn';
import type { AnyNode, Program } from 'acorn';

import type { OriginalPlace, SourceMap } from '../../util/source-map.ts';
import { codeMadeAtRunTime } from './run-time-code.ts';
import { destructured, isPropertyName, memberName, nameOf, walk } from './syntax.ts';
import type { Visit } from './syntax.ts';

/** The imported identifiers that stand for `process` and for `process.env`. */
interface ProcessNames {
  readonly process: ReadonlySet<string>;
  readonly env: ReadonlySet<string>;
}

/** Cheap enough for every bundle; only one that matches is parsed. */
const MAY_BE_UNSOUND =
  /\bimport\s*\(|\beval\b|\bFunction\b|\bprocess\b|\brequire\b|\bcreateRequire\b|\bvm\b|\+\+|--|[-+*/%&|^<>]=/;
const WHOLE_ENVIRONMENT = 'uses the whole environment';

/** Tells whether `unsoundReasons` could find anything: a search, where that parses. */
export function mayBeUnsound(bundle: string): boolean {
  return MAY_BE_UNSOUND.test(bundle);
}

/** Says why a key may not see all this code can; `declared` are the environment variables that it does see. */
export function unsoundReasons(
  bundle: string,
  map: SourceMap,
  declared: readonly string[],
): readonly string[] {
  const program = parse(bundle, { ecmaVersion: 'latest', sourceType: 'module' });
  const names = processNames(program);
  const sentences = new Set<string>();
  const told = (visit: Visit, text: string | undefined): void => {
    if (text !== undefined) sentences.add(text + placeText(map.at(visit.node.start)));
  };
  walk(program, (visit) => {
    told(visit, codeMadeAtRunTime(visit));
    told(visit, variableThatCounts(visit));
    told(visit, processHandedOn(visit, names));
    for (const found of environmentUses(visit, names)) {
      if (!declared.includes(found)) told(visit, environmentText(found));
    }
  });
  return [...sentences];
}

function environmentText(found: string): string {
  return found.includes(' ')
    ? found
    : `uses the environment variable ${found}, which is not declared in env`;
}

/** `process` may also be imported, whole or in parts. */
function processNames(program: Program): ProcessNames {
  const process = new Set<string>();
  const env = new Set<string>();
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    if (node.source.value !== 'process' && node.source.value !== 'node:process') continue;
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier') process.add(specifier.local.name);
      else if (nameOf(specifier.imported) === 'env') env.add(specifier.local.name);
      else if (nameOf(specifier.imported) === 'default') process.add(specifier.local.name);
    }
  }
  return { process, env };
}

/**
 * A variable of a module that a function makes from what it was: a thread that runs two jobs shows the second one what
 * the first has left. Setting it to what does not depend on its old value is how things are kept that cost time to make.
 */
function variableThatCounts({ node, scope }: Visit): string | undefined {
  const target =
    node.type === 'UpdateExpression'
      ? node.argument
      : node.type === 'AssignmentExpression' && COUNTING.test(node.operator)
        ? node.left
        : undefined;
  if (target?.type !== 'Identifier' || scope.isModule) return undefined;
  return scope.declaring(target.name)?.isModule === true
    ? 'changes a variable of its module, which later jobs in the same thread see'
    : undefined;
}

/** `+=` and the like, but neither `=` nor `??=`, `||=`, `&&=`. */
const COUNTING = /^(?:[-+*/%&|^]|\*\*|<<|>>>?)=$/;

/** What contains `process` when it becomes a value that goes elsewhere. */
const TAKERS: ReadonlySet<AnyNode['type']> = new Set<AnyNode['type']>([
  'VariableDeclarator',
  'AssignmentExpression',
  'AssignmentPattern',
  'CallExpression',
  'NewExpression',
  'ArrayExpression',
  'ArrowFunctionExpression',
  'ReturnStatement',
  'SpreadElement',
  'Property',
  'PropertyDefinition',
]);
const HANDED_ON = 'hands on process, and with it the whole environment';

function processHandedOn(visit: Visit, names: ProcessNames): string | undefined {
  const { node, parent } = visit;
  if (parent === undefined || !isProcess(visit, names)) return undefined;
  if (parent.type === 'MemberExpression') {
    return parent.object === node && memberName(parent) === undefined
      ? 'uses a member of process by a computed name'
      : undefined;
  }
  const isTaken =
    (TAKERS.has(parent.type) && destructured(node, parent) === undefined) ||
    (parent.type === 'LogicalExpression' && (parent.right === node || parent.operator !== '&&')) ||
    (parent.type === 'ConditionalExpression' && parent.test !== node);
  return isTaken ? HANDED_ON : undefined;
}

/** Names of variables, or a sentence where the names cannot be told. */
function environmentUses(visit: Visit, names: ProcessNames): readonly string[] {
  const { node, parent } = visit;
  if (parent === undefined) return [];
  if (isProcess(visit, names)) {
    const taken = destructured(node, parent) ?? [];
    return taken.some((name) => name === 'env' || name === undefined) ? [WHOLE_ENVIRONMENT] : [];
  }
  if (!isEnvironment(visit, names)) return [];
  if (parent.type === 'MemberExpression' && parent.object === node) {
    return [memberName(parent) ?? 'uses an environment variable by a computed name'];
  }
  const taken = destructured(node, parent) ?? [undefined];
  return taken.map((name) => name ?? WHOLE_ENVIRONMENT);
}

function isProcess(visit: Visit, names: ProcessNames): boolean {
  const { node, scope } = visit;
  if (node.type === 'Identifier') {
    if (isPropertyName(visit)) return false;
    const isGlobal = node.name === 'process' && scope.declaring('process') === undefined;
    return isGlobal || names.process.has(node.name);
  }
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    (node.object.name === 'globalThis' || node.object.name === 'global') &&
    memberName(node) === 'process'
  );
}

function isEnvironment(visit: Visit, names: ProcessNames): boolean {
  const { node } = visit;
  if (node.type === 'Identifier') return names.env.has(node.name) && !isPropertyName(visit);
  if (node.type !== 'MemberExpression' || memberName(node) !== 'env') return false;
  const object: AnyNode = node.object;
  return isProcess({ ...visit, node: object, parent: node }, names);
}

function placeText(place: OriginalPlace | undefined): string {
  return place === undefined ? '' : ` (${place.source}:${place.line})`;
}
