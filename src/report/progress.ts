// What every way of showing a run has in common: it receives events and the script's own output, and is closed.

import type { OnEvent } from '../model/event.ts';
import type { TextStream } from '../util/buffered-output.ts';
import type { Presentation } from './presentation.ts';

/** A terminal: its size is looked at before each frame. */
export interface Terminal extends TextStream {
  readonly columns: number;
  readonly rows: number;
}

/** Shows a run. */
export interface Progress {
  readonly onEvent: OnEvent;
  /** Takes what the build script printed on stdout, so that it keeps its place among the lines. */
  print(text: string): void;
  /** Writes at once what is held back. */
  flush(): void;
  /** Flushes and leaves the stream as it was found. Safe to call twice. */
  close(): void;
}

/** What all kinds of progress are made from. */
export interface ProgressOptions {
  readonly stream: TextStream;
  readonly presentation: Presentation;
  /** Every reason below a built line instead of the most telling ones. */
  readonly why: boolean;
}
