// How much of a job its handle shows to a stage: what is in the stage's key, and nothing else, or the stage would see
// what does not make it run again. Build scripts see everything.

import type { JobId } from '../../model/ids.ts';
import type { Manifest, Setup } from '../../model/manifest.ts';
import type { JobHost } from './job-host.ts';

/**
 * What a stage may see of a job.
 * - `everything`: of the running job, and of jobs it has built.
 * - `lineage`: of an input that was declared with `lineage: true`: what the job shows, and what its own key holds.
 * - `content`: of any other input job: what it shows to those who use it, which is what `jobDigest` is made of.
 * - `name`: of a job that is in no key, as one that was reached through a dataset.
 */
export type JobView = 'everything' | 'lineage' | 'content' | 'name';

/** Gives what a handle shows where it is used. */
export function viewAt(host: JobHost, id: JobId, view: JobView): JobView {
  return host.place === 'build_script' || id === host.ownJob ? 'everything' : view;
}

/** The view of the job that a job was given as input `name`: its key holds no more of it than its method declared. */
export function viewOfInput(manifest: Manifest, name: string): JobView {
  const content = [manifest.jobs[name] ?? []].flat();
  return content.some(({ lineage }) => lineage !== undefined) ? 'lineage' : 'content';
}

/** What a job's key holds of the dataset that it was given as input `name`. */
export function datasetView(
  { manifest }: Setup,
  name: string,
): { readonly columns: readonly string[] | undefined; readonly job: JobView } {
  const content = [manifest.datasets[name] ?? []].flat();
  const [first] = content;
  return {
    columns: first !== undefined && 'columns' in first ? Object.keys(first.columns) : undefined,
    job: content.some(({ job }) => job !== undefined) ? 'lineage' : 'name',
  };
}
