// `acc types`: writes the types of all methods, as every run does too.

import { writeMethodTypes } from '../../key/methods-types.ts';
import { shownPath } from '../../report/presentation.ts';
import { plural } from '../../util/quantity.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print } from '../output.ts';
import { bundlePlace } from '../project/engine-package.ts';
import { openCatalog } from '../project/open-catalog.ts';
import { loadProject } from '../project/project.ts';

/** Writes `.acc/methods.d.ts` and tells where it is. */
export async function types(invocation: Invocation): Promise<number> {
  const { process } = invocation;
  const project = await loadProject(invocation);
  const sources = openCatalog(project).sources();
  const path = writeMethodTypes({ ...bundlePlace(project), sources });
  const shown = shownPath(path, presentationFor(process, process.stdout));
  print([`${shown}  types of ${plural(sources.length, 'method')}`], process);
  return 0;
}
