// Jobs in a temporary directory that tests write datasets into and read them back from, without an engine.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { ColumnTypes } from '../../src/data/column-values.ts';
import { fileStem, manifestFileName } from '../../src/data/manifest/dataset-files.ts';
import { readManifest } from '../../src/data/manifest/dataset-manifest.ts';
import type { ReadPosition } from '../../src/data/read/scan.ts';
import type { DatasetHost } from '../../src/method/dataset/dataset-host.ts';
import type { DatasetWriterOptions } from '../../src/method/dataset/dataset-writer.ts';
import { Dataset } from '../../src/method/dataset/dataset.ts';
import { openStageDatasets } from '../../src/method/dataset/stage-datasets.ts';
import type {
  StageDatasets,
  StageDatasetsContext,
} from '../../src/method/dataset/stage-datasets.ts';
import type { Job } from '../../src/method/job/job.ts';
import { jobId } from '../../src/model/ids.ts';
import type { JobId } from '../../src/model/ids.ts';

/** Columns of every type, all nullable. */
export const ALL_TYPES = {
  bool: { type: 'bool', nullable: true },
  int32: { type: 'int32', nullable: true },
  int64: { type: 'int64', nullable: true },
  float64: { type: 'float64', nullable: true },
  date: { type: 'date', nullable: true },
  datetime: { type: 'datetime', nullable: true },
  string: { type: 'string', nullable: true },
  bytes: { type: 'bytes', nullable: true },
  json: { type: 'json', nullable: true },
} as const satisfies ColumnTypes;

/** Jobs with datasets. Removed when disposed of. */
export class DatasetRig implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'acc-data-'));
  /** Rows of each batch that was read. */
  readonly rowsRead: number[] = [];
  readonly left: ReadPosition[] = [];
  /** Rows that iterations were going to read; negative where one was given up. */
  readonly planned: number[] = [];
  #jobs = 0;

  readonly host: DatasetHost = {
    jobPath: (job) => join(this.root, job),
    job: (id) => ({ id }) as Job,
    onRows: (count) => this.rowsRead.push(count),
    onPlan: (rows) => this.planned.push(rows),
    onLeave: (position) => this.left.push(position),
  };

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Makes the directory of the next job. */
  newJob(): JobId {
    const id = jobId('dev', ++this.#jobs);
    mkdirSync(join(this.root, id));
    return id;
  }

  /** Starts a stage of a job; of a new one unless it is given. */
  stage(settings: Partial<StageDatasetsContext> = {}): StageDatasets {
    const job = settings.job ?? this.newJob();
    return openStageDatasets({
      job,
      path: join(this.root, job),
      slices: 2,
      stage: { name: 'synthesis' },
      openDatasets: [],
      finishedDatasets: [],
      host: this.host,
      ...settings,
    });
  }

  /** Makes a dataset in a new job, from a list of rows for each slice. */
  dataset<const Columns extends ColumnTypes>(
    options: DatasetWriterOptions<Columns>,
    slices: readonly (readonly (readonly unknown[])[])[],
  ): Dataset<Columns> {
    const stage = this.stage({ slices: slices.length });
    const writer = stage.create(options);
    for (const [sliceno, rows] of slices.entries()) {
      writer.setSlice(sliceno);
      for (const row of rows) writer.write(...(row as never[]));
    }
    const dataset: unknown = writer.finish();
    stage.end({ early: false });
    return dataset as Dataset<Columns>;
  }

  /** Makes a dataset in a new job whose columns stay where they are: in the files of some other datasets. */
  joined<Columns extends ColumnTypes>(datasets: readonly Dataset[]): Dataset<Columns> {
    const job = this.newJob();
    const manifests = datasets.map(({ ref }) => readManifest(ref, join(this.root, ref.job)));
    const [first] = manifests;
    const name = 'joined';
    const files = manifests.flatMap((manifest) => manifest.files);
    const columns = manifests.flatMap((manifest, i) => {
      const before = manifests.slice(0, i).reduce((sum, { files: own }) => sum + own.length, 0);
      return manifest.columns.map((column) => ({ ...column, file: column.file + before }));
    });
    const path = join(this.root, job, manifestFileName(fileStem(name)));
    mkdirSync(dirname(path));
    writeFileSync(path, JSON.stringify({ ...first, name, columns, files }));
    return new Dataset<Columns>({ job, name }, this.host);
  }

  /** Absolute path of a file of a dataset's job. */
  path(dataset: Dataset, file: string): string {
    return join(this.root, dataset.ref.job, file);
  }

  /** A new handle of a dataset, which reads everything anew. */
  reopen<Columns extends ColumnTypes>(
    dataset: Dataset<Columns>,
    declaredColumns?: readonly string[],
  ): Dataset<Columns> {
    return new Dataset<Columns>(dataset.ref, this.host, declaredColumns);
  }
}
