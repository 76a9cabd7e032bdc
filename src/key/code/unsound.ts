// Finds what a key cannot see in code: imports of computed paths, code made at run time, undeclared environment.
// Works on the bundle, so code that was shaken out is not blamed, and names places in the sources.

import { parse } from 'acorn';
import type { AnyNode, Program } from 'acorn';

import type { OriginalPlace, SourceMap } from '../../util/source-map.ts';

/** A node with those that contain it, innermost last. */
interface Visit {
  readonly node: AnyNode;
  readonly parent: AnyNode | undefined;
}

/** The identifiers that stand for `process` and for `process.env`. */
interface ProcessNames {
  readonly process: ReadonlySet<string>;
  readonly env: ReadonlySet<string>;
}

/** Cheap enough for every bundle; only one that matches is parsed. */
const MAY_BE_UNSOUND = /\bimport\s*\(|\beval\b|\bFunction\b|\bprocess\b/;
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
  walk({ node: program, parent: undefined }, (visit) => {
    for (const found of [codeMadeAtRunTime(visit), ...environmentUses(visit, names)]) {
      if (found === undefined || declared.includes(found)) continue;
      const text = found.includes(' ')
        ? found
        : `uses the environment variable ${found}, which is not declared in env`;
      sentences.add(text + placeText(map.at(visit.node.start)));
    }
  });
  return [...sentences];
}

function walk(visit: Visit, act: (visit: Visit) => void): void {
  act(visit);
  for (const value of Object.values(visit.node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) walk({ node: child, parent: visit.node }, act);
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** `process` may also be imported, whole or in parts. */
function processNames(program: Program): ProcessNames {
  const process = new Set(['process']);
  const env = new Set<string>();
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    if (node.source.value !== 'process' && node.source.value !== 'node:process') continue;
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier') process.add(specifier.local.name);
      else if (nameOf(specifier.imported) === 'env') env.add(specifier.local.name);
    }
  }
  return { process, env };
}

function codeMadeAtRunTime({ node, parent }: Visit): string | undefined {
  if (node.type === 'ImportExpression') {
    return literalText(node.source) === undefined
      ? 'imports a module by a computed name'
      : undefined;
  }
  if (node.type !== 'Identifier' || parent === undefined || isPropertyName({ node, parent }))
    return;
  if (node.name === 'eval') return 'uses eval';
  const called = parent.type === 'NewExpression' || parent.type === 'CallExpression';
  if (node.name === 'Function' && called && parent.callee === node) {
    return 'makes a function from text with Function';
  }
  return undefined;
}

/** Names of variables, or a sentence where the names cannot be told. */
function environmentUses({ node, parent }: Visit, names: ProcessNames): readonly string[] {
  if (parent === undefined) return [];
  if (isProcess(node, names) && !isPropertyName({ node, parent })) {
    return destructured(node, parent)?.some((name) => name === 'env' || name === undefined) === true
      ? [WHOLE_ENVIRONMENT]
      : [];
  }
  if (!isEnvironment(node, names) || isPropertyName({ node, parent })) return [];
  if (parent.type === 'ImportSpecifier') return [];
  if (parent.type === 'MemberExpression' && parent.object === node) {
    const name = parent.computed ? literalText(parent.property) : nameOf(parent.property);
    return [name ?? 'uses an environment variable by a computed name'];
  }
  const taken = destructured(node, parent) ?? [undefined];
  return taken.map((name) => name ?? WHOLE_ENVIRONMENT);
}

function isProcess(node: AnyNode, names: ProcessNames): boolean {
  if (node.type === 'Identifier') return names.process.has(node.name);
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    (node.object.name === 'globalThis' || node.object.name === 'global') &&
    nameOf(node.property) === 'process'
  );
}

function isEnvironment(node: AnyNode, names: ProcessNames): boolean {
  if (node.type === 'Identifier') return names.env.has(node.name);
  return (
    node.type === 'MemberExpression' &&
    isProcess(node.object, names) &&
    nameOf(node.property) === 'env'
  );
}

/** Names that `const { a, b } = node` takes, `undefined` for one that cannot be told; `undefined` for other parents. */
function destructured(node: AnyNode, parent: AnyNode): (string | undefined)[] | undefined {
  const pattern =
    parent.type === 'VariableDeclarator' && parent.init === node
      ? parent.id
      : parent.type === 'AssignmentExpression' && parent.right === node
        ? parent.left
        : undefined;
  if (pattern?.type !== 'ObjectPattern') return undefined;
  return pattern.properties.map((property) => {
    if (property.type === 'RestElement') return undefined;
    return property.computed ? literalText(property.key) : nameOf(property.key);
  });
}

/** True for `a` in `x.a` and in `{ a: x }`: the name of a property, not of a variable. */
function isPropertyName({ node, parent }: Visit): boolean {
  if (parent?.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent?.type === 'Property') {
    return parent.key === node && !parent.computed && !parent.shorthand;
  }
  return parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition'
    ? parent.key === node && !parent.computed
    : false;
}

function nameOf(node: AnyNode): string | undefined {
  return node.type === 'Identifier' ? node.name : literalText(node);
}

/** The text of a string that is written out; `undefined` for everything else. */
function literalText(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

function placeText(place: OriginalPlace | undefined): string {
  return place === undefined ? '' : ` (${place.source}:${place.line})`;
}
