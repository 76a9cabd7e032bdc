// Turns the way in which a stage ended into the failure of its job.

import type { FailedStage } from '../model/failure.ts';
import type { StageTask } from '../model/stage.ts';
import type { ExecFailure, JobRun } from './job-run.ts';
import type { StageEnd } from './protocol.ts';
import { lastLines, outputFile } from './stage-output.ts';

/** Lines of output that a failure repeats. */
const LAST_LINES = 20;

type Stage = StageTask['stage'];
type EndedStage = Extract<StageEnd, { readonly kind: 'ended' }>;

/** Describes a stage that ended badly by itself. */
export function describeEnd(
  end: Exclude<StageEnd, EndedStage>,
  stage: Stage,
  job: JobRun,
): ExecFailure {
  const facts = stageFacts(stage, job);
  switch (end.kind) {
    case 'threw':
      return { ...facts, kind: 'threw', error: end.error, status: end.status };
    case 'exited':
      return { ...facts, kind: 'exited', exitCode: end.exitCode, signal: end.signal };
    case 'out_of_memory':
      return { ...facts, kind: 'out_of_memory', limitMb: end.limitMb };
    case 'invalid_output':
      return { ...facts, kind: 'invalid_output', message: end.message };
    case 'terminated':
      throw new Error('Internal error: a stage was terminated without a reason');
  }
}

/** A job that was stopped from outside. */
export interface StoppedJob {
  readonly job: JobRun;
  readonly reason: 'timed_out' | 'cancelled';
  /** The stage that ran, or was to run next. */
  readonly stage: Stage;
  readonly wasForced: boolean;
}

/** Describes a job that was stopped from outside, however its stages ended then. */
export function describeStop({ job, reason, stage, wasForced }: StoppedJob): ExecFailure {
  const facts = stageFacts(stage, job);
  if (reason === 'cancelled') return { ...facts, kind: 'cancelled' };
  return {
    ...facts,
    kind: 'timed_out',
    timeoutMs: job.limits.timeoutMs ?? 0,
    stopped: wasForced ? 'terminated' : 'by_itself',
  };
}

/** The failure of an analysis in which some slices finished early and some did not; `undefined` when all agree. */
export function describeDisagreement(
  ends: readonly EndedStage[],
  job: JobRun,
): ExecFailure | undefined {
  const early = slicesThat(ends, true);
  const late = slicesThat(ends, false);
  if (early.length === 0 || late.length === 0) return undefined;
  return {
    ...stageFacts({ name: 'analysis', sliceno: early[0] ?? 0 }, job),
    kind: 'invalid_output',
    message: `\`finishEarly\` must be called in all slices or in none, but ${slices(early)} called it and ${slices(late)} did not`,
  };
}

function slicesThat(ends: readonly EndedStage[], finishedEarly: boolean): number[] {
  return ends.flatMap(({ reply }, sliceno) =>
    reply.finishedEarly === finishedEarly ? [sliceno] : [],
  );
}

/** Names slices in words, the first few of them. */
function slices(numbers: readonly number[]): string {
  const [first] = numbers;
  if (numbers.length === 1) return `slice ${first}`;
  const shown = numbers.slice(0, 5);
  const more = numbers.length - shown.length;
  return more > 0
    ? `slices ${shown.join(', ')} and ${more} more`
    : `slices ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function stageFacts(
  stage: Stage,
  job: JobRun,
): { readonly stage: FailedStage; readonly lastOutput: readonly string[] } {
  return { stage, lastOutput: lastLines(outputFile(job.task.path, stage), LAST_LINES) };
}
