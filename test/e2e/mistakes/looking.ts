// Mistakes in looking into datasets: patterns, columns, slices, flags and queries.

import { onCommandLine } from './mistake.ts';
import type { Mistake } from './mistake.ts';

/** Mistakes of the commands that look into datasets. */
export const LOOKING_MISTAKES: readonly Mistake[] = [
  onCommandLine('invalid_pattern', 'no regular expression', ['grep', 'a(b', 'table']),
  onCommandLine('invalid_pattern', 'no number', ['grep', '-N', 'seven', 'table']),
  onCommandLine('unknown_column', 'neither column nor dataset', ['grep', 'Oslo', 'table', 'ctiy']),
  onCommandLine('unknown_slice', 'on the command line', ['cat', 'table', '--slice', '70']),
  onCommandLine('conflicting_flags', 'two orders', ['cat', 'table', '--unordered', '-r']),
  onCommandLine('invalid_flag', 'a misspelt format', ['cat', 'table', '-f', 'jsn']),
  onCommandLine('invalid_flag', 'no tab stops', ['cat', 'table', '-T', 'wide']),
  onCommandLine('missing_argument', 'no dataset to search', ['grep', 'Oslo']),
];
