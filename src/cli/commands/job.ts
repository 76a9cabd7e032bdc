// `acc job`: shows what went into a job and what it made, or prints one part of it.

import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { outputText } from '../../method/job/job-output.ts';
import { UsageError } from '../../model/errors.ts';
import { globMatcher } from '../../util/glob.ts';
import { didYouMean } from '../../util/nearest.ts';
import { isSet, textOf } from '../args.ts';
import type { Invocation, Surroundings } from '../command.ts';
import { presentationFor, print, printJson } from '../output.ts';
import { Index } from '../project/open-index.ts';
import { loadProject } from '../project/project.ts';
import { findJob } from '../specs/job-spec.ts';
import { jobFacts } from './job-facts.ts';
import type { JobFacts } from './job-facts.ts';
import { jobLines } from './job-text.ts';

/** Shows each job that is named; several with a line between them. */
export async function job(invocation: Invocation): Promise<number> {
  const { args, cwd, process } = invocation;
  using index = Index.open(await loadProject(invocation));
  const jobs = args.positionals.map((spec) => jobFacts(findJob(spec, { index, cwd }), index));
  if (isSet(args, 'json')) {
    printJson(jobs.length === 1 ? jobs[0] : jobs, process);
    return 0;
  }
  const file = textOf(args, 'file');
  for (const [number, facts] of jobs.entries()) {
    if (isSet(args, 'path')) print([facts.path], process);
    else if (isSet(args, 'output')) process.stdout.write(outputText(facts.path, undefined));
    else if (isSet(args, 'source')) print(sourceLines(facts), process);
    else if (file !== undefined) await printFiles(facts, file, process);
    else {
      if (number > 0) print([''], process);
      print(jobLines(facts, presentationFor(process, process.stdout)), process);
    }
  }
  return 0;
}

/** The sources that went into the bundle, the method's own last, as it was when the job ran. */
function sourceLines({ path, id }: JobFacts): string[] {
  const bundle = join(path, 'method.mjs');
  if (!existsSync(bundle)) {
    throw new UsageError({
      code: 'no_source',
      message: `The source of ${id} cannot be shown: its file method.mjs is missing`,
      hint: 'The next run that builds it makes it again.',
    });
  }
  if (!existsSync(`${bundle}.map`)) return [readFileSync(bundle, 'utf8')];
  const { sources, sourcesContent } = JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as {
    sources: string[];
    sourcesContent?: (string | null)[];
  };
  const texts = sources.map((name, index) => ({ name, text: sourcesContent?.[index] ?? '' }));
  return texts.flatMap(({ name, text }) => [
    ...(texts.length > 1 ? [`// ${name}`] : []),
    text.trimEnd(),
  ]);
}

/** Prints a file by name, registered or not, or all registered ones that a pattern names. */
async function printFiles(facts: JobFacts, name: string, process: Surroundings): Promise<void> {
  const registered = Object.keys(facts.post?.files ?? {});
  const isMatch = globMatcher(name);
  const exact = existsSync(join(facts.path, name)) && !name.startsWith('..') ? [name] : [];
  const names = exact.length > 0 ? exact : registered.filter((candidate) => isMatch(candidate));
  if (names.length === 0) {
    const list = registered.length === 0 ? 'It has none.' : `It has: ${registered.join(', ')}.`;
    throw new UsageError({
      code: 'unknown_file',
      message: `${facts.id} (${facts.setup.method}) has no file "${name}"`,
      hint: didYouMean(name, registered, list),
    });
  }
  for (const match of names) {
    if (names.length > 1) print([`==> ${match} <==`], process);
    await pipeline(createReadStream(join(facts.path, match)), process.stdout, { end: false });
  }
}
