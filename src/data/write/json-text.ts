// JSON text of a value, refusing everything that would come back different: JSON.stringify alone turns NaN into
// null and a Map into {} without a word. Members that are `undefined` are left out, and `toJSON` is honoured.

/** Nesting beyond this is taken for a cycle. */
const DEEPEST = 1000;

/** Writes a value as JSON; `undefined` when JSON cannot express it. */
export function encodeJson(value: unknown): string | undefined {
  return isExpressible(value, 0) ? JSON.stringify(value) : undefined;
}

function isExpressible(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth < DEEPEST && isExpressibleObject(value, depth + 1));
    case 'bigint':
    case 'undefined':
    case 'function':
    case 'symbol':
      return false;
  }
}

function isExpressibleObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) return value.every((item) => isExpressible(item, depth));
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return isExpressible(value.toJSON(), depth);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(
    (member) => member === undefined || isExpressible(member, depth),
  );
}
