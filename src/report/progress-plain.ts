// A run as lines that are written once, for files, pipes and everything else that is not a terminal.

import type { Event } from '../model/event.ts';
import { BufferedOutput } from '../util/buffered-output.ts';
import { EventText } from './event-text.ts';
import type { Progress, ProgressOptions } from './progress.ts';

/** Makes progress that shows every build, warning and output. */
export function plainProgress(options: ProgressOptions): Progress {
  const output = new BufferedOutput(options.stream);
  const text = new EventText(options.presentation, options.why);
  return {
    onEvent: (event) => {
      for (const line of text.lines(event)) output.write(`${line}\n`);
    },
    print: (printed) => output.write(printed),
    flush: () => output.flush(),
    close: () => output.flush(),
  };
}

/** Makes progress that leaves out all that went well, but for the sum at the end and what the script prints. */
export function quietProgress(options: ProgressOptions): Progress {
  const plain = plainProgress(options);
  return {
    ...plain,
    onEvent: (event) => {
      if (matters(event)) plain.onEvent(event);
    },
  };
}

function matters(event: Event): boolean {
  if (event.type === 'build_ended') return event.state === 'failed';
  return event.type === 'warning' || event.type === 'run_ended';
}
