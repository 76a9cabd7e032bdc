// What every way of showing a run has in common: it receives events, and is closed at the end.

import type { OnEvent } from '../model/event.ts';
import type { Presentation } from './presentation.ts';

/** The part of `process.stdout` that progress is written to. */
export interface TextStream {
  write(text: string): unknown;
}

/** A terminal: its size is looked at before each frame. */
export interface Terminal extends TextStream {
  readonly columns: number;
  readonly rows: number;
}

/** Shows a run. */
export interface Progress {
  readonly onEvent: OnEvent;
  /** Writes what is still held back and leaves the stream as it was found. Safe to call twice. */
  close(): void;
}

/** What all kinds of progress are made from. */
export interface ProgressOptions {
  readonly stream: TextStream;
  readonly presentation: Presentation;
  /** Every reason below a built line instead of the most telling ones. */
  readonly why: boolean;
}
