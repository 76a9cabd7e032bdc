// Mistakes the compiler must refuse, one after each directive. Never run: test/types/types.test.ts compiles it,
// and an `@ts-expect-error` above a line that compiles is an error itself.

import { dataset, defineMethod, inputFile, job, jobFile, merge, z } from '../../src/index.ts';
import type { InputsOf, Job, ResultOf } from '../../src/index.ts';

declare const someJob: Job;

const typed = defineMethod({
  options: { limit: z.number(), mode: z.enum(['mean', 'median']).default('mean') },
  datasets: {
    source: dataset({ columns: { user: 'string', price: 'float64' } }),
    previous: dataset().optional(),
    parts: dataset().array(),
  },
  jobs: { model: job().optional() },
  prepare: () => ({ factor: 2, names: ['a'] }),
  analysis({ sliceno, prepareRes, datasets, options, jobs, ...context }) {
    // @ts-expect-error 1: an option that is not declared
    void options.limt;
    // @ts-expect-error 2: an option of another type
    options.limit.toUpperCase();
    // @ts-expect-error 3: options cannot be changed
    options.limit = 4;
    // @ts-expect-error 4: a column that is not declared
    datasets.source.iterate(sliceno, 'prise');
    for (const [user, price] of datasets.source.iterate(sliceno, ['user', 'price'])) {
      // @ts-expect-error 5: a column's value of another type
      void (user * 2);
      void price.toFixed(2);
    }
    // @ts-expect-error 6: an optional dataset may be missing
    datasets.previous.iterate(sliceno);
    // @ts-expect-error 7: a list of datasets is not a dataset
    datasets.parts.iterate(sliceno);
    // @ts-expect-error 8: an optional job may be missing
    void jobs.model.load();
    // @ts-expect-error 9: what prepare returned has no such field
    void prepareRes.facter;
    // @ts-expect-error 10: jobs cannot be built in analysis
    void context.build('other');
    return new Map([['total', prepareRes.factor]]);
  },
  synthesis({ analysisRes, datasets }) {
    const merged = merge(analysisRes);
    // @ts-expect-error 11: analysis returned a Map, not a record
    void merged.total;
    // @ts-expect-error 12: analysisRes has one entry per slice
    analysisRes.get('total');
    // @ts-expect-error 13: a dataset that is not declared
    void datasets.sources;
    return { total: merged.get('total') ?? 0 };
  },
});

// @ts-expect-error 14: the result has no such field
type Wrong = ResultOf<typeof typed>['sum'];

const right: InputsOf<typeof typed> = { limit: 3, source: someJob, parts: [someJob] };

// @ts-expect-error 15: a required option is missing
void ({ source: someJob, parts: [] } satisfies InputsOf<typeof typed>);
// @ts-expect-error 16: an unknown option in a build call
void ({ ...right, limt: 3 } satisfies InputsOf<typeof typed>);
// @ts-expect-error 17: an option of another type in a build call
void ({ ...right, limit: '3' } satisfies InputsOf<typeof typed>);
// @ts-expect-error 18: one dataset where a list is expected
void ({ ...right, parts: someJob } satisfies InputsOf<typeof typed>);
// @ts-expect-error 19: a dataset where a job is expected
void ({ ...right, model: someJob.dataset() } satisfies InputsOf<typeof typed>);
// @ts-expect-error 20: a value that is not in the enum
void ({ ...right, mode: 'max' } satisfies InputsOf<typeof typed>);

// @ts-expect-error 21: a field that methods do not have
defineMethod({ option: {} });
// @ts-expect-error 22: a column type that does not exist
dataset({ columns: { price: 'float' } });
// @ts-expect-error 23: an option that is no zod type
defineMethod({ options: { limit: 3 } });
// @ts-expect-error 24: a job where a dataset is declared
defineMethod({ datasets: { source: job() } });
// @ts-expect-error 25: a stage that is no function
defineMethod({ synthesis: 'later' });

const files = defineMethod({ options: { table: jobFile(), raw: inputFile() } });
// @ts-expect-error 26: a file name where a file in a job is expected
void ({ table: 'table.json', raw: 'a.csv' } satisfies InputsOf<typeof files>);

const bare = defineMethod({});
// @ts-expect-error 27: an input of a method that takes none
void ({ anything: 1 } satisfies InputsOf<typeof bare>);

defineMethod({
  prepare: ({ job: current }) => current.datasetWriter({ columns: { user: 'string' } }),
  analysis({ prepareRes }) {
    // @ts-expect-error 28: a value of another type than its column
    prepareRes.writeRow({ user: 3 });
    // @ts-expect-error 29: a row that lacks a column
    prepareRes.writeRow({});
  },
});

void (undefined as unknown as Wrong);
