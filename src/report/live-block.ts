// The lines of the live block: one per running job and one for the whole. Pure: the same state gives the same lines.

import { formatCount, formatDuration } from '../util/quantity.ts';
import { truncateText } from '../util/text-width.ts';
import type { Colours } from './colour.ts';
import { tableLines } from './table.ts';

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const SPINNER_STEP_MS = 100;
const BAR_WIDTH = 10;

/** A job that is running now. */
export interface RunningJob {
  readonly id: string;
  readonly method: string;
  readonly stage: string;
  readonly slices: number;
  readonly slicesDone: number;
  readonly rows: number;
  /** As of late; 0 when nothing is being read. */
  readonly rowsPerSecond: number;
  /** How much of what their loops read the running stages have read: each counts up to 1. */
  readonly readPart: number;
  readonly status: string;
  readonly startedAt: number;
  readonly expectedMs: number | null;
}

/** The whole run at this moment. */
export interface RunSoFar {
  readonly jobs: readonly RunningJob[];
  readonly built: number;
  readonly reused: number;
  readonly failed: number;
  readonly startedAt: number;
}

/** Where the block is shown. */
export interface BlockPlace {
  /** Milliseconds, on the clock of the `startedAt`s. */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colours;
}

/** Lays the block out: never wider than the terminal, never higher than half of it. */
export function liveBlock(run: RunSoFar, place: BlockPlace): string[] {
  const { colours, now } = place;
  const width = Math.max(1, place.columns - 1);
  const room = Math.max(1, Math.floor(place.rows / 2) - 2);
  const shown = run.jobs.slice(0, run.jobs.length > room ? room - 1 : room);
  const hidden = run.jobs.length - shown.length;
  const lines = tableLines(withoutEmptyColumns(shown.map((job) => jobCells(job, place))), {
    width,
    right: [],
  });
  if (hidden > 0) lines.push(colours.dim(`  and ${hidden} more`));
  const counts = `built ${run.built}, reused ${run.reused}, failed ${run.failed}`;
  const whole = `  running ${run.jobs.length}, ${counts}  ${formatElapsed(now - run.startedAt)}`;
  lines.push(colours.dim(truncateText(whole, width)));
  return lines;
}

function jobCells(job: RunningJob, { now, colours }: BlockPlace): string[] {
  const elapsed = now - job.startedAt;
  const spinner = SPINNER[Math.floor(now / SPINNER_STEP_MS) % SPINNER.length] ?? '';
  const sliced = job.stage === 'analysis' && job.slices > 0;
  const part = sliced ? (job.slicesDone + job.readPart) / job.slices : job.readPart;
  return [
    `${colours.yellow(spinner)} ${colours.cyan(job.id)}`,
    job.method,
    sliced ? bar(part, colours) : job.stage.padEnd(BAR_WIDTH),
    sliced ? `${job.slicesDone}/${job.slices}` : '',
    job.readPart > 0 ? `${Math.floor(Math.min(1, part) * 100)} %` : '',
    job.rows > 0 ? `${formatCount(job.rows)} rows` : '',
    job.rowsPerSecond > 0 ? `${formatCount(Math.round(job.rowsPerSecond))}/s` : '',
    formatElapsed(elapsed),
    job.expectedMs === null ? '' : remaining(job.expectedMs - elapsed),
    colours.dim(job.status),
  ];
}

function bar(part: number, colours: Colours): string {
  const full = Math.round(Math.min(1, part) * BAR_WIDTH);
  return colours.green('━'.repeat(full)) + colours.dim('╌'.repeat(BAR_WIDTH - full));
}

/** Nothing when the job takes longer than the last time: then nobody knows. */
function remaining(ms: number): string {
  return ms > 0 ? `eta ${formatElapsed(ms)}` : '';
}

/** In steps of a tenth of a second, so that the column does not dance. */
function formatElapsed(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)}s` : formatDuration(ms);
}

function withoutEmptyColumns(rows: readonly string[][]): string[][] {
  return rows.map((row) => row.filter((_, column) => rows.some((other) => other[column] !== '')));
}
