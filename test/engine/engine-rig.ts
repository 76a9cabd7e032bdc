// An index in a temporary workdir, with what the engine looks inputs up in, and requests made to order.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach } from 'vitest';

import { InputContent } from '../../src/engine/input-content.ts';
import type { UsableMethod } from '../../src/engine/method-lookup.ts';
import { Workdirs } from '../../src/engine/workdirs.ts';
import { FileDigests } from '../../src/key/file-digest.ts';
import { jobKeyOf } from '../../src/key/job-key.ts';
import type { JobKey } from '../../src/model/ids.ts';
import type { DatasetRecord, InputRefs, Manifest } from '../../src/model/manifest.ts';
import type { MethodCode, MethodShape } from '../../src/model/method-shape.ts';
import type { FinishedJob } from '../../src/store/lookup.ts';
import { digestOf, keyOf, makeJob, temporaryDirectory } from '../store/workdir-rig.ts';
import type { JobToMake } from '../store/workdir-rig.ts';

const open: Workdirs[] = [];

afterEach(() => {
  for (const workdirs of open.splice(0)) workdirs.close();
});

/** What goes into a key, as far as a test says it. */
export interface RequestParts {
  readonly code?: Partial<MethodCode>;
  readonly shape?: Partial<MethodShape>;
  readonly inputs?: Partial<InputRefs>;
}

/** The engine's surroundings in a directory of their own. */
export class EngineRig {
  readonly directory: string = temporaryDirectory();
  readonly workdirs: Workdirs;
  readonly content: InputContent;
  #made = 0;

  constructor() {
    this.workdirs = new Workdirs({
      paths: { dev: join(this.directory, 'dev') },
      target: 'dev',
      slices: 2,
    });
    open.push(this.workdirs);
    const files = FileDigests.open(join(this.directory, 'cache'));
    const inputDirectory = this.directory;
    this.content = new InputContent({ workdirs: this.workdirs, files, inputDirectory });
  }

  /** Writes a file below the directory, which is the input directory too. */
  write(name: string, text: string): void {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Makes a finished job; its key is its own unless one is given. */
  job(parts: JobToMake = {}, key: JobKey = keyOf(`job ${++this.#made}`)): Promise<FinishedJob> {
    return makeJob(this.workdirs.target, key, parts);
  }

  /** A method in `methods/rank.ts` below the directory. */
  method({ code = {}, shape = {} }: RequestParts = {}): UsableMethod {
    return {
      code: {
        name: 'rank',
        file: join(this.directory, 'methods/rank.ts'),
        digest: digestOf('code'),
        bundle: '/none',
        packages: {},
        unsound: [],
        ...code,
      },
      shape: {
        description: '',
        options: [],
        datasets: {},
        jobs: {},
        stages: ['synthesis'],
        dependsOn: [],
        env: [],
        equivalentTo: [],
        ...shape,
      },
    };
  }

  /** The manifest of a build. */
  async manifest(parts: RequestParts): Promise<Manifest> {
    const inputs = { options: {}, datasets: {}, jobs: {}, ...parts.inputs };
    const { manifest } = await this.content.of({ ...this.method(parts), inputs }, 2);
    return manifest;
  }

  /** The key of a build. */
  async key(parts: RequestParts): Promise<JobKey> {
    return jobKeyOf(await this.manifest(parts));
  }
}

/** A dataset of one column of each name, with content that stands for its text. */
export function datasetRecord(
  name: string,
  columns: Readonly<Record<string, string>>,
  more: Partial<DatasetRecord> = {},
): DatasetRecord {
  const entries = Object.entries(columns);
  return {
    name,
    digest: digestOf(JSON.stringify(entries)),
    rows: 1,
    previous: null,
    hashlabel: null,
    columns: Object.fromEntries(
      entries.map(([column, text]) => [column, { type: 'int32', digest: digestOf(text) }]),
    ),
    files: {},
    ...more,
  };
}
