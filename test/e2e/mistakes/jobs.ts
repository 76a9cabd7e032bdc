// Mistakes in stages with jobs: files, subjobs, what may be asked of an input, and merging.

import { inMethod, inSynthesis } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const SELF = `options: { depth: z.number().default(0) },
async synthesis({ job, build, options }) {
  await build(job.method, { depth: options.depth + 1 });
},`;

/** A mistake with the job input `table`. */
function withJob(code: string, title: string, value: string): Mistake {
  const members = `jobs: { table: job() },\nsynthesis: ({ jobs }) => ${value},`;
  return inMethod(code, title, members, 'table');
}

/** Mistakes of files, then of subjobs and lineage, then of merging. */
export const JOB_MISTAKES: readonly Mistake[] = [
  inSynthesis('reserved_file_name', 'to write', "job.write('setup.json', '{}');"),
  inSynthesis('invalid_file_name', 'absolute', "job.write('/tmp/x.txt', 'x');"),
  inSynthesis('invalid_file_name', 'empty', "job.write('', 'x');"),
  inSynthesis('invalid_file_name', 'not normalised', "job.write('a//b', 'x');"),
  inSynthesis('invalid_file_name', 'an absolute input file', "job.inputFilename('/etc/passwd');"),
  inSynthesis('invalid_file_name', 'an input file outside', "job.inputFilename('..', 'x');"),
  inSynthesis('invalid_mode', 'to append', "job.open('log.txt', 'a');"),
  inSynthesis('unknown_file', 'to register', "job.registerFile('model.bin');"),
  inSynthesis('no_json', 'a function', "job.saveJson(() => 1, 'x.json');"),
  inSynthesis('unknown_dataset', 'of the running job', "job.dataset('defalt');"),
  withJob('link_in_stage', 'in synthesis', "jobs.table.linkResult('summary.json')"),
  withJob('undeclared_lineage', 'datasets', 'jobs.table.params.datasets'),
  withJob('undeclared_lineage', 'jobs', 'jobs.table.params.jobs'),
  withJob('not_in_digest', 'the seed of an input job', 'jobs.table.params.seed'),
  withJob('not_in_digest', 'a record of an input job', "jobs.table.filename('post.json')"),
  inSynthesis('job_not_in_key', 'by way of a dataset', 'table.job.params;'),
  inSynthesis('unfinished_job', 'the running job', 'job.post;'),
  inSynthesis('why_build_in_stage', 'in a subjob', "await build('table', {}, { whyBuild: true });"),
  inMethod('build_in_analysis', 'in a slice', "analysis({ build }) { return build('table'); },"),
  inSynthesis('inputs_not_an_object', 'in a stage', "await build('table', build('table'));"),
  inSynthesis('invalid_subjob', 'a misspelt input', "await build('table', { strat: 3 });"),
  inSynthesis('invalid_subjob', 'a misspelt method', "await build('tabel');"),
  inSynthesis('invalid_subjob', 'a function as input', "await build('table', { start: () => 3 });"),
  inMethod(
    'builds_itself',
    'directly',
    'async synthesis({ job, build }) { await build(job.method); },',
  ),
  inMethod('too_deep', 'without an end', SELF),
  inMethod(
    'cannot_merge',
    'text and numbers',
    "analysis: ({ sliceno }) => ({ rows: sliceno === 0 ? 'none' : 3 }),\nsynthesis: ({ analysisRes }) => merge(analysisRes),",
  ),
  inMethod(
    'cannot_merge',
    'text',
    "analysis: () => new Map([['city', 'Oslo']]),\nsynthesis: ({ analysisRes }) => merge(analysisRes),",
  ),
];
