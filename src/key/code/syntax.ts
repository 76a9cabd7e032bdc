// Walks the syntax tree of a bundle with the scopes around each node, and reads names and texts out of nodes.
// Relies on the bundler in one point: what it wraps as `__commonJS` is a module of its own.

import type { AnyNode, Program } from 'acorn';

/** A node with the one that contains it, and the innermost scope. */
export interface Visit {
  readonly node: AnyNode;
  readonly parent: AnyNode | undefined;
  readonly scope: Scope;
}

/** The names that a module or a function declares. Those of blocks count as the function's. */
export class Scope {
  readonly isModule: boolean;
  readonly #names: ReadonlySet<string>;
  readonly #outer: Scope | undefined;

  constructor(node: AnyNode, outer?: Scope) {
    this.isModule = outer === undefined || isModuleWrapper(node);
    this.#names = declaredIn(node);
    this.#outer = outer;
  }

  /** The scope that declares a name; `undefined` for a global one. */
  declaring(name: string): Scope | undefined {
    return this.#names.has(name) ? this : this.#outer?.declaring(name);
  }
}

/** Visits every node, the outer ones first. */
export function walk(program: Program, act: (visit: Visit) => void): void {
  const enter = (node: AnyNode, parent: AnyNode | undefined, outer: Scope): void => {
    const scope = isFunction(node) ? new Scope(node, outer) : outer;
    act({ node, parent, scope });
    forEachChild(node, (child) => enter(child, node, scope));
  };
  enter(program, undefined, new Scope(program));
}

const SPECIFIERS: ReadonlySet<AnyNode['type']> = new Set<AnyNode['type']>([
  'ImportSpecifier',
  'ImportDefaultSpecifier',
  'ImportNamespaceSpecifier',
  'ExportSpecifier',
]);

/** True for `a` in `x.a`, in `{ a: x }` and in what is imported or exported: the name of a property, not of a variable. */
export function isPropertyName({ node, parent }: Pick<Visit, 'node' | 'parent'>): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent.type === 'Property') {
    return parent.key === node && !parent.computed && !parent.shorthand;
  }
  if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') {
    return parent.key === node && !parent.computed;
  }
  return SPECIFIERS.has(parent.type);
}

/** The name that a member is asked for by, whether with a dot or as text; `undefined` where it is computed. */
export function memberName(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  return node.computed ? literalText(node.property) : nameOf(node.property);
}

/** The text of a name or of a string. */
export function nameOf(node: AnyNode): string | undefined {
  return node.type === 'Identifier' ? node.name : literalText(node);
}

/** The text of a string that is written out; `undefined` for everything else. */
export function literalText(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** Names that `const { a, b } = node` takes, `undefined` for one that cannot be told; `undefined` for other parents. */
export function destructured(
  node: AnyNode,
  parent: AnyNode | undefined,
): (string | undefined)[] | undefined {
  const pattern =
    parent?.type === 'VariableDeclarator' && parent.init === node
      ? parent.id
      : parent?.type === 'AssignmentExpression' && parent.right === node
        ? parent.left
        : undefined;
  if (pattern?.type !== 'ObjectPattern') return undefined;
  return pattern.properties.map((property) => {
    if (property.type === 'RestElement') return undefined;
    return property.computed ? literalText(property.key) : nameOf(property.key);
  });
}

function forEachChild(node: AnyNode, act: (child: AnyNode) => void): void {
  for (const value of Object.values(node) as unknown[]) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) act(value);
      continue;
    }
    for (const element of value as unknown[]) if (isNode(element)) act(element);
  }
}

/** A value that no node is, such as a regular expression or a big integer, has no place in the text. */
function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isFunction(node: AnyNode): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** True for the function in `__commonJS({ "lib/old.cjs"(exports, module) { … } })`. */
function isModuleWrapper(node: AnyNode): boolean {
  if (node.type !== 'FunctionExpression') return false;
  const [first] = node.params;
  return first?.type === 'Identifier' && /^exports\d*$/.test(first.name);
}

function declaredIn(node: AnyNode): ReadonlySet<string> {
  const names = new Set<string>();
  if ('params' in node) for (const param of node.params) addNames(param, names);
  forEachChild(node, (child) => addDeclared(child, names));
  return names;
}

function addDeclared(node: AnyNode, names: Set<string>): void {
  if (node.type === 'VariableDeclarator') addNames(node.id, names);
  else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    if (node.id !== null) names.add(node.id.name);
  } else if (node.type === 'CatchClause' && node.param) addNames(node.param, names);
  else if ('local' in node && node.local.type === 'Identifier') names.add(node.local.name);
  // Expressions declare nothing but in functions of their own.
  if (isFunction(node) || node.type.endsWith('Expression')) return;
  forEachChild(node, (child) => addDeclared(child, names));
}

/** Adds the names that a pattern declares, as `a`, `b` and `c` in `{ a, x: [b = 1, ...c] }`. */
function addNames(pattern: AnyNode, names: Set<string>): void {
  if (pattern.type === 'Identifier') names.add(pattern.name);
  else if (pattern.type === 'AssignmentPattern') addNames(pattern.left, names);
  else if (pattern.type === 'RestElement') addNames(pattern.argument, names);
  else if (pattern.type === 'Property') addNames(pattern.value, names);
  else if (pattern.type === 'ArrayPattern' || pattern.type === 'ObjectPattern') {
    forEachChild(pattern, (child) => addNames(child, names));
  }
}
