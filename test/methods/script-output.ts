// Runs a build script in a temporary project with the real binary and gives what the script found out.

import { readFile } from 'node:fs/promises';
import { deserialize } from 'node:v8';

import { Project } from '../rig/project.ts';

/** Runs the body of a build script, in which `urd` and `note` are known; gives what was given to `note`, in order. */
export async function scriptOutput(
  body: string,
  files: Readonly<Record<string, string | Buffer>> = {},
  args: readonly string[] = [],
): Promise<{ notes: unknown[]; code: number | null; output: string }> {
  await using project = await Project.create({ 'build.ts': script(body) });
  await project.write(files);
  const { code, stdout, stderr } = await project.acc('run', ...args);
  const notes = project.exists('notes') ? deserialize(await readFile(project.path('notes'))) : [];
  return { notes: notes as unknown[], code, output: stdout + stderr };
}

function script(body: string): string {
  return `import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';

const notes = [];

function note(value) {
  notes.push(value);
  writeFileSync('notes', serialize(notes));
}

export default async function main(urd) {
${body}
}
`;
}
