// Events as an engine sends them, with everything filled in that a test does not care about.

import type { BuildEnded, Event, JobStarted, RunEnded } from '../../src/model/event.ts';
import type { JobId } from '../../src/model/ids.ts';

/** A job that begins. */
export function started(id: string, method: string, facts: Partial<JobStarted> = {}): JobStarted {
  return {
    type: 'job_started',
    job: id as JobId,
    method,
    name: method,
    slices: 4,
    expectedMs: null,
    reasons: [],
    ...facts,
  };
}

/** A build that ends. */
export function ended(
  id: string | null,
  method: string,
  state: BuildEnded['state'],
  facts: Partial<BuildEnded> = {},
): BuildEnded {
  return {
    type: 'build_ended',
    state,
    job: id as JobId | null,
    method,
    name: method,
    execMs: 1234,
    reasons: [],
    failure: null,
    ...facts,
  };
}

/** Output of a stage. */
export function printed(id: string, method: string, stage: string, text: string): Event {
  return { type: 'job_output', job: id as JobId, method, stage, text };
}

/** The end of a run. */
export function runEnded(facts: Partial<RunEnded> = {}): RunEnded {
  return {
    type: 'run_ended',
    run: 1,
    built: 3,
    reused: 7,
    failed: 0,
    skipped: 0,
    wouldBuild: 0,
    refused: 0,
    elapsedMs: 4100,
    exitCode: 0,
    stoppedAt: null,
    criticalPath: [],
    skew: [],
    ...facts,
  };
}
