// Takes what a stage prints, in a worker: written to the job's OUTPUT at once, then forwarded to the engine's thread.
// Writing is synchronous, so that no line is lost however the worker dies. What child processes print to an
// inherited stdout does not pass here.

import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** Where the output of the running stage goes. */
export interface OutputSink {
  /** Absolute path; the file and its directory are made when something is printed. */
  readonly file: string;
  readonly forward: (text: string) => void;
}

/** What this worker prints, stage by stage. */
export interface OutputCapture {
  /** Sends what is printed from now on to `sink`. */
  begin(sink: OutputSink): void;
  /** Closes the file. Output between two stages, of callbacks left behind, goes to the process's own streams. */
  end(): void;
}

type WriteArguments = readonly [
  chunk: string | Uint8Array,
  encoding?: BufferEncoding | WriteCallback,
  callback?: WriteCallback,
];
type WriteCallback = (error?: Error | null) => void;

/** Replaces the write functions of stdout and stderr for the rest of this worker's life; `console` uses them too. */
export function captureOutput(): OutputCapture {
  let stage: StageOutput | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    const original = stream.write.bind(stream) as (...parts: WriteArguments) => boolean;
    const write = (...parts: WriteArguments): boolean => {
      if (stage === undefined) return original(...parts);
      const [chunk, second, third] = parts;
      const encoding = typeof second === 'string' ? second : 'utf8';
      const callback = typeof second === 'function' ? second : third;
      stage.write(stream, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
      if (callback !== undefined) process.nextTick(callback);
      return true;
    };
    stream.write = write;
  }
  return {
    begin(sink) {
      stage = new StageOutput(sink);
    },
    end() {
      stage?.close();
      stage = undefined;
    },
  };
}

/** The output file of one stage, opened at the first write. */
class StageOutput {
  readonly #sink: OutputSink;
  /** One per stream: a character may be cut in two by two writes to the same stream. */
  readonly #decoders = new Map<unknown, StringDecoder>();
  #fd: number | undefined;

  constructor(sink: OutputSink) {
    this.#sink = sink;
  }

  write(stream: unknown, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#fd ??= openForAppending(this.#sink.file);
    writeFileSync(this.#fd, bytes);
    const text = this.#decoder(stream).write(bytes);
    if (text !== '') this.#sink.forward(text);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    for (const decoder of this.#decoders.values()) {
      const rest = decoder.end();
      if (rest !== '') this.#sink.forward(rest);
    }
  }

  #decoder(stream: unknown): StringDecoder {
    const decoder = this.#decoders.get(stream) ?? new StringDecoder('utf8');
    this.#decoders.set(stream, decoder);
    return decoder;
  }
}

function openForAppending(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a');
}
