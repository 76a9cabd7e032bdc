// A project in a temporary directory whose code is bundled for real, against a stand-in for the engine's package.

import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { LoadBundler } from '../../src/key/code/code-bundle.ts';
import { loadEsbuild } from '../../src/key/code/current-code.ts';
import { MethodCatalog } from '../../src/key/method-catalog.ts';
import type { BrokenMethod, LoadedMethod } from '../../src/key/method-catalog.ts';
import type { MethodShape } from '../../src/model/method-shape.ts';

const ENGINE = 'export const defineMethod = (method) => method;\nexport const z = {};\n';

/** Writes, bundles and describes. Removed when it goes out of scope. */
export class CodeProject {
  #base: string;
  /** Calls of the bundler, with the entries of each. */
  readonly bundled: string[][] = [];
  /** Names of the methods that were described. */
  readonly described: string[] = [];
  /** Called each time the bundler has done its work. */
  afterBundling: () => void = () => {};

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.#base = realpathSync(mkdtempSync(join(tmpdir(), 'acc key-')));
    this.write({
      '../engine/package.json': '{"name":"acc-engine","type":"module","exports":"./index.js"}',
      '../engine/index.js': ENGINE,
      ...files,
    });
  }

  get root(): string {
    return join(this.#base, 'project');
  }

  get cacheDirectory(): string {
    return join(this.root, '.acc');
  }

  get engineDirectory(): string {
    return join(this.#base, 'engine');
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true });
  }

  /** Moves everything, the engine as well, to another directory. */
  move(): void {
    const target = realpathSync(mkdtempSync(join(tmpdir(), 'acc moved-')));
    rmSync(target, { recursive: true });
    renameSync(this.#base, target);
    this.#base = target;
  }

  readonly loadBundler: LoadBundler = async () => {
    const build = await loadEsbuild();
    return async (options) => {
      const entries = options.entryPoints as { in: string }[];
      this.bundled.push(entries.map((entry) => entry.in.slice(this.root.length + 1)));
      const result = await build(options);
      this.afterBundling();
      return result;
    };
  };

  /** Opens a new catalog, as a new run does. */
  catalog(): MethodCatalog {
    return MethodCatalog.open({
      projectDirectory: this.root,
      methodDirectories: [this.path('methods')],
      standardDirectory: join(this.engineDirectory, 'methods'),
      cacheDirectory: this.cacheDirectory,
      engineDirectory: this.engineDirectory,
      engineVersion: '1.0.0',
      describe: async (bundle, source) => {
        this.described.push(source.name);
        return describeStandIn(bundle);
      },
      loadBundler: this.loadBundler,
    });
  }

  /** Loads one method in a new catalog. */
  async load(name: string): Promise<LoadedMethod | BrokenMethod> {
    const catalog = this.catalog();
    const loaded = (await catalog.load([name])).get(name)!;
    catalog.save();
    return loaded;
  }

  /** Loads one method in a new catalog; throws when it is broken. */
  async method(name: string): Promise<LoadedMethod> {
    const loaded = await this.load(name);
    if (!loaded.ok) throw loaded.error;
    return loaded;
  }

  /** Digest of a method's code, as a new run sees it. */
  async digest(name: string): Promise<string> {
    return (await this.method(name)).code.digest;
  }

  [Symbol.dispose](): void {
    rmSync(this.#base, { recursive: true, force: true });
  }
}

/** Text of a method whose synthesis returns `expression`. */
export function methodText(expression: string, imports = ''): string {
  return `import { defineMethod } from 'acc-engine';
${imports}
export default defineMethod({ synthesis: () => ${expression} });
`;
}

/** Runs the synthesis of a method's bundle. */
export async function runBundle(bundle: string): Promise<unknown> {
  const definition = await importDefault(bundle);
  return (definition as { synthesis: () => unknown }).synthesis();
}

async function describeStandIn(bundle: string): Promise<MethodShape> {
  const definition = (await importDefault(bundle)) as { env?: readonly string[] };
  return {
    description: '',
    options: [],
    datasets: {},
    jobs: {},
    stages: ['synthesis'],
    dependsOn: [],
    env: definition.env ?? [],
    equivalentTo: [],
  };
}

/** Node's own `import()`: the test runner's would rewrite the bundle, and with it the places in stack traces. */
const importNatively = createRequire(import.meta.url)('./import-natively.cjs') as (
  url: string,
) => Promise<{ readonly default: unknown }>;

/** Imports a bundle and returns its default export. */
export async function importDefault(bundle: string): Promise<unknown> {
  const module = await importNatively(pathToFileURL(bundle).href);
  return module.default;
}
