// Chooses how a run is shown and stands guard over stdout and stderr until it is over.

import type { TextStream } from '../util/buffered-output.ts';
import { guardStream } from '../util/guard-stream.ts';
import { coloursFor } from './colour.ts';
import { readSourceFile } from './presentation.ts';
import type { Presentation } from './presentation.ts';
import { jsonProgress } from './progress-json.ts';
import { liveProgress } from './progress-live.ts';
import { plainProgress, quietProgress } from './progress-plain.ts';
import type { Progress } from './progress.ts';

/** Where and how a run is to be shown. */
export interface OpenProgressOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths below it are shown relative to it. */
  readonly directory: string;
  readonly kind: 'lines' | 'json' | 'quiet';
  readonly why: boolean;
}

/** Begins to show a run. What anybody writes to stdout or stderr keeps its place until `close`. */
export function openProgress(options: OpenProgressOptions): Progress {
  const { stdout, stderr } = options;
  const isTerminal = stdout.isTTY && options.env['TERM'] !== 'dumb';
  const isLive = options.kind === 'lines' && isTerminal;
  const guardedOut = guardStream(stdout, (text) => progress.print(text));
  const guardedErr = guardStream(stderr, (text) => {
    if (isLive && stderr.isTTY) {
      progress.print(text);
      return;
    }
    progress.flush();
    guardedErr.write(text);
  });
  const progress = isLive
    ? liveProgress({
        terminal: {
          get columns(): number {
            return stdout.columns > 0 ? stdout.columns : 80;
          },
          get rows(): number {
            return stdout.rows > 0 ? stdout.rows : 24;
          },
          write: (text) => guardedOut.write(text),
        },
        presentation: presentationFor(options),
        why: options.why,
        now: () => performance.now(),
      })
    : lineProgress(options, guardedOut, guardedErr);
  const close = (): void => {
    progress.close();
    guardedOut.release();
    guardedErr.release();
    process.off('exit', close);
  };
  process.on('exit', close);
  return { ...progress, close };
}

function lineProgress(
  options: OpenProgressOptions,
  stdout: TextStream,
  stderr: TextStream,
): Progress {
  const common = { stream: stdout, presentation: presentationFor(options), why: options.why };
  switch (options.kind) {
    case 'json':
      return jsonProgress(stdout, stderr);
    case 'quiet':
      return quietProgress(common);
    case 'lines':
      return plainProgress(common);
  }
}

function presentationFor(options: OpenProgressOptions): Presentation {
  return {
    colours: coloursFor(options.stdout, options.env),
    directory: options.directory,
    readSource: readSourceFile,
  };
}
