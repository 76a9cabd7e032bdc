// Opens the methods of a project: its own and those shipped with the engine.

import { pathToFileURL } from 'node:url';

import { MethodCatalog } from '../../key/method-catalog.ts';
import type { MethodSource } from '../../key/method-sources.ts';
import type { MethodShape } from '../../model/method-shape.ts';
import type { Project } from '../../model/project.ts';
import { importModule } from '../../util/import-module.ts';
import { bundlePlace, enginePackage } from './engine-package.ts';

/** Opens the catalog; a method's module is loaded only when the cache is not right about it. */
export function openCatalog(project: Project): MethodCatalog {
  return MethodCatalog.open({
    ...bundlePlace(project),
    methodDirectories: project.methodDirectories,
    standardDirectory: enginePackage().standardMethods,
    describe,
  });
}

async function describe(bundle: string, source: MethodSource): Promise<MethodShape> {
  const { describeMethod } = await import('../../method/definition/describe-method.ts');
  const { watchModules } = await import('../../method/inputs/purity-watch.ts');
  watchModules();
  const module = await importModule(pathToFileURL(bundle).href);
  return describeMethod(module, source.file);
}
