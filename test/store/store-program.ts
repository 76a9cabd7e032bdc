// Run by store-process.ts: does one thing to a workdir and tells how it went, one JSON object a line.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { digest, jobKey } from '../../src/model/ids.ts';
import type { Post, Setup } from '../../src/model/manifest.ts';
import type { Claim } from '../../src/store/claims.ts';
import { Workdir } from '../../src/store/workdir.ts';
import { sha256 } from '../../src/util/sha256.ts';
import { testSetup } from '../rig/setup.ts';

const [action = '', path = '', key = ''] = process.argv.slice(2);
const workdir = Workdir.open({
  name: 'dev',
  path,
  slices: action === 'open_default' ? undefined : 2,
});

function tell(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

/** Makes the job, or waits for whoever makes it. */
async function buildOrReuse(text: string): Promise<'built' | 'reused'> {
  const wanted = jobKey(digest(sha256(text)));
  for (;;) {
    const outcome = workdir.claim({ key: wanted, method: 'count', run: 0 });
    if (outcome.kind === 'finished') return 'reused';
    if (outcome.kind === 'held') await workdir.waitForClaim(wanted);
    else {
      await make(outcome.claim);
      return 'built';
    }
  }
}

async function make(claim: Claim): Promise<void> {
  const setup = setupOf(claim);
  workdir.writeSetup(claim, setup);
  writeFileSync(join(claim.path, 'out.txt'), 'hello');
  await workdir.publish(claim, setup, post());
}

function setupOf({ id, method, key: ofClaim }: Claim): Setup {
  return testSetup({ id, method, key: ofClaim, script: null, run: 0 });
}

function post(): Post {
  return {
    version: 1,
    digest: digest(sha256('outputs')),
    endedAt: new Date().toISOString(),
    execMs: { total: 1 },
    files: { 'out.txt': { sizeBytes: 5, digest: digest(sha256('hello')) } },
    datasets: [],
    subjobs: [],
  };
}

/** Claims, tells it, and goes on when stdin ends. */
async function hold(): Promise<void> {
  const outcome = workdir.claim({ key: jobKey(digest(sha256(key))), method: 'count', run: 0 });
  tell(outcome);
  process.stdin.resume();
  await once(process.stdin, 'end');
  if (outcome.kind === 'taken') await make(outcome.claim);
}

switch (action) {
  case 'open':
  case 'open_default':
    tell({ slices: workdir.slices });
    break;
  case 'build':
    tell({ outcome: await buildOrReuse(key) });
    break;
  case 'build_twenty': {
    let built = 0;
    for (let i = 0; i < 20; i++) if ((await buildOrReuse(`key ${i}`)) === 'built') built++;
    tell({ built });
    break;
  }
  case 'hold':
    await hold();
    break;
  default:
    throw new Error(`unknown action ${action}`);
}
workdir.close();
