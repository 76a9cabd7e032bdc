// Whole runs in which everything is up to date, of acc and of its peers, side by side over the same graph.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import type { Command } from './lib/command.ts';
import { peakBytesOf, timeOf } from './lib/command.ts';
import { layeredTasks } from './lib/dag.ts';
import { inTurn, median, medianRatio } from './lib/in-turn.ts';
import { accGraph } from './lib/peers/acc.ts';
import { exax, exaxCommand } from './lib/peers/exax.ts';
import { make } from './lib/peers/make.ts';
import { snakemake } from './lib/peers/snakemake.ts';
import { turbo } from './lib/peers/turbo.ts';
import { wireit } from './lib/peers/wireit.ts';
import { megabytes, seconds, times } from './lib/quantities.ts';
import { scratchDirectory } from './lib/scratch.ts';

const PEERS = [make, snakemake, turbo, wireit, exax];
/** acc is to be ahead of these; make looks at times of files alone. */
const TO_BEAT = PEERS.filter((peer) => peer !== make).map(({ name }) => name);
const ROUNDS = 7;
const MOST_SECONDS_1000 = 0.2;
const MOST_SECONDS_10000 = 0.6;
const MOST_MEGABYTES = 150;

/** Runs of hits only. */
export const cachedBuilds: Bench = { name: 'cached-builds', measure };

function measure(): readonly Row[] {
  return [...thousand(), ...tenThousand()];
}

function thousand(): readonly Row[] {
  const scratch = scratchDirectory();
  const project = builtGraph(1000);
  const peers = preparePeers(scratch, 1000);
  const samples = inTurn(ROUNDS, {
    acc: () => timeOf(project.command(['run'])),
    ...Object.fromEntries(peers.map(([name, command]) => [name, () => timeOf(command)])),
  }) as Readonly<Record<string, readonly number[]>>;
  const acc = samples['acc'] ?? [];
  const ratioOf = (name: string): number => medianRatio(samples[name] ?? [], acc);
  const rivals = peers.map(([name]) => name).filter((name) => TO_BEAT.includes(name));
  const ms = median(acc);
  return [
    {
      what: '1,000 cached builds, whole process',
      figure: seconds(ms),
      reach: `≤ ${MOST_SECONDS_1000} s`,
      reached: ms <= MOST_SECONDS_1000 * 1000,
    },
    {
      what: `1,000 cached builds beside ${rivals.join(', ')}`,
      figure: `each takes at least ${times(Math.min(...rivals.map(ratioOf)))} as long`,
      reach: 'ahead',
      reached: rivals.every((name) => ratioOf(name) > 1),
    },
    ...peers.map(([name]) => ({
      what: `${name}, 1,000 tasks`,
      // Of exax only the ratio is written down.
      figure: `${times(ratioOf(name))} acc${name === 'exax' ? '' : ` (${seconds(median(samples[name] ?? []))})`}`,
    })),
    ...emptyRun(),
  ];
}

function tenThousand(): readonly Row[] {
  const scratch = scratchDirectory();
  const project = builtGraph(10_000);
  const run = project.command(['run']);
  const made = prepare(make, scratch, 10_000);
  const samples = inTurn(ROUNDS, {
    acc: () => timeOf(run),
    make: () => (made === undefined ? Number.NaN : timeOf(made)),
  });
  const ms = median(samples.acc);
  const bytes = peakBytesOf(run);
  return [
    {
      what: '10,000 cached builds, whole process',
      figure: seconds(ms),
      reach: `≤ ${MOST_SECONDS_10000} s`,
      reached: ms <= MOST_SECONDS_10000 * 1000,
    },
    {
      what: 'peak memory of 10,000 cached builds',
      figure: megabytes(bytes),
      reach: `≤ ${MOST_MEGABYTES} MB`,
      reached: bytes !== undefined && bytes <= MOST_MEGABYTES * 1e6,
    },
    ...(made === undefined
      ? []
      : [
          {
            what: 'make, 10,000 tasks',
            figure: `${times(medianRatio(samples.make, samples.acc))} acc (${seconds(median(samples.make))})`,
          },
        ]),
  ];
}

/** A run that builds nothing at all, beside exax. */
function emptyRun(): readonly Row[] {
  const empty = exaxCommand('empty');
  if (empty === undefined) return [];
  const project = builtGraph(0);
  const samples = inTurn(ROUNDS, {
    acc: () => timeOf(project.command(['run'])),
    exax: () => timeOf(empty),
  });
  return [
    { what: 'exax, empty run', figure: `${times(medianRatio(samples.exax, samples.acc))} acc` },
  ];
}

function builtGraph(count: number): BenchProject {
  const project = accGraph(count);
  const cold = timeOf(project.command(['run']));
  console.log(`  acc built ${count} jobs in ${seconds(cold)}`);
  return project;
}

function preparePeers(scratch: string, count: number): (readonly [string, Command])[] {
  return PEERS.flatMap((peer) => {
    const command = prepare(peer, scratch, count);
    return command === undefined ? [] : [[peer.name, command] as const];
  });
}

function prepare(
  peer: (typeof PEERS)[number],
  scratch: string,
  count: number,
): Command | undefined {
  const directory = join(scratch, peer.name);
  mkdirSync(directory);
  const startedAt = performance.now();
  const command = peer.prepare(directory, layeredTasks(count));
  const took =
    command === undefined
      ? 'is missing'
      : `built ${count} tasks in ${seconds(performance.now() - startedAt)}`;
  console.log(`  ${peer.name} ${took}`);
  return command;
}
