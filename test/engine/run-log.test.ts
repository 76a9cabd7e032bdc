import { describe, expect, test } from 'vitest';

import { inputJobs, RunLog } from '../../src/engine/run-log.ts';
import { jobId } from '../../src/model/ids.ts';
import type { JobId } from '../../src/model/ids.ts';
import type { InputRefs } from '../../src/model/manifest.ts';

const id = (number: number): JobId => jobId('dev', number);
const inputs = (...jobs: number[]): InputRefs => ({
  options: {},
  datasets: {},
  jobs: { of: jobs.map(id) },
});

describe('the log of a run', () => {
  test('finds the chain of jobs that decided how long the run took', () => {
    const log = new RunLog();
    log.executed({ id: id(0), method: 'import' }, inputs(), { total: 100, tailMs: 0 });
    log.executed({ id: id(1), method: 'fast' }, inputs(0), { total: 10, tailMs: 0 });
    log.executed({ id: id(2), method: 'slow' }, inputs(0), { total: 500, tailMs: 0 });
    log.executed({ id: id(3), method: 'join' }, inputs(1, 2), { total: 20, tailMs: 0 });
    log.executed({ id: id(4), method: 'alone' }, inputs(), { total: 550, tailMs: 0 });
    expect(log.criticalPath().map(({ method }) => method)).toEqual(['import', 'slow', 'join']);
  });

  test('has no critical path when a single job ran', () => {
    const log = new RunLog();
    log.executed({ id: id(0), method: 'import' }, inputs(), { total: 100, tailMs: 0 });
    expect(log.criticalPath()).toEqual([]);
  });

  test('reports a slice that took more than twice the median, in jobs of a second and more', () => {
    const log = new RunLog();
    log.executed({ id: id(0), method: 'even' }, inputs(), {
      total: 3,
      analysis: [1000, 1100, 1900],
      tailMs: 1000,
    });
    log.executed({ id: id(1), method: 'skewed' }, inputs(), {
      total: 9,
      analysis: [900, 4000, 1000],
      tailMs: 3000,
    });
    log.executed({ id: id(2), method: 'short' }, inputs(), {
      total: 1,
      analysis: [1, 900, 1],
      tailMs: 900,
    });
    expect(log.skew).toEqual([{ job: id(1), method: 'skewed', slowestMs: 4000, medianMs: 1000 }]);
  });

  test('does not report slices that began when others had done their work', () => {
    const log = new RunLog();
    // Two threads: the first two slices share all there is to do.
    log.executed({ id: id(0), method: 'csvexport' }, inputs(), {
      total: 4100,
      analysis: [4000, 4000, 10, 10, 10, 10],
      tailMs: 30,
    });
    expect(log.skew).toEqual([]);
  });

  test('keeps a job as built when it is reused later in the same run', () => {
    const log = new RunLog();
    log.count('built', id(7));
    log.count('reused', id(7));
    expect(log.jobs()).toEqual([{ job: id(7), state: 'built' }]);
    expect(log.counts).toMatchObject({ built: 1, reused: 1 });
  });
});

test('input jobs are those of datasets, jobs and files in options, each once', () => {
  const refs: InputRefs = {
    options: { list: [{ $jobFile: { job: id(3), name: 'a', sliced: false } }] },
    datasets: {
      one: { job: id(1), name: 'default' },
      none: null,
      many: [{ job: id(2), name: 'x' }],
    },
    jobs: { one: id(1), many: [id(4), id(2)] },
  };
  expect([...inputJobs(refs)].toSorted()).toEqual([id(1), id(2), id(3), id(4)]);
});
