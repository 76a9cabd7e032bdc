// What a Job handle needs from whoever made it: where jobs lie, and what may be done with them there.

import type { JobId } from '../../model/ids.ts';
import type { WorkdirPaths } from '../../model/stage.ts';
import type { DatasetComposer, ReadPosition } from '../dataset/dataset-host.ts';
import type { InputDataset } from '../dataset/keyed-columns.ts';

/** A link from the result directory to a file of a job. */
export interface LinkRequest {
  /** Absolute path of the job's directory. */
  readonly jobPath: string;
  /** Id of the job. */
  readonly job: JobId;
  /** Name of the file in the job. */
  readonly name: string;
  /** Name of the link, relative to the result directory; the file's base name if not set; a trailing `/` means inside that directory. */
  readonly linkName?: string;
  readonly header?: string;
  readonly description?: string;
}

/** The surroundings of a Job handle. One object serves all handles of a build script, one all of a stage. */
export interface JobHost {
  readonly workdirs: WorkdirPaths;
  /** A build script sees everything; a stage only what is in its key. */
  readonly place: 'build_script' | 'stage';
  /** The running job; only in stages. */
  readonly ownJob?: JobId;
  /** The input datasets of the running job; only in stages. */
  readonly inputDatasets?: readonly InputDataset[];
  /** Makes a link and returns its absolute path; only in build scripts. */
  readonly linkResult?: (link: LinkRequest) => string;
  /** What makes datasets of others in the running job; only in stages. */
  readonly composer?: () => DatasetComposer;
  /** Called with the number of rows read since the last call; only in stages. */
  readonly onRows?: (count: number) => void;
  /** Called with the rows that a loop over a dataset is going to read; negative when it is given up. */
  readonly onPlan?: (rows: number) => void;
  /** Called when a loop over rows is left before its end; only in stages. */
  readonly onLeave?: (position: ReadPosition) => void;
}
