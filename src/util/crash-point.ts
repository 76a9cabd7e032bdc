// Named points at which a test can kill the whole process, to show that nothing half-made survives a crash.
// Without `ACC_CRASH_AT` in the environment this does nothing.

const crashAt = process.env['ACC_CRASH_AT'];

/** The moments between taking a claim and publishing a job, in the order in which they are passed. */
export type CrashPoint =
  | 'claimed'
  | 'directory_made'
  | 'setup_written'
  | 'stage_started'
  | 'stage_ended'
  | 'outputs_flushed'
  | 'post_written'
  | 'post_renamed'
  | 'row_committed';

/** Kills this process with SIGKILL if `ACC_CRASH_AT` names this point. */
export function crashPoint(point: CrashPoint): void {
  if (crashAt === point) process.kill(process.pid, 'SIGKILL');
}
