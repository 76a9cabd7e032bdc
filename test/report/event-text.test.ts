import { expect, test } from 'vitest';

import type { Event } from '../../src/model/event.ts';
import type { JobId } from '../../src/model/ids.ts';
import { EventText } from '../../src/report/event-text.ts';
import { plainPresentation } from '../../src/report/presentation.ts';
import { ended, printed, runEnded, started } from './events.ts';

function linesOf(events: readonly Event[], why = false): string[] {
  const text = new EventText(plainPresentation('/'), why);
  return events.flatMap((event) => text.lines(event));
}

test('a finished build is one line, in columns that line up with the lines before', () => {
  expect(
    linesOf([
      ended('dev-1', 'csvimport', 'built'),
      ended('dev-42', 'delays', 'reused'),
      ended('dev-43', 'delays', 'built', { execMs: 90_000, name: 'monthly' }),
      ended(null, 'rank', 'would_build'),
    ]),
  ).toEqual([
    'dev-1   csvimport     built    1.2s',
    'dev-42  delays        reused',
    'dev-43  delays        built    1m 30s  as monthly',
    '-       rank          would build',
  ]);
});

test('room is made at the start for the methods that the script names', () => {
  const methods = ['csvimport', 'dataset_hashpart'];
  const lines = linesOf([
    { type: 'run_started', run: 1, script: 'build.ts', workdir: 'dev', dryRun: false, methods },
    ended('dev-1', 'csvimport', 'reused'),
    ended('dev-2', 'dataset_hashpart', 'reused'),
  ]);
  expect(lines).toEqual(['dev-1   csvimport         reused', 'dev-2   dataset_hashpart  reused']);
});

test('what only a live view shows makes no lines', () => {
  const job = 'dev-1' as JobId;
  expect(
    linesOf([
      {
        type: 'run_started',
        run: 1,
        script: 'build.ts',
        workdir: 'dev',
        dryRun: false,
        methods: [],
      },
      started('dev-1', 'delays'),
      { type: 'stage_started', job, stage: 'analysis' },
      { type: 'job_progress', job, slicesDone: 1, rows: 10, readPart: 0, status: {} },
    ]),
  ).toEqual([]);
});

test('output is shown line by line behind job, method and stage', () => {
  expect(
    linesOf([
      printed('dev-1', 'delays', '0', 'one\ntwo'),
      printed('dev-1', 'delays', '1', '10%\r50%\rother slice\r\n'),
      printed('dev-1', 'delays', '0', ' and a half\n'),
    ]),
  ).toEqual([
    'dev-1 delays/0 | one',
    'dev-1 delays/1 | other slice',
    'dev-1 delays/0 | two and a half',
  ]);
});

test('output without a line end is shown when its job ends, before the line of the build', () => {
  expect(
    linesOf([
      printed('dev-1', 'delays', 'prepare', 'no end'),
      printed('dev-10', 'other', 'prepare', 'still running'),
      ended('dev-1', 'delays', 'built'),
    ]),
  ).toEqual(['dev-1 delays/prepare | no end', 'dev-1   delays        built    1.2s']);
});

test('an executed job tells its two most telling reasons, and all of them with why', () => {
  const event = ended('dev-2', 'train', 'built', {
    reasons: [
      { kind: 'option', subject: 'lr', before: '0.1', after: '0.2' },
      { kind: 'source', subject: 'lib/feat.ts:41' },
      { kind: 'package', subject: 'd3', before: '7.8.0', after: '7.9.0' },
    ],
  });
  expect(linesOf([event])[1]).toBe(
    '    ran because option lr 0.1 → 0.2; lib/feat.ts:41; and 1 more',
  );
  expect(linesOf([event], true).slice(1)).toEqual([
    '    because option lr 0.1 → 0.2',
    '    because lib/feat.ts:41',
    '    because package d3 7.8.0 → 7.9.0',
  ]);
});

test('a first build gives no reason unless asked why', () => {
  const event = ended('dev-2', 'train', 'built', {
    reasons: [{ kind: 'never_built', subject: 'train' }],
  });
  expect(linesOf([event])).toHaveLength(1);
  expect(linesOf([event], true)[1]).toBe('    because it was never built');
});

test('the last line counts builds and says how long they took', () => {
  expect(linesOf([runEnded()])).toEqual(['built 3, reused 7, failed 0 in 4.1s']);
  expect(linesOf([runEnded({ failed: 1, skipped: 2, refused: 1, wouldBuild: 3 })])).toEqual([
    'built 3, reused 7, failed 1, skipped 2, refused 1, would build 3 in 4.1s',
  ]);
});

test('a dry run that ended before its script did says where, and that the rest is not known', () => {
  const where = { file: '/shop/build.ts', line: 4, column: 7, length: 1 };
  const [line, counts] = linesOf([
    runEnded({ stoppedAt: { method: 'rank', member: 'load', where }, wouldBuild: 1 }),
  ]);
  expect(line).toBe(
    'stopped at /shop/build.ts:4:7  the script needs `load` of the job of `rank`, which would be built first; what follows is not known',
  );
  expect(counts).toContain('would build 1');
  const [nowhere] = linesOf([
    runEnded({ stoppedAt: { method: 'rank', member: 'id', where: null } }),
  ]);
  expect(nowhere).toMatch(/^stopped {2}the script needs `id`/u);
});

test('a long run tells its critical path and uneven slices before the last line', () => {
  const job = 'dev-1' as JobId;
  const lines = linesOf([
    runEnded({
      criticalPath: [
        { job, method: 'import', execMs: 1000 },
        { job, method: 'train', execMs: 2500 },
      ],
      skew: [{ job, method: 'train', slowestMs: 2400, medianMs: 300 }],
    }),
  ]);
  expect(lines).toEqual([
    'dev-1 (train) has uneven slices: the slowest took 2.4s, the median one 0.3s',
    'critical path 3.5s: import 1.0s → train 2.5s',
    'built 3, reused 7, failed 0 in 4.1s',
  ]);
});

test('a failed build is followed by what happened', () => {
  const job = 'dev-3' as JobId;
  const lines = linesOf([
    ended('dev-3', 'train', 'failed', {
      failure: {
        kind: 'exited',
        job,
        method: 'train',
        stage: { name: 'prepare' },
        lastOutput: [],
        exitCode: 1,
        signal: null,
      },
    }),
  ]);
  expect(lines[0]).toBe('dev-3   train         failed   1.2s');
  expect(lines[1]).toMatch(/^ {2}dev-3 \(train\) ended its worker in prepare with exit code 1/u);
});

test('a cancelled build needs no more than its line', () => {
  const job = 'dev-3' as JobId;
  const lines = linesOf([
    ended('dev-3', 'train', 'failed', {
      failure: {
        kind: 'cancelled',
        job,
        method: 'train',
        stage: { name: 'prepare' },
        lastOutput: [],
      },
    }),
  ]);
  expect(lines).toEqual(['dev-3   train         failed   1.2s  cancelled']);
});
