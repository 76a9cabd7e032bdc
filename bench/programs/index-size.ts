// Opens a workdir and looks jobs up by key, again and again; prints the medians in nanoseconds.
// The keys are those of the jobs whose directories exist.

import { readdirSync } from 'node:fs';

import { measure } from 'mitata';

import { jobId } from '../../src/model/ids.ts';
import { Workdir } from '../../src/store/workdir.ts';

const path = process.argv[2] ?? '';
const options = { name: 'dev', path, slices: 2 };
const firstStarted = performance.now();
using workdir = Workdir.open(options);
const firstOpen = (performance.now() - firstStarted) * 1e6;
const open = await measure(() => Workdir.open(options).close());
const ids = readdirSync(path).filter((name) => name.startsWith('dev-'));
const keys = ids.map((id) => workdir.job(jobId('dev', Number(id.slice(4))))?.key);
let at = 0;
const find = await measure(() => {
  const key = keys[at++ % keys.length];
  const found = key === undefined ? undefined : workdir.find(key).job;
  if (found === undefined) throw new Error('a job was not found');
});
console.log(JSON.stringify({ firstOpen, open: open.p50, find: find.p50 }));
