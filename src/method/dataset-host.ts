// What dataset handles need from whoever made them: where jobs lie, how to make a Job handle, whom to tell about rows.

import type { JobId } from '../model/ids.ts';
import type { Job } from './job.ts';

/** Where an iteration is, for the message of an error that leaves it. */
export interface ReadPosition {
  /** As `dev-42/NAME`. */
  readonly dataset: string;
  readonly sliceno: number;
  /** Row within the slice, from 0: the last one that was handed out. */
  readonly row: number;
}

/** The surroundings of dataset handles. One object serves all handles of a stage or a build script. */
export interface DatasetHost {
  /** Absolute path of the directory of a job. */
  readonly jobPath: (job: JobId) => string;
  /** Makes the handle that `dataset.job` gives. */
  readonly job: (job: JobId) => Job;
  /** Called with the number of rows read since the last call, once per record batch. */
  readonly onRows?: (count: number) => void;
  /** Called when a loop over rows is left before its end, by `break` or by an error. */
  readonly onLeave?: (position: ReadPosition) => void;
}
