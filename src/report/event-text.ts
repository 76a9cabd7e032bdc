// Events of a run as the lines that stay on the screen: builds, output, warnings and the sum at the end.
// Unaware of where lines go: the kinds of progress write them, above a live block or plainly.

import type {
  BuildEnded,
  BuildState,
  Event,
  JobOutput,
  PlanEnd,
  Reason,
  RunEnded,
} from '../model/event.ts';
import { oneLine } from '../util/one-line.ts';
import { formatDuration } from '../util/quantity.ts';
import { padText, textWidth } from '../util/text-width.ts';
import type { Style } from './colour.ts';
import { failureLines, warningLine } from './failure-text.ts';
import { shownPlace } from './presentation.ts';
import type { Presentation } from './presentation.ts';
import { ranBecause, reasonText } from './reason-text.ts';

/** Reasons told without `--why`. */
const FEW_REASONS = 2;
/** A run shorter than this has no critical path worth telling. */
const LONG_RUN_MS = 2000;
const STATE_WIDTH = 7;

/** Turns the events of one run into lines; remembers how wide columns have become and lines without an end. */
export class EventText {
  readonly #presentation: Presentation;
  readonly #why: boolean;
  readonly #unfinished = new Map<string, { prefix: string; text: string }>();
  #jobWidth = 6;
  #methodWidth = 12;

  constructor(presentation: Presentation, why: boolean) {
    this.#presentation = presentation;
    this.#why = why;
  }

