// What the package.json of a project lacks that was there before `acc init`, as commands of npm that add it.
// It is not changed unasked: to become a module can break other scripts of the package.

/** The members of package.json that a project of acc needs. */
interface PackageFile {
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Lists commands, each with its reason, after which `present` has what `wanted` has. Both are texts of JSON. */
export function packageCommands(
  present: string,
  wanted: string,
): readonly (readonly [command: string, reason: string])[] {
  const [has, needs] = [parsed(present), parsed(wanted)];
  const installed = { ...has.dependencies, ...has.devDependencies };
  const scripts = missing('scripts', needs.scripts, has.scripts);
  const packages = [
    ...missing('dependencies', needs.dependencies, installed),
    ...missing('devDependencies', needs.devDependencies, installed),
  ];
  return [
    ...command(has.type === needs.type ? [] : [`type=${needs.type}`], MODULES),
    ...command(scripts, 'to run and to check the project by npm'),
    ...command(packages, 'what that needs'),
  ];
}

const MODULES = 'build.ts and methods are ES modules';

function missing(
  group: string,
  wanted: Readonly<Record<string, string>> = {},
  present: Readonly<Record<string, string>> = {},
): readonly string[] {
  return Object.entries(wanted)
    .filter(([name]) => present[name] === undefined)
    .map(([name, value]) => `'${group}.${name}=${value}'`);
}

function command(settings: readonly string[], reason: string): [string, string][] {
  return settings.length === 0 ? [] : [[`npm pkg set ${settings.join(' ')}`, reason]];
}

/** A text that is no JSON has nothing; npm says so when it is to add to it. */
function parsed(text: string): PackageFile {
  try {
    return (JSON.parse(text) as PackageFile | null) ?? {};
  } catch {
    return {};
  }
}
