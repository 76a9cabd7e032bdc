// What compressing data files saves and costs, for the columns of the table that operations are measured with.
// In one thread and one process; text and numbers are written from memory, so that nothing but the writing is measured.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Dataset } from '../src/method/dataset/dataset.ts';
import { openStageDatasets } from '../src/method/dataset/stage-datasets.ts';
import type { Job } from '../src/method/job/job.ts';
import { COMPRESSIONS } from '../src/model/column-type.ts';
import type { Compression } from '../src/model/column-type.ts';
import { jobId } from '../src/model/ids.ts';
import type { Bench, Row } from './lib/bench.ts';
import { median } from './lib/in-turn.ts';
import { TABLE_TYPES } from './lib/table-csv.ts';

const ROWS = 65_536 * 8;
const ROUNDS = 5;
const WORDS = 'amber birch cedar delta ember fjord grove heath islet jetty knoll larch'.split(' ');

/** Bytes per row, and time to write and read, with each codec. */
export const compression: Bench = { name: 'compression', measure };

interface Figures {
  readonly bytes: number;
  readonly write: number;
  readonly sum: number;
  readonly text: number;
}

function measure(): readonly Row[] {
  const batch = makeBatch();
  const rounds = Array.from({ length: ROUNDS }, () =>
    COMPRESSIONS.map((codec) => measureOne(codec, batch)),
  );
  return COMPRESSIONS.map((codec, i) => {
    const of = (key: keyof Figures): number =>
      median(rounds.map((figures) => figures[i]?.[key] ?? 0));
    const perRow = (key: keyof Figures): string => `${((of(key) * 1e6) / ROWS).toFixed(1)} ns`;
    return {
      what: `six columns, compression ${codec}`,
      figure:
        `${(of('bytes') / ROWS).toFixed(1)} bytes per row; per row: write ${perRow('write')}, ` +
        `sum of float64 ${perRow('sum')}, iterate over text ${perRow('text')}`,
    };
  });
}

function measureOne(codec: Compression, batch: ReturnType<typeof makeBatch>): Figures {
  const root = mkdtempSync(join(tmpdir(), 'acc-compression-'));
  try {
    const job = jobId('dev', 0);
    const host = { jobPath: () => root, job: () => ({ id: job }) as Job };
    const stage = openStageDatasets({
      job,
      path: root,
      slices: 1,
      stage: { name: 'synthesis' },
      openDatasets: [],
      finishedDatasets: [],
      host,
    });
    const writer = stage.create({ columns: TABLE_TYPES, compression: codec });
    const [dataset, write] = timed(() => {
      writer.setSlice(0);
      writer.writeBatch(batch);
      return writer.finish();
    });
    const sum = best(() => sumOf(dataset));
    const text = best(() => lengthOf(dataset));
    return { bytes: statSync(join(root, 'DS/default.0.arrow')).size, write, sum, text };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function sumOf(dataset: Dataset<typeof TABLE_TYPES>): number {
  let sum = 0;
  for (const { columns, length } of dataset.batches(0, ['price'])) {
    for (let i = 0; i < length; i++) sum += columns.price[i] ?? 0;
  }
  return sum;
}

function lengthOf(dataset: Dataset<typeof TABLE_TYPES>): number {
  let length = 0;
  for (const text of dataset.iterate(0, 'text')) length += text.length;
  return length;
}

function timed<T>(work: () => T): readonly [T, number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

/** The shortest of several times, as other work on the machine only ever adds to them. */
function best(work: () => unknown): number {
  return Math.min(...Array.from({ length: 7 }, () => timed(work)[1]));
}

function makeBatch(): {
  readonly [Name in 'id' | 'ts']: BigInt64Array;
} & { readonly user: string[]; readonly price: Float64Array; readonly flag: Uint8Array } & {
  readonly text: string[];
} {
  let state = 20_240_229;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const users = Array.from({ length: 100_000 }, () =>
    (random(2 ** 31) * 2 ** 20).toString(36).padStart(10, '0').slice(0, 8),
  );
  const word = (): string => WORDS[random(WORDS.length)] ?? '';
  const all = Array.from({ length: ROWS }, (_, i) => i);
  return {
    id: BigInt64Array.from(all, BigInt),
    user: all.map(() => users[random(users.length)] ?? ''),
    price: Float64Array.from(all, () => random(10_000_000) / 100),
    ts: BigInt64Array.from(all, () => BigInt(1_546_300_800 + random(157_680_000)) * 1_000_000n),
    flag: Uint8Array.from(all, () => random(2)),
    text: all.map(() => `${word()} ${word()} ${word()} ${random(100)}`),
  };
}
