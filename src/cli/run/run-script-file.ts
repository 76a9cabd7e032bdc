// Runs one build script: records the run, lets the script build, tells what went wrong, and sums up.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

import type { MethodCatalog } from '../../key/method-catalog.ts';
import { writeMethodTypes } from '../../key/methods-types.ts';
import { bundleScript } from '../../key/script-bundle.ts';
import type { RunEnded } from '../../model/event.ts';
import type { Project } from '../../model/project.ts';
import { interruptedLine, jobErrorText } from '../../report/failure-text.ts';
import type { Progress } from '../../report/progress.ts';
import { runScript } from '../../urd/run-script.ts';
import type { ScriptEnd } from '../../urd/run-script.ts';
import { startStopwatch } from '../../util/stopwatch.ts';
import type { Surroundings } from '../command.ts';
import { EXIT_INTERNAL, EXIT_INTERRUPTED } from '../exit-code.ts';
import { presentationFor, tell } from '../output.ts';
import { bundlePlace } from '../project/engine-package.ts';
import { openCatalog } from '../project/open-catalog.ts';
import { onEarlyEnd } from './on-early-end.ts';
import { onInterrupt } from './on-interrupt.ts';
import { openRun } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { onStrayError, tellScriptError } from './script-error.ts';

/** What the command line says about a run. */
export interface RunSettings {
  readonly dryRun: boolean;
  readonly why: boolean;
  readonly force: ReadonlySet<string> | 'all';
  readonly flags: Readonly<Record<string, string>>;
}

/** One script to run. */
export interface ScriptFileRun {
  /** Absolute. */
  readonly file: string;
  readonly project: Project;
  readonly settings: RunSettings;
  readonly progress: Progress;
  readonly process: Surroundings;
}

/** Runs the script to its end; gives the exit code. Throws `UsageError` for what is wrong before it starts. */
export async function runScriptFile(options: ScriptFileRun): Promise<number> {
  const { file, project, settings, progress, process } = options;
  const elapsedMs = startStopwatch();
  const script = relative(project.root, file);
  const { bundle } = await bundleScript({ file, kind: 'script', ...bundlePlace(project) });
  const catalog = openCatalog(project);
  if (settings.force !== 'all') for (const method of settings.force) catalog.source(method);
  writeMethodTypes({ ...bundlePlace(project), sources: catalog.sources() });
  const run = openRun({
    project,
    settings,
    catalog,
    script,
    methods: methodsNamed(bundle, catalog),
    onEvent: progress.onEvent,
  });
  const recordEnd = (exitCode: number): void => run.recordEnd(exitCode);
  const watched = { engine: run.engine, progress, script, process, recordEnd };
  const watches = [onInterrupt(watched), onStrayError(watched), onEarlyEnd(watched)];
  try {
    const end = await runScript({
      engine: run.engine,
      builder: run.builder,
      script,
      bundle,
      info: {
        slices: run.workdirs.target.slices,
        inputDirectory: project.inputDirectory,
        resultDirectory: project.resultDirectory,
        workdir: project.targetWorkdir,
      },
      flags: settings.flags,
      onWarn: (message) => {
        progress.onEvent({ type: 'warning', kind: 'script', job: null, message });
      },
      describeFailure: jobErrorText,
    });
    const exitCode = tellEnd(end, script, process);
    const { refused, stoppedAt } = end;
    progress.onEvent(runEnded(run, { exitCode, refused, stoppedAt, elapsedMs: elapsedMs() }));
    recordEnd(exitCode);
    return exitCode;
  } finally {
    for (const watch of watches) watch.release();
    await run.close();
  }
}

/** Methods whose names stand in quotes in the script. */
function methodsNamed(bundle: string, catalog: MethodCatalog): string[] {
  const text = readFileSync(bundle, 'utf8');
  return catalog
    .sources()
    .map(({ name }) => name)
    .filter((name) => ['"', "'", '`'].some((quote) => text.includes(quote + name + quote)));
}

/** Tells the errors that no build line has told; gives the exit code. */
function tellEnd(end: ScriptEnd, script: string, process: Surroundings): number {
  let exitCode: number = end.exitCode;
  if (exitCode === EXIT_INTERRUPTED) {
    tell([interruptedLine(presentationFor(process, process.stderr))], process);
  }
  for (const error of end.errors) {
    if (tellScriptError(error, script, process) === EXIT_INTERNAL) exitCode = EXIT_INTERNAL;
  }
  return exitCode;
}

function runEnded(
  { engine, run }: OpenRun,
  end: Pick<RunEnded, 'exitCode' | 'refused' | 'stoppedAt' | 'elapsedMs'>,
): RunEnded {
  const { built, reused, failed, skipped, would_build: wouldBuild } = engine.log.counts;
  return {
    type: 'run_ended',
    run,
    built,
    reused,
    failed,
    skipped,
    wouldBuild,
    ...end,
    criticalPath: engine.log.criticalPath(),
    skew: engine.log.skew,
  };
}
