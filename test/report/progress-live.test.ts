import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { JobId } from '../../src/model/ids.ts';
import { plainPresentation } from '../../src/report/presentation.ts';
import { liveProgress } from '../../src/report/progress-live.ts';
import type { Progress } from '../../src/report/progress.ts';
import { textWidth } from '../../src/util/text-width.ts';
import { ended, printed, runEnded, started } from './events.ts';
import { Screen } from './screen.ts';

const FRAME_MS = 80;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function open(screen: Screen): Progress {
  const presentation = plainPresentation('/');
  return liveProgress({ terminal: screen, presentation, why: false, now: Date.now });
}

test('running jobs are shown in a block below the lines that stay', () => {
  const screen = new Screen(80);
  const progress = open(screen);
  const job = 'dev-2' as JobId;
  progress.onEvent(ended('dev-1', 'csvimport', 'built'));
  progress.onEvent(started('dev-2', 'delays', { expectedMs: 8000 }));
  progress.onEvent({ type: 'stage_started', job, stage: 'analysis' });
  progress.onEvent({
    type: 'job_progress',
    job,
    slicesDone: 2,
    rows: 1_234_567,
    readPart: 0,
    status: {},
  });
  vi.advanceTimersByTime(2000);
  const [line, running, whole] = screen.text.split('\n');
  expect(line).toBe('dev-1   csvimport     built    1.2s');
  expect(running).toMatch(
    /^\S dev-2 {2}delays {2}━━━━━╌╌╌╌╌ {2}2\/4 {2}1\.2M rows {2}6\d\dk\/s {2}2\.0s {2}eta 6\.0s$/u,
  );
  expect(whole).toBe('  running 1, built 1, reused 0, failed 0  2.0s');
  progress.close();
});

test('what is being read is shown in percent of all slices, and with its speed', () => {
  const screen = new Screen(100);
  const progress = open(screen);
  const job = 'dev-2' as JobId;
  progress.onEvent(started('dev-2', 'delays', { expectedMs: null }));
  progress.onEvent({ type: 'stage_started', job, stage: 'analysis' });
  const read = (rows: number, readPart: number): void =>
    progress.onEvent({ type: 'job_progress', job, slicesDone: 1, rows, readPart, status: {} });
  vi.advanceTimersByTime(1000);
  read(2_000_000, 0.5);
  vi.advanceTimersByTime(1000);
  read(4_000_000, 1.5);
  vi.advanceTimersByTime(FRAME_MS);

  const reading = screen.text.split('\n')[0];
  vi.advanceTimersByTime(3000);
  const silent = screen.text.split('\n')[0];
  progress.close();

  expect(reading).toMatch(/1\/4 {2}62 % {2}4\.0M rows {2}(1\.9|2\.0)M\/s {2}2\.\ds$/u);
  expect(silent).toMatch(/1\/4 {2}62 % {2}4\.0M rows {2}5\.\ds$/u);
});

test('the block is gone when the run has ended, and the cursor is back below the last line', () => {
  const screen = new Screen(80);
  const progress = open(screen);
  progress.onEvent(started('dev-1', 'delays'));
  progress.onEvent(started('dev-2', 'rank'));
  vi.advanceTimersByTime(FRAME_MS);
  expect(screen.cursorVisible).toBe(false);
  progress.onEvent(ended('dev-1', 'delays', 'built'));
  progress.onEvent(ended('dev-2', 'rank', 'built'));
  progress.onEvent(runEnded());
  progress.close();
  expect(screen.text.split('\n')).toEqual([
    'dev-1   delays        built    1.2s',
    'dev-2   rank          built    1.2s',
    'built 3, reused 7, failed 0 in 4.1s',
  ]);
  expect(screen.cursor).toEqual({ row: 3, column: 0 });
  expect(screen.cursorVisible).toBe(true);
});

test('closing in the middle of a run leaves nothing of the block', () => {
  const screen = new Screen(80);
  const progress = open(screen);
  progress.onEvent(started('dev-1', 'delays'));
  vi.advanceTimersByTime(FRAME_MS);
  progress.close();
  progress.close();
  expect(screen.text).toBe('');
  expect(screen.cursorVisible).toBe(true);
});

test('a frame is one write, made at most 13 times a second, however much happens', () => {
  const screen = new Screen(80);
  const progress = open(screen);
  progress.onEvent(started('dev-1', 'delays'));
  for (let tick = 0; tick < 1000; tick++) {
    progress.onEvent(ended(`dev-${tick + 2}`, 'delays', 'reused'));
    vi.advanceTimersByTime(1);
  }
  expect(screen.writes.length).toBeLessThanOrEqual(13);
  for (const frame of screen.writes) expect(frame.startsWith('\u001B[?2026h')).toBe(true);
  progress.close();
  expect(screen.text.split('\n')).toHaveLength(1000);
});

test('a run that is over before the first frame is written at once, without any escapes', () => {
  const screen = new Screen(80);
  const progress = open(screen);
  progress.onEvent(ended('dev-1', 'delays', 'reused'));
  progress.onEvent(runEnded({ built: 0, reused: 1 }));
  progress.close();
  expect(screen.writes).toEqual([
    'dev-1   delays        reused\nbuilt 0, reused 1, failed 0 in 4.1s\n',
  ]);
});

test('output of jobs and of the script appears above the block', () => {
  const screen = new Screen(80);
  const progress = open(screen);
  progress.onEvent(started('dev-1', 'delays'));
  progress.onEvent(printed('dev-1', 'delays', 'prepare', 'from the job\n'));
  progress.print('from the script\nwithout an end');
  vi.advanceTimersByTime(FRAME_MS);
  const lines = screen.text.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'dev-1 delays/prepare | from the job',
    'from the script',
    'without an end',
  ]);
  expect(lines).toHaveLength(5);
  progress.print(' after all\n');
  vi.advanceTimersByTime(FRAME_MS);
  expect(screen.text.split('\n')[2]).toBe('without an end after all');
  progress.close();
});

test('no line of the block is wider than the terminal, also with wide characters', () => {
  const screen = new Screen(40);
  const progress = open(screen);
  const job = 'dev-1' as JobId;
  progress.onEvent(started('dev-1', 'average_delay_by_airport', { expectedMs: 60_000 }));
  progress.onEvent({
    type: 'job_progress',
    job,
    slicesDone: 0,
    rows: 12,
    readPart: 0,
    status: { prepare: '空港ごとの遅れを数えています' },
  });
  vi.advanceTimersByTime(FRAME_MS);
  for (const line of screen.text.split('\n')) expect(textWidth(line)).toBeLessThan(40);
  progress.close();
});

test('after a resize the next frame has the new width', () => {
  const screen = new Screen(100);
  const progress = open(screen);
  progress.onEvent(started('dev-1', 'average_delay_by_airport_and_month', { expectedMs: 60_000 }));
  vi.advanceTimersByTime(FRAME_MS);
  screen.columns = 30;
  vi.advanceTimersByTime(FRAME_MS);
  for (const line of screen.text.split('\n')) expect(textWidth(line)).toBeLessThan(30);
  progress.close();
  expect(screen.text).toBe('');
});

test('many running jobs do not fill the screen', () => {
  const screen = new Screen(80, 20);
  const progress = open(screen);
  for (let job = 1; job <= 40; job++) progress.onEvent(started(`dev-${job}`, 'delays'));
  vi.advanceTimersByTime(FRAME_MS);
  const lines = screen.text.split('\n');
  expect(lines.length).toBeLessThanOrEqual(10);
  expect(lines.at(-2)).toBe('  and 33 more');
  progress.close();
});