  /** Lines without line ends; none for events that only a live view shows. */
  lines(event: Event): string[] {
    const { dim } = this.#presentation.colours;
    switch (event.type) {
      case 'job_started':
        this.#makeRoom(event.job, event.method);
        return [];
      case 'run_started':
        for (const method of event.methods) this.#makeRoom('', method);
        return [];
      case 'stage_started':
      case 'job_progress':
        return [];
      case 'job_output':
        return this.#outputLines(event);
      case 'build_ended':
        return [...this.#restOfOutput(event.job), ...this.#buildLines(event)];
      case 'warning':
        return [warningLine(event, this.#presentation)];
      case 'waiting':
        return [
          dim(
            `waiting for process ${event.pid} on ${event.host}, which builds ${event.job} (${event.method})`,
          ),
        ];
      case 'run_ended':
        return [...this.#restOfOutput(null), ...this.#endLines(event)];
    }
  }

  #outputLines(event: JobOutput): string[] {
    const key = `${event.job}/${event.stage}`;
    const prefix = this.#presentation.colours.dim(`${event.job} ${event.method}/${event.stage} |`);
    const text = (this.#unfinished.get(key)?.text ?? '') + event.text;
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    if (rest === '') this.#unfinished.delete(key);
    else this.#unfinished.set(key, { prefix, text: rest });
    return lines.map((line) => `${prefix} ${afterOverwriting(line)}`);
  }

  /** Output without a line end of a job that has ended, or of all jobs. */
  #restOfOutput(job: string | null): string[] {
    const lines: string[] = [];
    for (const [key, { prefix, text }] of this.#unfinished) {
      if (job !== null && !key.startsWith(`${job}/`)) continue;
      lines.push(`${prefix} ${text}`);
      this.#unfinished.delete(key);
    }
    return lines;
  }

  #buildLines(event: BuildEnded): string[] {
    const { colours } = this.#presentation;
    const job = event.job ?? '-';
    this.#makeRoom(job, event.method);
    const ran = event.state === 'built' || event.state === 'failed';
    const isCancelled = event.failure?.kind === 'cancelled';
    const words = [
      padText(event.state === 'reused' ? job : colours.cyan(job), this.#jobWidth),
      padText(event.method, this.#methodWidth),
      padText(this.#stateStyle(event.state)(stateWord(event.state)), ran ? STATE_WIDTH : 0),
      ...(ran ? [formatDuration(event.execMs)] : []),
      ...(event.name === event.method ? [] : [colours.dim(`as ${oneLine(event.name)}`)]),
      ...(isCancelled ? [colours.dim('cancelled')] : []),
    ];
    const line = words.join('  ');
    return [
      event.state === 'reused' ? colours.dim(line) : line,
      ...this.#reasonLines(event.reasons).map((text) => colours.dim(`    ${text}`)),
      ...(event.failure === null || isCancelled
        ? []
        : failureLines(event.failure, this.#presentation).map((text) => `  ${text}`)),
    ];
  }

  /** Widens the columns; lines that were written before stay as they are. */
  #makeRoom(job: string, method: string): void {
    this.#jobWidth = Math.max(this.#jobWidth, textWidth(job));
    this.#methodWidth = Math.max(this.#methodWidth, textWidth(method));
  }

  #reasonLines(reasons: readonly Reason[]): string[] {
    if (this.#why) return reasons.map((reason) => `because ${reasonText(reason)}`);
    const telling = reasons.filter((reason) => reason.kind !== 'never_built');
    const line = ranBecause(telling, FEW_REASONS);
    return line === undefined ? [] : [line];
  }

  #stateStyle(state: BuildState): Style {
    const { colours } = this.#presentation;
    switch (state) {
      case 'built':
        return colours.green;
      case 'failed':
        return colours.red;
      case 'skipped':
      case 'would_build':
        return colours.yellow;
      case 'reused':
        return (text) => text;
    }
  }

  #endLines(event: RunEnded): string[] {
    const { colours } = this.#presentation;
    return [
      ...event.skew.map((job) =>
        colours.dim(
          `${job.job} (${job.method}) has uneven slices: the slowest took ${formatDuration(job.slowestMs)}, the median one ${formatDuration(job.medianMs)}`,
        ),
      ),
      ...criticalPathLines(event).map(colours.dim),
      ...(event.stoppedAt === null ? [] : [planEndLine(event.stoppedAt, this.#presentation)]),
      endLine(event, this.#presentation),
    ];
  }
}

/** Tells how far a dry run came; what is planned is not all. */
function planEndLine({ method, member, where }: PlanEnd, presentation: Presentation): string {
  const at = where === null ? '' : ` at ${shownPlace(where, presentation)}`;
  const stopped = presentation.colours.yellow(`stopped${at}`);
  return `${stopped}  the script needs \`${member}\` of the job of \`${method}\`, which would be built first; what follows is not known`;
}

/** The last line of a run: `built 3, reused 7, failed 0 in 4.1s`, and what else there was. */
function endLine(event: RunEnded, { colours }: Presentation): string {
  const counts = [
    count('built', event.built, colours.green),
    `reused ${event.reused}`,
    count('failed', event.failed, colours.red),
    ...(event.skipped > 0 ? [count('skipped', event.skipped, colours.yellow)] : []),
    ...(event.refused > 0 ? [count('refused', event.refused, colours.red)] : []),
    ...(event.wouldBuild > 0 ? [count('would build', event.wouldBuild, colours.yellow)] : []),
  ];
  return `${counts.join(', ')} in ${formatDuration(event.elapsedMs)}`;
}

/** What a terminal would show of a line that goes back to its beginning, as progress bars do. */
function afterOverwriting(line: string): string {
  return line.includes('\r') ? (line.replace(/\r+$/u, '').split('\r').at(-1) ?? '') : line;
}

function count(word: string, amount: number, style: Style): string {
  const text = `${word} ${amount}`;
  return amount > 0 ? style(text) : text;
}

function stateWord(state: BuildState): string {
  return state === 'would_build' ? 'would build' : state;
}

function criticalPathLines({ criticalPath }: RunEnded): string[] {
  const total = criticalPath.reduce((sum, step) => sum + step.execMs, 0);
  if (criticalPath.length < 2 || total < LONG_RUN_MS) return [];
  const steps = criticalPath.map((step) => `${step.method} ${formatDuration(step.execMs)}`);
  return [`critical path ${formatDuration(total)}: ${steps.join(' → ')}`];
}
