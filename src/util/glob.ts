// File name patterns: `*` and `?` within one name, `**` across directories, `[a-z]` and `{a,b}`.
// A subset of what shells do; Node's own matcher exists from version 22 only.

/** Returns a test for `/`-separated relative names. Names that start with a dot match only a pattern with that dot. */
export function globMatcher(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${translate(pattern)}$`, 'su');
  return (name) => expression.test(name);
}

const NOT_HIDDEN = String.raw`(?!\.)`;

function translate(pattern: string): string {
  let out = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const startsName = at === 0 || pattern[at - 1] === '/';
    if (pattern.startsWith('**/', at) && startsName) {
      out += String.raw`(?:${NOT_HIDDEN}[^/]+/)*`;
      at += 2;
    } else if (pattern.slice(at) === '**' && startsName) {
      out += String.raw`${NOT_HIDDEN}[^/]+(?:/${NOT_HIDDEN}[^/]+)*`;
      at += 1;
    } else if (char === '*') out += `${startsName ? NOT_HIDDEN : ''}[^/]*`;
    else if (char === '?') out += `${startsName ? NOT_HIDDEN : ''}[^/]`;
    else if (char === '[' && classEnd(pattern, at) !== -1) {
      const end = classEnd(pattern, at);
      out += characterClass(pattern.slice(at + 1, end));
      at = end;
    } else if (char === '{' && pattern.includes('}', at)) {
      depth++;
      out += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      out += ')';
    } else if (char === ',' && depth > 0) out += '|';
    else out += char.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`);
  }
  return out;
}

function classEnd(pattern: string, at: number): number {
  return pattern.indexOf(']', at + 2);
}

function characterClass(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^');
  const members = (negated ? body.slice(1) : body).replaceAll(
    /[\\\][^&|~()/{}.$*+?]/gu,
    String.raw`\$&`,
  );
  return `[${negated ? '^/' : ''}${members}]`;
}
