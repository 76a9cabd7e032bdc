// Recognises code that is chosen or made while it runs, and so is not in the bundle: computed imports, `require` by a
// computed name, modules loaded past the bundler, text that becomes code.

import type { AnyNode } from 'acorn';

import { isPropertyName, literalText, memberName, nameOf } from './syntax.ts';
import type { Visit } from './syntax.ts';

/** Stands for `require` in a bundle; the bundler declares it, with a `require` that is none of the author's. */
const REQUIRE = /^__require\d*$/;
const MACHINE = /^(?:node:)?vm$/;
/** In the line that acc itself puts before a bundle. */
const OWN_CREATE_REQUIRE = 'accCreateRequire';
const MAKES_CODE = 'makes code from text with node:vm';
const PAST_THE_BUNDLER = 'loads modules with createRequire, past the bundler';

/** Says what a node does that the key cannot see; `undefined` for nearly all. */
export function codeMadeAtRunTime(visit: Visit): string | undefined {
  const { node } = visit;
  if (node.type === 'Identifier') {
    return isPropertyName(visit) ? undefined : identifierUse(visit, node.name);
  }
  if (node.type === 'MemberExpression')
    return globalMember(node) ?? createRequireAs(memberName(node));
  // `const { createRequire } = await import('node:module')`.
  if (node.type === 'Property')
    return createRequireAs(node.computed ? undefined : nameOf(node.key));
  if (node.type === 'ImportExpression') return importedBy(literalText(node.source), 'imports');
  if (node.type === 'ImportSpecifier') {
    return node.local.name === OWN_CREATE_REQUIRE
      ? undefined
      : createRequireAs(nameOf(node.imported));
  }
  if (node.type === 'ImportDeclaration') {
    const takesNames = node.specifiers.length > 0;
    return takesNames && MACHINE.test(String(node.source.value)) ? MAKES_CODE : undefined;
  }
  if (node.type !== 'CallExpression' || memberName(node.callee) !== 'getBuiltinModule') return;
  return importedBy(argumentText(node.arguments[0]), 'loads');
}

function importedBy(name: string | undefined, does: string): string | undefined {
  if (name === undefined) return `${does} a module by a computed name`;
  return MACHINE.test(name) ? MAKES_CODE : undefined;
}

function argumentText(argument: AnyNode | undefined): string | undefined {
  return argument === undefined ? undefined : literalText(argument);
}

function createRequireAs(name: string | undefined): string | undefined {
  return name === 'createRequire' ? PAST_THE_BUNDLER : undefined;
}

/** `globalThis.eval` and `globalThis.Function`. */
function globalMember(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return undefined;
  if (node.object.name !== 'globalThis' && node.object.name !== 'global') return undefined;
  const name = memberName(node);
  return name === 'eval' ? 'uses eval' : name === 'Function' ? FUNCTION : undefined;
}

const FUNCTION = 'makes a function from text with Function';

function identifierUse(visit: Visit, name: string): string | undefined {
  const { node, parent, scope } = visit;
  if (REQUIRE.test(name)) return requireUse(node, parent);
  if (scope.declaring(name) !== undefined) return undefined;
  if (name === 'eval') return 'uses eval';
  if (name !== 'Function') return undefined;
  const isCalled = parent?.type === 'NewExpression' || parent?.type === 'CallExpression';
  const isKept =
    (parent?.type === 'VariableDeclarator' && parent.init === node) ||
    (parent?.type === 'AssignmentExpression' && parent.right === node);
  return isCalled || isKept ? FUNCTION : undefined;
}

/** A name that is written out was seen by the bundler, and `require.resolve` gives a place, which is in no key anyway. */
function requireUse(node: AnyNode, parent: AnyNode | undefined): string | undefined {
  if (parent?.type === 'CallExpression' && parent.callee === node) {
    return importedBy(argumentText(parent.arguments[0]), 'requires');
  }
  if (parent?.type === 'MemberExpression' && memberName(parent) !== undefined) return undefined;
  const isDeclared =
    (parent?.type === 'VariableDeclarator' && parent.id === node) ||
    // The bundler names the functions around old-style modules so.
    parent?.type === 'FunctionExpression';
  return isDeclared || parent?.type === 'UnaryExpression' ? undefined : REQUIRES;
}

const REQUIRES = 'hands on require, which can load any module';
