// `acc run`: runs build scripts one after the other and shows how their builds go.
// Loads nothing that a run of hits does not need; open-run.ts has the wiring.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import type { Problem } from '../../model/errors.ts';
import type { Project } from '../../model/project.ts';
import { unknownWorkdir } from '../../model/unknown-workdir.ts';
import { openProgress } from '../../report/open-progress.ts';
import { nearest } from '../../util/nearest.ts';
import { isSet, numberOf, textOf, textsOf } from '../args.ts';
import type { Args } from '../args.ts';
import type { Invocation } from '../command.ts';
import { loadProject } from '../project/project.ts';
import { runScriptFile } from '../run/run-script-file.ts';
import type { RunSettings } from '../run/run-script-file.ts';

const DEFAULT_SCRIPT = 'build.ts';
const SCRIPT_FILE = /\.[cm]?[jt]s$/u;

/** Runs the scripts that are named, or build.ts; stops at the first one that does not succeed. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, cwd, process } = invocation;
  const project = withFlags(await loadProject(invocation), args);
  const scripts = scriptFiles(args.positionals, cwd, project.root);
  const settings = runSettings(args);
  const progress = openProgress({
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    directory: cwd,
    kind: outputKind(args),
    why: settings.why,
  });
  try {
    for (const file of scripts) {
      const exitCode = await runScriptFile({ file, project, settings, progress, process });
      if (exitCode !== 0) return exitCode;
    }
    return 0;
  } finally {
    progress.close();
  }
}

/** What the command line says goes before what the configuration says. */
function withFlags(project: Project, args: Args): Project {
  const targetWorkdir = textOf(args, 'workdir') ?? project.targetWorkdir;
  const known = Object.keys(project.workdirs);
  if (!known.includes(targetWorkdir)) throw unknownWorkdir(targetWorkdir, known);
  return {
    ...project,
    targetWorkdir,
    slices: numberOf(args, 'slices') ?? project.slices,
    concurrency: numberOf(args, 'concurrency') ?? project.concurrency,
  };
}

function runSettings(args: Args): RunSettings {
  const methods = textsOf(args, 'force');
  return {
    dryRun: isSet(args, 'dry-run'),
    why: isSet(args, 'why') || isSet(args, 'dry-run'),
    force: isSet(args, 'force') && methods.length === 0 ? 'all' : new Set(methods),
    flags: scriptFlags(textsOf(args, 'flag')),
  };
}

function scriptFlags(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name = text, value = 'true'] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
      return [name, value];
    }),
  );
}

function outputKind(args: Args): 'json' | 'quiet' | 'lines' {
  if (isSet(args, 'json')) return 'json';
  return isSet(args, 'quiet') ? 'quiet' : 'lines';
}

/** Names are looked up where the command was given, as everywhere, then in the project. */
function scriptFiles(names: readonly string[], cwd: string, root: string): string[] {
  const files =
    names.length === 0
      ? [join(root, DEFAULT_SCRIPT)]
      : names.map((name) => {
          const [here, inProject] = [resolve(cwd, name), resolve(root, name)];
          return !existsSync(here) && existsSync(inProject) ? inProject : here;
        });
  const problems = files
    .filter((file) => !existsSync(file))
    .map((file) => missingScript(file, names.length === 0, cwd));
  if (problems.length > 0) throw new UsageError(problems);
  return files;
}

function missingScript(file: string, isDefault: boolean, cwd: string): Problem {
  const directory = dirname(file);
  const others = existsSync(directory)
    ? readdirSync(directory).filter((name) => SCRIPT_FILE.test(name))
    : [];
  const near =
    others.find((name) => name.replace(SCRIPT_FILE, '') === basename(file)) ??
    nearest(basename(file), others);
  const message = `There is no build script ${relative(cwd, file)}`;
  let hint = `acc looked for ${file}.`;
  if (near !== undefined) hint = `Did you mean "${relative(cwd, join(directory, near))}"?`;
  if (isDefault) {
    hint += ' Name a script, as in `acc run other.ts`, or make a project with `acc init`.';
  }
  return { code: 'missing_script', message, hint };
}
