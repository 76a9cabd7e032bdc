// Puts tables into README.md, each between the two comments that carry its name. Never touches the text around them.

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

import type { Row } from './bench.ts';

const README = new URL('../README.md', import.meta.url);

/** Replaces the tables of these names. Throws when the file has no place for one of them. */
export function writeTables(tables: ReadonlyMap<string, string>): void {
  let text = readFileSync(README, 'utf8');
  for (const [name, table] of tables) {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`, 'u');
    if (!place.test(text)) throw new Error(`bench/README.md has no place for the table "${name}"`);
    text = text.replace(place, (_, before: string, after: string) => before + table + after);
  }
  writeFileSync(README, text);
}

/** Rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, figure, reach, reached }) => {
    const verdict = reached === undefined ? '' : reached ? 'yes' : '**no**';
    return `| ${what} | ${figure} | ${reach ?? ''} | ${verdict} |`;
  });
  return ['| what | measured | reach | reached |', '|---|---|---|---|', ...lines, ''].join('\n');
}

/** The machine and the day, as a line of text. */
export function surroundings(): string {
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  return `${day}, Node ${process.versions.node}, ${process.platform}, ${cores}, ${memory} GB.\n`;
}
