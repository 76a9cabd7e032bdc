// Prints the milliseconds from opening the catalog of a project to having the digest of every method.
// Methods are not imported: their shape is a stand-in, so that what is measured is identity alone.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MethodCatalog } from '../../src/key/method-catalog.ts';
import type { MethodShape } from '../../src/model/method-shape.ts';

const SHAPE: MethodShape = {
  description: '',
  options: [],
  datasets: {},
  jobs: {},
  stages: [],
  dependsOn: [],
  env: [],
  equivalentTo: [],
};

const project = process.argv[2] ?? '';
const engineDirectory = fileURLToPath(new URL('../../..', import.meta.url));
const startedAt = performance.now();
const catalog = MethodCatalog.open({
  projectDirectory: project,
  methodDirectories: [join(project, 'methods')],
  standardDirectory: join(project, 'none'),
  cacheDirectory: join(project, '.acc'),
  engineDirectory,
  engineVersion: 'bench',
  describe: () => Promise.resolve(SHAPE),
});
const names = catalog.sources().map(({ name }) => name);
const stale = names.filter((name) => catalog.cached(name) === undefined);
if (stale.length > 0) await catalog.load(stale);
console.log(JSON.stringify({ ms: performance.now() - startedAt, methods: names.length }));
