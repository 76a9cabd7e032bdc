// The name of a package within a specifier. Unaware of what is installed.

const PACKAGE_NAME = /^(?:@[^/]+\/)?[^/]+/;

/** Returns the name of the package that a bare specifier leads into: `@scope/name` of `@scope/name/part.js`. */
export function packageNameOf(specifier: string): string {
  return PACKAGE_NAME.exec(specifier)?.[0] ?? specifier;
}
