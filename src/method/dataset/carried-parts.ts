// What one stage hands to the next of a dataset that is not finished: finished slices, and rows that await their slice.

import type { SlicePart, SpillPart } from '../../data/manifest/dataset-part.ts';
import type { OpenDataset } from '../../model/stage.ts';
import type { DatasetSlices } from './dataset-slices.ts';
import { splitMixed } from './writing-mistakes.ts';

/** The parts that earlier stages have written, by the name of their dataset. */
export class CarriedParts {
  readonly #parts: ReadonlyMap<string, readonly (SlicePart | SpillPart)[]>;

  constructor(openDatasets: readonly OpenDataset[]) {
    this.#parts = new Map(
      openDatasets.map(({ name, parts }) => [
        name,
        Object.values(parts) as readonly (SlicePart | SpillPart)[],
      ]),
    );
  }

  /** The slices of a dataset; none where there is no such dataset. */
  slicesOf(name: string): readonly SlicePart[] {
    return (this.#parts.get(name) ?? []).filter(isSlice);
  }

  /** The split rows of a dataset; none where analysis has written slice by slice. Throws `UsageError` for both. */
  spillsOf(name: string): readonly SpillPart[] {
    const spills = (this.#parts.get(name) ?? []).filter(isSpill);
    if (spills.length > 0 && this.slicesOf(name).some(({ rows }) => rows > 0)) {
      throw splitMixed(name);
    }
    return spills;
  }
}

/** What this stage has written of a dataset, for the next one. */
export function openDataset({ name, declaration, parts, spill }: DatasetSlices): OpenDataset {
  const all = spill === undefined ? parts : [...parts, spill];
  return {
    name,
    declaration,
    parts: Object.fromEntries(all.map((part) => [part.sliceno, part])),
    ...(spill === undefined ? {} : { toGather: true }),
  };
}

function isSlice(part: SlicePart | SpillPart): part is SlicePart {
  return !isSpill(part);
}

function isSpill(part: SlicePart | SpillPart): part is SpillPart {
  return 'targets' in part;
}
