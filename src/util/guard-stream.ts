// Stands between a stream and everyone who writes to it, as the build script with console.log does.
// Replaces the `write` method of the one object, because Node's console looks it up at every call.

import { StringDecoder } from 'node:string_decoder';

/** A stream that is guarded. */
export interface GuardedStream {
  /** Reaches the stream itself. */
  write(text: string): void;
  /** Lets everyone write to the stream again. Safe to call twice. */
  release(): void;
}

/** Gives all text written to `stream` to `onText` instead, until released. */
export function guardStream(
  stream: NodeJS.WritableStream,
  onText: (text: string) => void,
): GuardedStream {
  const write = stream.write.bind(stream);
  const decoder = new StringDecoder('utf8');
  const intercept = (
    chunk: string | Uint8Array,
    encodingOrCallback?: unknown,
    callback?: unknown,
  ): boolean => {
    onText(typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
    const done = typeof encodingOrCallback === 'function' ? encodingOrCallback : callback;
    if (typeof done === 'function') queueMicrotask(() => (done as () => void)());
    return true;
  };
  stream.write = intercept;
  return {
    write: (text) => {
      write(text);
    },
    release: () => {
      if (stream.write === intercept) stream.write = write;
    },
  };
}
