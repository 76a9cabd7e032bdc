// What the compiler must accept about methods and build calls. Never run: test/types/types.test.ts compiles it.

import { readFileSync } from 'node:fs';

import {
  dataset,
  defineConfig,
  defineMethod,
  inputFile,
  job,
  jobFile,
  merge,
  z,
} from '../../src/index.ts';
import type {
  Batch,
  ChainOptions,
  Dataset,
  InputsOf,
  Job,
  JobChainOptions,
  LinkOptions,
  ResultLinkOptions,
  ResultOf,
} from '../../src/index.ts';
import type { StageBuild } from '../../src/method/stage/subjob.ts';

/** `true` only when both types are the same, and not `any`, which is the same as everything. */
type Same<A, B> = [A, B] extends [B, A] ? (0 extends 1 & A ? false : true) : false;

function same<A, B>(_proof: Same<A, B>): void {}

declare const someJob: Job;
declare const pendingJob: PromiseLike<Job>;

const delays = defineMethod({
  description: 'Mean delay per airport',
  options: {
    minFlights: z.number().int().default(10),
    label: z.string().optional(),
    mode: z.enum(['mean', 'median']),
    table: jobFile().optional(),
    sources: z.array(inputFile()).default([]),
  },
  datasets: {
    source: dataset({ columns: { origin: 'string', delay: 'float64' } }),
    previous: dataset().optional(),
    more: dataset({ columns: { price: { type: 'int32', nullable: true } } }).array(),
  },
  jobs: { airports: job().optional(), all: job({ lineage: true }).array() },
  dependsOn: ['../data/table.json'],
  env: ['TZ'],
  version: 3,
  timeout: '5m',
  prepare({ job: current, options, datasets, jobs, slices, params, build, status, signal }) {
    same<number, typeof options.minFlights>(true);
    same<string | undefined, typeof options.label>(true);
    same<'mean' | 'median', typeof options.mode>(true);
    options.table?.resolve();
    for (const file of options.sources) readFileSync(file);
    same<number, typeof slices>(true);
    same<number, typeof params.seed>(true);
    same<AbortSignal, typeof signal>(true);
    void datasets.previous?.shape;
    jobs.airports?.chain();
    jobs.all.map((one) => one.params.jobs);
    const line = status('working');
    line.end();
    same<StageBuild, typeof build>(true);
    return current.datasetWriter({ columns: { airport: 'string', delay: 'float64' } });
  },
  analysis({ sliceno, datasets, prepareRes, slices }) {
    const counts = new Map<string, number>();
    for (const [airport, delay] of datasets.source.iterate(sliceno, ['origin', 'delay'])) {
      same<string, typeof airport>(true);
      same<number, typeof delay>(true);
      prepareRes.write(airport, delay);
      counts.set(airport, (counts.get(airport) ?? 0) + 1);
    }
    for (const one of datasets.more) {
      for (const price of one.iterate(sliceno, 'price')) same<number | null, typeof price>(true);
    }
    return { counts, rows: slices };
  },
  synthesis({ analysisRes, job: current, prepareRes }) {
    same<{ counts: Map<string, number>; rows: number }, (typeof analysisRes)[number]>(true);
    const { counts, rows } = merge(analysisRes);
    current.saveJson([...counts], 'summary.json');
    prepareRes.finish();
    return { airports: counts.size, rows };
  },
});

same<{ airports: number; rows: number }, ResultOf<typeof delays>>(true);

const inputs: InputsOf<typeof delays> = {
  mode: 'mean',
  source: someJob,
  more: [someJob.dataset('prices'), 'dev-42/prices'],
  all: [someJob, pendingJob, 'dev-42'],
};
const allInputs: InputsOf<typeof delays> = {
  ...inputs,
  minFlights: 3,
  label: 'x',
  table: someJob.withFile('table.json'),
  sources: ['a.csv'],
  previous: pendingJob,
  airports: someJob,
};
void allInputs;

// Stages in any combination.
const noStage = defineMethod({});
same<undefined, ResultOf<typeof noStage>>(true);
same<Readonly<Record<string, never>>, InputsOf<typeof noStage>>(true);
const onlyDatasets = defineMethod({ datasets: { source: dataset() } });
same<'source', keyof InputsOf<typeof onlyDatasets>>(true);

const onlySynthesis = defineMethod({ synthesis: () => 42 });
same<number, ResultOf<typeof onlySynthesis>>(true);

const asynchronous = defineMethod({
  prepare: async () => ({ started: new Date() }),
  analysis: async ({ prepareRes, sliceno }) => [prepareRes.started.getTime(), sliceno],
  async synthesis({ analysisRes, prepareRes }) {
    same<{ started: Date }, typeof prepareRes>(true);
    same<readonly number[][], typeof analysisRes>(true);
    return merge(analysisRes);
  },
});
same<number[], ResultOf<typeof asynchronous>>(true);

const nothingReturned = defineMethod({
  prepare({ job: current }) {
    current.write('a.txt', 'a');
  },
  synthesis({ prepareRes, analysisRes }) {
    same<undefined, typeof prepareRes>(true);
    same<readonly undefined[], typeof analysisRes>(true);
  },
});
same<undefined, ResultOf<typeof nothingReturned>>(true);

const sometimes = defineMethod({
  synthesis({ slices }) {
    return slices > 3 ? 'many' : undefined;
  },
});
same<'many' | undefined, ResultOf<typeof sometimes>>(true);

defineConfig({ methods: ['methods'], workdirs: { dev: 'workdirs/dev' }, slices: 4 });

// What public signatures mention can be named: the two kinds of links and chains are told apart.
declare const someDataset: Dataset;
same<Parameters<Job['linkResult']>[1], ResultLinkOptions | undefined>(true);
same<Parameters<Job['chain']>[0], JobChainOptions | undefined>(true);
same<Parameters<Dataset['linkToHere']>[0], LinkOptions | undefined>(true);
same<Parameters<Dataset['chain']>[0], ChainOptions | undefined>(true);
const [someBatch]: Batch[] = [...someDataset.batches(0)];
void someBatch;
