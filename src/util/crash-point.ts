// Named points at which a test can kill the whole process, to show that nothing half-made survives a crash.
// `ACC_CRASH_AT=post_written` in the environment names one; `post_written:3` means the third time it is passed.

const [crashAt, times = '1'] = process.env['ACC_CRASH_AT']?.split(':') ?? [];
let passesLeft = Number(times);

/** The moments between taking a claim and publishing a job, in the order in which they are passed. */
export type CrashPoint =
  | 'claimed'
  | 'directory_made'
  | 'setup_written'
  | 'stage_started'
  | 'stage_ended'
  | 'post_written'
  | 'outputs_flushed'
  | 'post_renamed'
  | 'row_committed';

/** Kills this process with SIGKILL if `ACC_CRASH_AT` names this point. */
export function crashPoint(point: CrashPoint): void {
  if (crashAt === point && --passesLeft === 0) process.kill(process.pid, 'SIGKILL');
}
