// What dataset handles need from whoever made them: where jobs lie, how to make a Job handle, whom to tell about rows.

import type { ReadPosition } from '../../data/read/scan.ts';
import type { JobId } from '../../model/ids.ts';
import type { Job } from '../job/job.ts';
import type { LinkOptions, MergeOptions } from './composing-options.ts';
import type { Dataset } from './dataset.ts';
import type { KeyedColumns } from './keyed-columns.ts';

export type { ReadPosition } from '../../data/read/scan.ts';

/** What of a handle says which columns are meant, whatever their types. */
export type ColumnsHandle = Pick<Dataset, 'ref' | 'declaredColumns'>;

/** Makes datasets of the columns of others, without copying: the running job. */
export interface DatasetComposer {
  linkDataset(dataset: ColumnsHandle | string, options?: LinkOptions): Dataset;
  mergeDatasets(
    dataset: ColumnsHandle | string,
    other: ColumnsHandle | string,
    options?: MergeOptions,
  ): Dataset;
}

/** The surroundings of dataset handles. One object serves all handles of a stage or a build script. */
export interface DatasetHost {
  /** Absolute path of the directory of a job. */
  readonly jobPath: (job: JobId) => string;
  /** Makes the handle that `dataset.job` gives. */
  readonly job: (job: JobId) => Job;
  /** Tells whether only what is in the digest of a dataset of this job may be seen: in a stage, of its inputs. */
  readonly hides?: (job: JobId) => boolean;
  /** Of a dataset that one of the running job leads to, the columns that may be read; only in stages. */
  readonly keyedColumns?: KeyedColumns;
  /** Makes datasets of others in the running job; only in stages. */
  readonly composer?: () => DatasetComposer;
  /** Called with the number of rows read since the last call, once per record batch. */
  readonly onRows?: (count: number) => void;
  /** Called when a loop begins with the rows it will read, and with what is left of them, negative, when it is given up. */
  readonly onPlan?: (rows: number) => void;
  /** Called when a loop over rows is left before its end, by `break` or by an error. */
  readonly onLeave?: (position: ReadPosition) => void;
}
