// `acc why`: what a job's key was made of, and what differs from the nearest earlier job.
// Reads the manifests that were hashed into the keys, so that the explanation cannot differ from the cache.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { optionText } from '../../key/difference/option-changes.ts';
import type { CodeComparison } from '../../key/difference/source-changes.ts';
import { explain, nearestManifest } from '../../key/explain.ts';
import { otherInput } from '../../key/other-input.ts';
import type { Reason } from '../../model/event.ts';
import type { JobId } from '../../model/ids.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Colours } from '../../report/colour.ts';
import { reasonText } from '../../report/reason-text.ts';
import { tableLines } from '../../report/table.ts';
import { candidates } from '../../store/history.ts';
import type { Candidate } from '../../store/history.ts';
import { readRecords } from '../../store/job-directory.ts';
import { oneLine } from '../../util/one-line.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print, printJson } from '../output.ts';
import { Index } from '../project/open-index.ts';
import { loadProject } from '../project/project.ts';
import { findJob } from '../specs/job-spec.ts';
import type { FoundJob } from '../specs/job-spec.ts';

/** Earlier jobs of the method that are compared with. */
const CANDIDATES = 100;
const SHORT_DIGEST = 12;

/** Why one job ran. */
interface Explanation {
  readonly job: JobId;
  readonly method: string;
  /** The nearest earlier job; `null` when there is none. */
  readonly comparedWith: JobId | null;
  readonly reasons: readonly Reason[];
  readonly key: string;
  readonly manifest: Manifest;
}

/** Explains one job. */
export async function why(invocation: Invocation): Promise<number> {
  const { args, cwd, process } = invocation;
  using index = Index.open(await loadProject(invocation));
  const [spec = ''] = args.positionals;
  const explanation = explainJob(findJob(spec, { index, cwd }), index);
  if (isSet(args, 'json')) printJson(explanation, process);
  else
    print(explanationLines(explanation, presentationFor(process, process.stdout).colours), process);
  return 0;
}

function explainJob(job: FoundJob, index: Index): Explanation {
  const { manifest, method, key, startedAt } = job.setup;
  const earlier = index.workdirs
    .flatMap((workdir) => candidates(workdir, method, { limit: CANDIDATES }))
    .filter((candidate) => candidate.setup.startedAt < startedAt)
    .map((candidate) => ({ ...candidate, manifest: candidate.setup.manifest }));
  const same = earlier.find((candidate) => candidate.job.key === key);
  const nearest = same ?? nearestManifest(earlier, manifest);
  const facts = { job: job.id, method, key, manifest };
  if (nearest === undefined) {
    return { ...facts, comparedWith: null, reasons: [{ kind: 'never_built', subject: method }] };
  }
  const reasons =
    same === undefined
      ? explain(nearest.manifest, manifest, codeOf(nearest.job.path, job.path))
      : whyNotReused(same, job);
  return { ...facts, comparedWith: nearest.job.id, reasons };
}

/** What kept an earlier job with the same key from being taken; nothing where only those who were there know. */
function whyNotReused({ job, setup: before }: Candidate, { path, setup }: FoundJob): Reason[] {
  if (job.tainted !== null) return [{ kind: 'tainted', subject: job.id }];
  if (job.damaged !== null && job.damaged.at < setup.startedAt) {
    return [{ kind: 'damaged', subject: job.id, before: job.damaged.file }];
  }
  const other = job.tied ? otherInput(before.inputs, setup.inputs) : undefined;
  return other === undefined ? otherSubjobs(job.path, path) : [other];
}

/** The methods whose subjobs are others than before, each once. */
function otherSubjobs(before: string, after: string): Reason[] {
  const older = readRecords(before)?.finished?.post.subjobs ?? [];
  const newer = readRecords(after)?.finished?.post.subjobs;
  // A job that did not finish has no list of them.
  if (newer === undefined) return [];
  const others = older.filter(({ id }) => newer.every((subjob) => subjob.id !== id));
  return [...new Set(others.map(({ method }) => method))].map((subject) => ({
    kind: 'subjob',
    subject,
  }));
}

/** Without both bundles the changed lines cannot be shown. */
function codeOf(before: string, after: string): CodeComparison | undefined {
  const code = { before: join(before, 'method.mjs'), after: join(after, 'method.mjs') };
  return existsSync(code.before) && existsSync(code.after) ? code : undefined;
}

function explanationLines(explanation: Explanation, colours: Colours): string[] {
  const { job, method, comparedWith, reasons, manifest, key } = explanation;
  const head = `${colours.cyan(job)}  ${colours.bold(method)}`;
  return [
    comparedWith === null
      ? `${head}  ran because there was no earlier job of this method`
      : `${head}  compared with ${colours.cyan(comparedWith)}, the nearest earlier job:`,
    ...(comparedWith === null ? [] : reasonLines(reasons, colours)),
    '',
    `key ${colours.dim(key.slice(0, SHORT_DIGEST))} made of:`,
    ...tableLines(
      manifestRows(manifest).map(([what, ...cells]) => [
        colours.dim(what ?? ''),
        ...cells.map(oneLine),
      ]),
      {
        indent: '  ',
      },
    ),
  ];
}

function reasonLines(reasons: readonly Reason[], colours: Colours): string[] {
  if (reasons.length === 0)
    return ['  nothing differs: it was forced, or the earlier job could not be reused'];
  return reasons.flatMap((reason) => [
    `  ${reasonText(reason)}`,
    ...(reason.lines ?? []).map(({ sign, text }) => {
      const line = `    ${sign} ${text}`;
      return sign === '-' ? colours.red(line) : colours.green(line);
    }),
  ]);
}

function manifestRows(manifest: Manifest): string[][] {
  const { method, code, version, slices } = manifest;
  return [
    ['method', method],
    ['code', code.slice(0, SHORT_DIGEST)],
    ...named('package', manifest.packages, String),
    ...named('option', manifest.options, optionText),
    ...named('dataset', manifest.datasets, contentText),
    ...named('job', manifest.jobs, contentText),
    ...named('file', manifest.dependsOn, (digest) => digest.slice(0, SHORT_DIGEST)),
    ...named('environment', manifest.env, (value) => value ?? 'not set'),
    ...(version === null ? [] : [['version', String(version)]]),
    ['slices', String(slices)],
  ];
}

function named<T>(
  what: string,
  values: Readonly<Record<string, T>>,
  text: (value: T) => string,
): string[][] {
  return Object.entries(values).map(([name, value]) => [what, name, text(value)]);
}

type Content = Manifest['datasets'][string] | Manifest['jobs'][string];

function contentText(content: Content): string {
  if (content === null) return 'none';
  if (Array.isArray(content)) return (content as readonly Content[]).map(contentText).join(', ');
  const name = 'name' in content && content.name !== undefined ? `${content.name}, ` : '';
  if ('columns' in content) return `${name}columns ${Object.keys(content.columns).join(', ')}`;
  return 'digest' in content ? name + content.digest.slice(0, SHORT_DIGEST) : '';
}
