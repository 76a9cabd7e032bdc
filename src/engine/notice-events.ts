// Makes events of what the exec room tells about one running job.

import type { JobNotice } from '../exec/job-run.ts';
import type { OnEvent } from '../model/event.ts';
import type { Claim } from '../store/claims.ts';

/** Returns the receiver of one job's notices. */
export function noticeEvents(claim: Claim, onEvent: OnEvent): (notice: JobNotice) => void {
  const { id: job, method } = claim;
  return (notice) => {
    switch (notice.kind) {
      case 'stage_started':
        return onEvent({ type: 'stage_started', job, stage: notice.stage });
      case 'output':
        return onEvent({ type: 'job_output', job, method, stage: notice.stage, text: notice.text });
      case 'progress': {
        const { slicesDone, rows, readPart, status } = notice;
        return onEvent({ type: 'job_progress', job, slicesDone, rows, readPart, status });
      }
    }
  };
}
