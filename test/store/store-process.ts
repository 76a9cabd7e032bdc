// Real processes that use the store: a small program, bundled once, that does one thing and tells as JSON lines.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'acc-store-process-'));
const program = join(directory, 'program.mjs');
const running = new Set<ChildProcess>();

beforeAll(async () => {
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(directory, 'node_modules'));
  await build({
    entryPoints: [fileURLToPath(new URL('./store-program.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['better-sqlite3'],
    loader: { '.sql': 'text' },
  });
});

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** A process that uses the store. */
export interface StoreProcess {
  readonly pid: number;
  /** The next thing it tells; `undefined` when it has ended. */
  next(): Promise<Record<string, unknown> | undefined>;
  /** Lets a waiting process go on. */
  proceed(): void;
  kill(): Promise<void>;
  /** What it told last, and how it ended. */
  ended(): Promise<{
    last: Record<string, unknown> | undefined;
    code: number | null;
    signal: string | null;
  }>;
}

/** Starts `action` of the program on a workdir; `crashAt` names a crash point. */
export function startStoreProcess(
  action: string,
  options: { readonly path: string; readonly key?: string; readonly crashAt?: string },
): StoreProcess {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, action, options.path, options.key ?? ''], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: options.crashAt === undefined ? env : { ...env, ACC_CRASH_AT: options.crashAt },
  });
  running.add(child);
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as Record<string, unknown>);
  };
  return {
    pid: child.pid ?? 0,
    next,
    proceed: () => void child.stdin.end(),
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    ended: async () => {
      let last: Record<string, unknown> | undefined;
      for (let line = await next(); line !== undefined; line = await next()) last = line;
      return { last, ...(await exit) };
    },
  };
}
