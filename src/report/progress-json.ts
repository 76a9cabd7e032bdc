// A run as JSON for programs: one event a line on stdout and nothing else.

import { BufferedOutput } from '../util/buffered-output.ts';
import type { TextStream } from '../util/buffered-output.ts';
import type { Progress } from './progress.ts';

/** Makes progress that writes events as they are; what the script prints goes to `aside`. */
export function jsonProgress(stream: TextStream, aside: TextStream): Progress {
  const output = new BufferedOutput(stream);
  return {
    onEvent: (event) => output.write(`${JSON.stringify(event)}\n`),
    print: (printed) => {
      aside.write(printed);
    },
    flush: () => output.flush(),
    close: () => output.flush(),
  };
}
