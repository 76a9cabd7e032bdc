// What a tool beside acc must be able to do: build a graph, and then find that nothing has to be done.

import type { Command } from '../command.ts';
import type { Task } from '../dag.ts';

/** Another tool that builds graphs and remembers what it built. */
export interface Peer {
  readonly name: string;
  /**
   * Builds the graph in an empty directory; gives the command that finds all of it up to date.
   * `undefined` when the tool cannot be had.
   */
  readonly prepare: (directory: string, tasks: readonly Task[]) => Command | undefined;
}
