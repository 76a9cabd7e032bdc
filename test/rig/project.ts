// A project in a temporary directory that tests write, edit and run the real binary in.
// It has no node_modules: the engine links itself, as it does for a user who started it with npx.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../../dist/acc.cjs', import.meta.url));

/** How a run of the binary ended. */
export interface AccResult {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start the binary. */
export interface AccSettings {
  /** Added to the environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Below the project; the project itself when missing. */
  readonly cwd?: string;
  /** Options of node itself, as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

/** The binary while it runs. */
export class AccProcess {
  readonly child: ChildProcess;
  /** Settles when the process has ended and its output is complete. */
  readonly ended: Promise<AccResult>;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** What it printed on stdout up to now. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until `text` was printed on stdout or stderr; rejects when the process ends without. */
  async printed(text: string): Promise<void> {
    const seen = (): boolean => this.#stdout.includes(text) || this.#stderr.includes(text);
    let over = false;
    const end = this.ended.then(() => (over = true));
    while (!seen()) {
      if (over) {
        throw new Error(`acc ended without printing "${text}":\n${this.#stdout}${this.#stderr}`);
      }
      const streams = [this.child.stdout, this.child.stderr].filter((stream) => stream !== null);
      const stop = new AbortController();
      const data = streams.map((stream) => once(stream, 'data', { signal: stop.signal }));
      await Promise.race([end, ...data.map((promise) => promise.catch(() => undefined))]);
      stop.abort();
    }
  }
}

/** A temporary project. Removed when disposed of, unless ejected. */
export class Project {
  /** Absolute, without symbolic links. */
  readonly directory: string;
  #kept = false;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes a project with these files, by path; without any, it is an empty directory. */
  static async create(files: Readonly<Record<string, string>> = {}): Promise<Project> {
    if (!existsSync(BINARY)) {
      throw new Error('dist/acc.cjs is missing: run `npm run -s build:js` before these tests');
    }
    const project = new Project(await realpath(await mkdtemp(join(tmpdir(), 'acc-test-'))));
    await project.write({ 'package.json': '{ "type": "module", "private": true }\n', ...files });
    return project;
  }

  /** Absolute path of something in the project. */
  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  /** Writes files by path, making directories. */
  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(this.path(name)), { recursive: true });
      await writeFile(this.path(name), content);
    }
  }

  /** Reads a file as text. */
  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** Replaces the one occurrence of `from` in a file. */
  async edit(name: string, from: string, to: string): Promise<void> {
    const before = await this.read(name);
    if (before.split(from).length !== 2) {
      throw new Error(`${name} does not hold exactly one "${from}":\n${before}`);
    }
    await this.write({ [name]: before.replace(from, () => to) });
  }

  /** Tells whether there is such a file or directory. */
  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Runs the real binary in the project and waits for its end. */
  acc(...args: readonly string[]): Promise<AccResult> {
    return this.start(args).ended;
  }

  /** Starts the real binary and returns at once. */
  start(args: readonly string[], settings: AccSettings = {}): AccProcess {
    const child = spawn(process.execPath, [...(settings.nodeOptions ?? []), BINARY, ...args], {
      cwd: this.path(settings.cwd ?? '.'),
      env: { ...cleanEnvironment(), ...settings.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AccProcess(child);
  }

  /** The real binary with these words as a command for a shell. */
  shellCommand(args: readonly string[]): string {
    return [process.execPath, BINARY, ...args]
      .map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)
      .join(' ');
  }

  /** Keeps the directory after the test and gives its path. A debugging helper. */
  eject(): string {
    this.#kept = true;
    return this.directory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#kept) await rm(this.directory, { recursive: true, force: true });
  }
}

/** The environment without what would change acc's output or slow its start. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const noise =
    /^(?:VITEST|NODE_OPTIONS$|NODE_ENV$|NODE_EXTRA_CA_CERTS$|NO_COLOR$|FORCE_COLOR$|ACC_)/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !noise.test(name)));
}
