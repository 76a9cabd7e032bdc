// Which process owns a claim, and whether it still lives. A pid alone does not say: pids are used again.
// Linux is asked through /proc; elsewhere `ps` and `sysctl` answer.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, so that it is never taken for another one. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Host, boot and process namespace: only where this is the same do pids mean the same processes. */
  readonly machine: string;
  /** When the process started, in the system's own words; only compared for being equal. */
  readonly startedAt: string;
}

const onLinux = process.platform === 'linux';
let own: ProcessIdentity | undefined;

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    host: hostname(),
    machine: [hostname(), bootId(), ...(onLinux ? [readlinkSync('/proc/self/ns/pid')] : [])].join(
      ' ',
    ),
    startedAt: startOf(process.pid) ?? '',
  };
  return own;
}

/**
 * Tells whether a process of this machine lives: the pid is in use, and by the process that started then. Where it could
 * not be read when that was (`''`), any process with the pid counts: who lives must not lose a claim.
 */
export function isAlive(pid: number, startedAt: string): boolean {
  const started = startOf(pid);
  if (started === undefined) return startedAt === '' && isInUse(pid);
  return startedAt === '' || started === startedAt;
}

/** Names the present boot of this machine: another text after each restart of the system. */
export function bootId(): string {
  return onLinux
    ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    : ask('sysctl', ['-n', 'kern.bootsessionuuid']);
}

/** Asks the kernel itself, which knows also where neither /proc nor ps can be read. A zombie counts as living. */
function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  try {
    return onLinux ? startOnLinux(pid) : startByPs(pid);
  } catch {
    // Neither /proc nor ps knows a process that is gone.
    return undefined;
  }
}

/** Fields of `stat` are counted after the command's name, which can hold anything, also spaces and brackets. */
function startOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  // A zombie has ended; only its parent has not asked how.
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

function startByPs(pid: number): string | undefined {
  const [state, ...started] = ask('ps', ['-o', 'state=,lstart=', '-p', String(pid)]).split(/\s+/);
  return state?.startsWith('Z') === true || started.length === 0 ? undefined : started.join(' ');
}

/** Importing the module for all systems would cost each start on Linux two milliseconds. */
function ask(program: string, words: readonly string[]): string {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  return execFileSync(program, words, { encoding: 'utf8' }).trim();
}
