// What went into a job, as tests need it: plain values for all that does not matter to them.

import { digest } from '../../src/model/ids.ts';
import type { Setup } from '../../src/model/manifest.ts';
import { sha256 } from '../../src/util/sha256.ts';

/** A `setup.json` of these facts; its manifest says the same of method and slices. */
export function testSetup(facts: Pick<Setup, 'id' | 'method' | 'key'> & Partial<Setup>): Setup {
  const { method, slices = 2 } = facts;
  return {
    version: 1,
    manifest: {
      engine: 1,
      method,
      code: digest(sha256('code')),
      packages: {},
      options: {},
      datasets: {},
      jobs: {},
      dependsOn: {},
      env: {},
      version: null,
      slices,
    },
    inputs: { options: {}, datasets: {}, jobs: {} },
    inputFiles: [],
    inputDirectory: '/nowhere',
    slices,
    seed: 12_345,
    parent: null,
    script: 'build.ts',
    run: 1,
    name: method,
    caption: '',
    labels: {},
    unsound: [],
    startedAt: '2024-05-06T07:08:09.000Z',
    host: 'localhost',
    versions: { acc: '0.1.0', node: '20.0.0' },
    ...facts,
  };
}
