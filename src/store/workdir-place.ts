// Where a workdir lies and what its parts are called.

import { join } from 'node:path';

import { jobId, splitJobId } from '../model/ids.ts';
import type { IndexDatabase } from './database.ts';

/** Where a workdir lies. */
export interface WorkdirPlace {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** A workdir whose index is open. */
export interface IndexedWorkdir extends WorkdirPlace {
  readonly index: IndexDatabase;
}

/** Path of a workdir's index. */
export function indexPath(place: WorkdirPlace): string {
  return join(place.path, 'acc.sqlite');
}

/** Path of a job's directory, whether it exists or not. */
export function jobPath(place: WorkdirPlace, number: number): string {
  return `${place.path}/${jobId(place.name, number)}`;
}

/** The number of a job whose directory or id is called `name`; `undefined` when it is none of this workdir. */
export function jobNumber(place: WorkdirPlace, name: string): number | undefined {
  const parts = splitJobId(name);
  return parts?.workdir === place.name ? parts.number : undefined;
}
