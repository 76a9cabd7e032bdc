// Puts tables into README.md, each between the two comments that carry its name. Never touches the text around them.
// The overview repeats those rows of all tables that have something to reach, also of tables that were not made now.

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

import type { Row } from './bench.ts';

const README = new URL('../README.md', import.meta.url);

/** Replaces the tables of these names, and the overview. Throws when the file has no place for one of them. */
export function writeTables(tables: ReadonlyMap<string, readonly Row[]>): void {
  let text = replaceTable(readFileSync(README, 'utf8'), 'overview', '');
  for (const [name, rows] of tables) text = replaceTable(text, name, tableOf(rows));
  const targets = text.split('\n').filter((line) => /\| (?:yes|\*\*no\*\*) \|$/u.test(line));
  const overview = [surroundings(), '', ...HEAD, ...targets, ''].join('\n');
  writeFileSync(README, replaceTable(text, 'overview', overview));
}

function replaceTable(text: string, name: string, table: string): string {
  const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`, 'u');
  if (!place.test(text)) throw new Error(`bench/README.md has no place for the table "${name}"`);
  return text.replace(place, (_, before: string, after: string) => before + table + after);
}

const HEAD = ['| what | measured | reach | reached |', '|---|---|---|---|'];

/** Rows as a Markdown table. */
function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, figure, reach, reached }) => {
    const verdict = reached === undefined ? '' : reached ? 'yes' : '**no**';
    return `| ${what} | ${figure} | ${reach ?? ''} | ${verdict} |`;
  });
  return [...HEAD, ...lines, ''].join('\n');
}

/** The machine and the day, as a line of text. */
function surroundings(): string {
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  return `${day}, Node ${process.versions.node}, ${process.platform}, ${cores}, ${memory} GB.`;
}
