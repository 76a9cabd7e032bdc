// Tells whether a value that was read, as JSON, has the members that its readers follow, of the kinds they expect.
// Members that are not asked for may be anything: a newer acc may have added them.

type Kind = 'boolean' | 'number' | 'object' | 'scalar' | 'string';

/** What a value must be: of a kind, made of parts of one shape, or an object with these members at least. */
export type Shape = Kind | readonly ['list' | 'nullable' | 'record', Shape] | Members;
interface Members {
  readonly [name: string]: Shape;
}

/** Tells whether a value has a shape; `scalar` is a number, text, a boolean or `null`. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'string') return isKind(value, shape);
  if (!isMembers(shape)) return isMadeOf(value, ...shape);
  return (
    isObject(value) &&
    Object.entries(shape).every(([name, member]) => hasShape(value[name], member))
  );
}

/** Tells whether a value is an object and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMadeOf(value: unknown, form: 'list' | 'nullable' | 'record', part: Shape): boolean {
  switch (form) {
    case 'nullable':
      return value === null || hasShape(value, part);
    case 'list':
      return Array.isArray(value) && value.every((each) => hasShape(each, part));
    case 'record':
      return isObject(value) && Object.values(value).every((each) => hasShape(each, part));
  }
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value === kind;
    case 'object':
      return isObject(value);
    case 'scalar':
      return value === null || ['boolean', 'number', 'string'].includes(typeof value);
  }
}

function isMembers(shape: Exclude<Shape, Kind>): shape is Members {
  return !Array.isArray(shape);
}
