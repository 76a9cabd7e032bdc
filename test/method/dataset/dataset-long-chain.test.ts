// Long chains are opened by few reads: every 64th dataset knows the 63 before it.

import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { DatasetHost } from '../../../src/method/dataset/dataset-host.ts';
import { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

/** A chain of links in one job to datasets with one to three rows, oldest first. */
function chainOf(rig: DatasetRig, count: number, before: Dataset | null = null): Dataset[] {
  const job = rig.newJob();
  const sources = [1, 2, 3].map((rows) =>
    rig.dataset({ columns: { n: 'int32' } }, [Array.from({ length: rows }, (_, n) => [n])]),
  );
  const stage = rig.stage({ job, slices: 1 });
  const datasets: Dataset[] = [];
  for (let i = 0; i < count; i++) {
    const previous = datasets.at(-1) ?? before;
    datasets.push(stage.link(sources[i % 3] ?? '', { name: `part ${i}`, previous }));
  }
  return datasets;
}

/** Opens a dataset with a host that counts how many manifests are read. */
function counted(rig: DatasetRig, dataset: Dataset): { dataset: Dataset; reads: () => number } {
  let reads = 0;
  const host: DatasetHost = {
    ...rig.host,
    jobPath: (job) => {
      reads++;
      return rig.host.jobPath(job);
    },
  };
  return { dataset: new Dataset(dataset.ref, host), reads: () => reads };
}

test('opening a chain reads every 64th manifest', () => {
  using rig = new DatasetRig();
  const datasets = chainOf(rig, 400);
  const last = counted(rig, datasets.at(-1));
  const chain = last.dataset.chain();

  expect(chain.datasets.map(String)).toEqual(datasets.map(String));
  expect(chain.lines()).toBe(datasets.reduce((sum, { lines }) => sum + (lines[0] ?? 0), 0));
  expect(chain.datasets[0]?.previous).toBeNull();
  expect(last.reads()).toBeLessThanOrEqual(Math.ceil(400 / 64) + 64);
  const [middle] = last.dataset.chain({ length: 150 }).datasets;
  expect(String(middle?.previous)).toBe(String(datasets[249]));
  expect([...chain.iterate(0, 'n')].slice(0, 6)).toEqual([0, 0, 1, 0, 1, 2]);
  expect(readdirSync(rig.path(datasets[0]!, 'DS'))).toHaveLength(400);
});

test('a chain ends before a dataset that its links know', () => {
  using rig = new DatasetRig();
  const datasets = chainOf(rig, 140);
  const chain = datasets[139]!.chain({ stop: datasets[100]! });
  expect(chain.datasets.map(String)).toEqual(datasets.slice(101).map(String));
});

test('a chain whose end is put behind another knows the new one', () => {
  using rig = new DatasetRig();
  const first = chainOf(rig, 70);
  const second = chainOf(rig, 130);
  const stage = rig.stage({ slices: 1 });
  const relinked: Dataset[] = [];
  for (const [i, dataset] of second.slice(40).entries()) {
    const previous = relinked.at(-1) ?? first.at(-1);
    relinked.push(stage.link(dataset, { name: `again ${i}`, previous }));
  }
  expect(relinked.at(-1).chain().datasets.map(String)).toEqual([...first, ...relinked].map(String));
  expect(second.at(-1).chain().datasets.map(String)).toEqual(second.map(String));
  const cut = stage.link(second.at(-1), { name: 'alone', previous: null });
  expect(cut.chain().datasets.map(String)).toEqual([String(cut)]);
});
