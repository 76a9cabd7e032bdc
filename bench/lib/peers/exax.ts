// exax, where somebody has built it beside: ACC_BENCH_EXAX names a program that carries out the words below in a
// project of its own, with two slices and a running server. Only ratios to its figures are written down.
//   empty            runs a build script that builds nothing
//   cached COUNT     runs a build script that builds the graph of lib/dag.ts
//   new-job          prints the milliseconds of a trivial new job, from within a build script
//   new-staged-job   the same with prepare, analysis and synthesis
//   sum              prints the rows per second of a sum over a float64 column of 10 million rows
//   tables FILE      prints the milliseconds of the operations of tables.bench.ts on that table, as JSON by their steps,
//                    with gzip at level 1, its own best setting

import type { Command } from '../command.ts';
import { outputOf, timeOf } from '../command.ts';
import type { Task } from '../dag.ts';
import type { Peer } from './peer.ts';

/** exax. */
export const exax: Peer = { name: 'exax', prepare };

/** What exax measured of itself; `undefined` where it is not there. */
export function exaxFigure(word: 'new-job' | 'new-staged-job' | 'sum'): number | undefined {
  const command = exaxCommand(word);
  return command === undefined ? undefined : Number(outputOf(command));
}

/** A run of exax; `undefined` where it is not there. */
export function exaxCommand(...words: readonly string[]): Command | undefined {
  const program = process.env['ACC_BENCH_EXAX'];
  return program === undefined ? undefined : { program, args: words, cwd: process.cwd() };
}

function prepare(_directory: string, tasks: readonly Task[]): Command | undefined {
  const command = exaxCommand('cached', String(tasks.length));
  if (command !== undefined) timeOf(command);
  return command;
}
