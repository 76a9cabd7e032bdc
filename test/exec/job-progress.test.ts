import { expect, test } from 'vitest';

import { JobProgress } from '../../src/exec/job-progress.ts';
import type { JobNotice } from '../../src/exec/job-run.ts';

test('the parts that running stages have read add up, and end with them', () => {
  const notices: JobNotice[] = [];
  const progress = new JobProgress((notice) => notices.push(notice));
  const last = (): JobNotice | undefined => notices.at(-1);

  progress.receive(slice(0), { kind: 'rows', count: 0, planned: 100 });
  progress.receive(slice(0), { kind: 'rows', count: 50, planned: 0 });
  progress.receive(slice(1), { kind: 'rows', count: 20, planned: 80 });
  expect(last()).toMatchObject({ rows: 70, slicesDone: 0, readPart: 0.75 });

  progress.receive(slice(0), { kind: 'rows', count: 0, planned: -50 });
  expect(last()).toMatchObject({ readPart: 1.25 });

  progress.ended(slice(0));
  expect(last()).toMatchObject({ rows: 70, slicesDone: 1, readPart: 0.25 });
});

function slice(sliceno: number): { readonly name: 'analysis'; readonly sliceno: number } {
  return { name: 'analysis', sliceno };
}
