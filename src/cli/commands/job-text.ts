// A job as lines for a person: what went in, what came out, who uses it.

import { optionText } from '../../key/difference/option-changes.ts';
import { datasetSpec } from '../../model/dataset-spec.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRef, ExecTimes, Post, Setup } from '../../model/manifest.ts';
import { failureLines } from '../../report/failure-text.ts';
import { shownPath } from '../../report/presentation.ts';
import type { Presentation } from '../../report/presentation.ts';
import { tableLines } from '../../report/table.ts';
import { oneLine } from '../../util/one-line.ts';
import { formatBytes, formatDuration, plural } from '../../util/quantity.ts';
import { localTime } from '../output.ts';
import type { JobFacts } from './job-facts.ts';

/** A line of the table: the first of a group names it. */
type Row = [group: string, ...cells: string[]];

/** Shows a job. */
export function jobLines(facts: JobFacts, presentation: Presentation): string[] {
  const { setup, post, failure } = facts;
  const rows: Row[] = [
    ...group('caption', setup.caption === '' ? [] : [[setup.caption]]),
    ...group('name', setup.name === setup.method ? [] : [[setup.name]]),
    ...group('run', [[runText(setup)]]),
    ...group('parent', setup.parent === null ? [] : [[setup.parent]]),
    ...inputRows(setup),
    ...(post === null ? [] : outputRows(post)),
    ...group('used by', usedBy(facts)),
    ...group(
      'results',
      facts.results.map((link) => [link.name, link.file]),
    ),
    ...group('labels', Object.entries(setup.labels)),
    ...group('printed', facts.outputBytes === 0 ? [] : [[printedText(facts)]]),
    ...group(
      'unsound',
      setup.unsound.map((reason) => [reason]),
    ),
    ...group('tainted', facts.tainted === null ? [] : [[facts.tainted]]),
    ...group('damaged', facts.damaged === null ? [] : [[facts.damaged.file, facts.damaged.reason]]),
    ...group('directory', [[shownPath(facts.path, presentation)]]),
  ];
  const { dim } = presentation.colours;
  const table = tableLines(
    rows.map(([first, ...cells]) => [dim(first), ...cells.map(oneLine)]),
    { indent: '  ' },
  );
  const failed =
    failure === null
      ? []
      : failureLines({ ...failure, job: facts.id, method: setup.method }, presentation);
  return [headLine(facts, presentation), ...table, ...failed.map((line) => `  ${line}`)];
}

function headLine({ id, state, setup, post }: JobFacts, { colours }: Presentation): string {
  const isGood = state === 'finished' || state === 'running';
  const took = post === null ? '' : `, took ${formatDuration(post.execMs.total)}`;
  const when = colours.dim(`started ${localTime(setup.startedAt)}${took}`);
  const shown = isGood ? state : colours.red(state);
  return `${colours.cyan(id)}  ${colours.bold(setup.method)}  ${shown}  ${when}`;
}

function runText({ run, script }: Setup): string {
  if (run === 0) return 'none';
  return script === null ? String(run) : `${run} of ${script}`;
}

function inputRows({ inputs, inputFiles }: Setup): Row[] {
  return [
    ...group(
      'options',
      Object.entries(inputs.options).map(([name, value]) => [name, optionText(value)]),
    ),
    ...group(
      'datasets in',
      Object.entries(inputs.datasets).map(([name, value]) => [name, refsText(value)]),
    ),
    ...group(
      'jobs in',
      Object.entries(inputs.jobs).map(([name, value]) => [name, refsText(value)]),
    ),
    ...group(
      'input files',
      inputFiles.map(({ path, sizeBytes }) => [path, formatBytes(sizeBytes)]),
    ),
  ];
}

function outputRows(post: Post): Row[] {
  return [
    ...group(
      'datasets',
      post.datasets.map(({ name, rows, columns }) => [
        name,
        `${plural(rows, 'row')}, ${plural(Object.keys(columns).length, 'column')}`,
      ]),
    ),
    ...group(
      'files',
      Object.entries(post.files).map(([name, { sizeBytes }]) => [name, formatBytes(sizeBytes)]),
    ),
    ...group(
      'subjobs',
      post.subjobs.map(({ id, method, built }) => [id, `${method}${built ? '' : ', reused'}`]),
    ),
    ...group('times', [[timesText(post.execMs)]]),
  ];
}

function timesText({ prepare, analysis, synthesis, total }: ExecTimes): string {
  const stages = [
    ...(prepare === undefined ? [] : [`prepare ${formatDuration(prepare)}`]),
    ...(analysis === undefined || analysis.length === 0 ? [] : [analysisText(analysis)]),
    ...(synthesis === undefined ? [] : [`synthesis ${formatDuration(synthesis)}`]),
  ];
  return stages.length === 0 ? formatDuration(total) : stages.join(', ');
}

function analysisText(slices: readonly number[]): string {
  const from = formatDuration(Math.min(...slices));
  const to = formatDuration(Math.max(...slices));
  return `analysis ${from} to ${to} in ${plural(slices.length, 'slice')}`;
}

function usedBy({ usedBy: edges }: JobFacts): string[][] {
  return edges.map(({ user, kind, name, inputName }) => {
    const what = inputName === null || inputName === 'default' ? '' : `, ${inputName}`;
    return [user, `${kind.replace('_', ' ')} ${name}${what}`];
  });
}

function printedText({ id, outputBytes }: JobFacts): string {
  return `${formatBytes(outputBytes)}: acc job ${id} --output`;
}

/** Puts the group's name before its first row only. */
function group(name: string, rows: readonly (readonly string[])[]): Row[] {
  return rows.map((cells, index) => [index === 0 ? name : '', ...cells]);
}

type Ref = JobId | DatasetRef;

function refsText(value: Ref | readonly Ref[] | null): string {
  if (value === null) return 'none';
  const refs = (Array.isArray(value) ? value : [value]) as readonly Ref[];
  return refs.map(refText).join(', ');
}

function refText(ref: Ref): string {
  return typeof ref === 'string' ? ref : datasetSpec(ref);
}
