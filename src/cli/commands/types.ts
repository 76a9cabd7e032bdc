// `acc types`: writes the types of all methods, as every run does too, and says which methods cannot be used.

import { writeMethodTypes } from '../../key/methods-types.ts';
import { shownPath } from '../../report/presentation.ts';
import { plural } from '../../util/quantity.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print, tell } from '../output.ts';
import { bundlePlace } from '../project/engine-package.ts';
import { openCatalog } from '../project/open-catalog.ts';
import { loadProject } from '../project/project.ts';
import { brokenText } from './broken-method.ts';

/** Writes `.acc/methods.d.ts` and tells where it is. */
export async function types(invocation: Invocation): Promise<number> {
  const { process } = invocation;
  const project = await loadProject(invocation);
  const catalog = openCatalog(project);
  const sources = catalog.sources();
  const path = writeMethodTypes({ ...bundlePlace(project), sources });
  const shown = shownPath(path, presentationFor(process, process.stdout));
  print([`${shown}  types of ${plural(sources.length, 'method')}`], process);
  const known = await catalog.load(sources.map(({ name }) => name));
  catalog.save();
  const presentation = presentationFor(process, process.stderr);
  const broken = [...known.values()].filter((one) => !one.ok);
  tell(
    broken.map((one) => `${one.source.name}  ${brokenText(one, presentation)}`),
    process,
  );
  return 0;
}
