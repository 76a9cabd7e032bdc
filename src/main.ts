// The program behind the command. Exits explicitly: nothing a build script leaves behind may keep the process alive.

import { dispatch } from './cli/dispatch.ts';
import { lostOutput } from './cli/output-errors.ts';

/** Carries out the command line and ends the process. */
export async function main(): Promise<void> {
  const exitCode = await dispatch(process.argv.slice(2), process);
  await Promise.all([process.stdout, process.stderr].map(written));
  process.exit(lostOutput(process) ?? exitCode);
}

/** Waits until a stream has taken all that was written to it: a slow reader of a pipe would get half of it. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
