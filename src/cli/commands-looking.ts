// The table of the commands that look into datasets: words, flags and examples. Part of the table of all commands.

import type { Command, FlagSpec } from './command.ts';

const JSON_FLAG: FlagSpec = { type: 'boolean', help: 'print JSON for programs' };
const SCOPE: Readonly<Record<string, FlagSpec>> = {
  chain: { type: 'boolean', short: 'c', help: 'look into the whole chain, oldest first' },
  'chain-length': {
    type: 'number',
    placeholder: 'N',
    help: 'only the last N of the chain; repeatable, one for each dataset in turn',
  },
  stop: {
    type: 'texts',
    placeholder: 'DATASET',
    help: 'only what comes after it in the chain; repeatable, one for each dataset in turn',
  },
  slice: {
    type: 'number',
    placeholder: 'N',
    short: 's',
    least: 0,
    help: 'only this slice; repeatable',
  },
};

const PRINTING: Readonly<Record<string, FlagSpec>> = {
  dataset: { type: 'texts', placeholder: 'DATASET', short: 'd', help: 'look into it; repeatable' },
  column: { type: 'texts', placeholder: 'COLUMN', short: 'n', help: 'print it; repeatable' },
  'not-column': { type: 'texts', placeholder: 'COLUMN', help: 'print all but it; repeatable' },
  'allow-missing-columns': {
    type: 'boolean',
    short: 'M',
    help: 'pass over columns that a dataset lacks, and datasets that lack all',
  },
  ...SCOPE,
  'max-count': { type: 'number', placeholder: 'N', short: 'm', help: 'stop after N rows' },
  unique: { type: 'boolean', short: 'u', help: 'print equal rows once' },
  'unique-by': {
    type: 'texts',
    placeholder: 'COLUMN',
    help: 'print rows once that are equal in this column; repeatable',
  },
  unordered: { type: 'boolean', help: 'print rows as they are found, not slice by slice' },
  wide: { type: 'boolean', help: 'do not cut lines of aligned columns at the edge of the screen' },
  roundrobin: { type: 'boolean', short: 'r', help: 'print a row of each slice in turn' },
  headers: { type: 'boolean', short: 'H', help: 'print column names where they change' },
  'no-headers': { type: 'boolean', help: 'print no column names' },
  'show-dataset': { type: 'boolean', short: 'D', help: 'begin lines with the dataset' },
  'show-slice': { type: 'boolean', short: 'S', help: 'begin lines with the slice' },
  'show-line': { type: 'boolean', short: 'L', help: 'begin lines with the line in the slice' },
  format: {
    type: 'text',
    placeholder: 'FORMAT',
    short: 'f',
    help: 'aligned (on a terminal), tsv (elsewhere), csv, raw or json',
  },
  json: { type: 'boolean', help: 'as --format json: an object per line' },
  csv: { type: 'boolean', help: 'as --format csv, with a header' },
  separator: { type: 'text', placeholder: 'TEXT', short: 't', help: 'put between cells' },
  'tab-length': {
    type: 'text',
    placeholder: 'TAB/FIELD/MIN',
    short: 'T',
    help: 'align by tab stops, as 8 or 8/16/2',
  },
  lined: { type: 'boolean', help: 'put every other line on another ground, in colour' },
  colour: { type: 'text', placeholder: 'WHEN', help: 'auto, always or never' },
  color: { type: 'text', placeholder: 'WHEN', help: 'as --colour' },
  'no-colour': { type: 'boolean', help: 'as --colour never' },
};

const MATCHING: Readonly<Record<string, FlagSpec>> = {
  regexp: { type: 'texts', placeholder: 'PATTERN', short: 'e', help: 'search for it; repeatable' },
  'fixed-strings': { type: 'boolean', short: 'F', help: 'patterns are plain text' },
  'ignore-case': { type: 'boolean', short: 'i', help: 'small and capital letters are the same' },
  'invert-match': { type: 'boolean', short: 'v', help: 'print rows that do not match' },
  numeric: {
    type: 'boolean',
    short: 'N',
    help: 'patterns are numbers, as 7, "<1.5", ">=0x10", 1:5 (5 excluded), 1:=5 or "1<:5"',
  },
  grep: { type: 'texts', placeholder: 'COLUMN', short: 'g', help: 'search in it; repeatable' },
  'not-grep': { type: 'texts', placeholder: 'COLUMN', help: 'search in all but it; repeatable' },
  'only-matching': { type: 'boolean', short: 'o', help: 'print only what matched' },
  'only-matching-columns': { type: 'boolean', help: 'print only the cells that matched' },
  'list-matching': {
    type: 'boolean',
    short: 'l',
    help: 'print the names of datasets with a match; with -S their slices',
  },
  'before-context': {
    type: 'number',
    placeholder: 'N',
    short: 'B',
    least: 0,
    help: 'N rows before',
  },
  'after-context': { type: 'number', placeholder: 'N', short: 'A', least: 0, help: 'N rows after' },
  context: {
    type: 'number',
    placeholder: 'N',
    short: 'C',
    least: 0,
    help: 'N rows before and after, of the same slice',
  },
};

/** Commands that look into datasets. */
export const LOOKING_COMMANDS: readonly Command[] = [
  {
    name: 'cat',
    summary: 'print the rows of datasets',
    positionals: [
      {
        name: 'DATASET',
        help: 'datasets, as dev-42/NAME, then columns; all columns if none',
        need: 'any_number',
      },
    ],
    flags: PRINTING,
    examples: [
      ['acc cat flights | less -S', 'all rows, all columns'],
      ['acc cat flights origin delay --csv', 'two columns as CSV'],
      ['acc cat -c flights -u carrier', 'each carrier once, over the whole chain'],
    ],
    load: async () => (await import('./commands/grep.ts')).cat,
  },
  {
    name: 'grep',
    summary: 'search datasets and print the rows that match',
    positionals: [
      { name: 'PATTERN', help: 'a regular expression', need: 'optional' },
      {
        name: 'DATASET',
        help: 'datasets, as dev-42/NAME, then columns to search and print',
        need: 'any_number',
      },
    ],
    flags: { ...MATCHING, ...PRINTING },
    notes: ['Exit code: 0 if a row matches, 1 if none does.'],
    examples: [
      ['acc grep oslo flights', 'rows with "oslo" in any column'],
      ['acc grep -i ^osl flights origin -C 2', 'in one column, with neighbours'],
      ['acc grep -N ">=120" flights -g delay', 'rows whose delay is at least 120'],
      ['acc grep -c -l SAS flights', 'datasets of the chain with a match'],
    ],
    load: async () => (await import('./commands/grep.ts')).grep,
  },
  {
    name: 'hist',
    summary: 'show how the values of a column are distributed',
    positionals: [
      {
        name: 'DATASET',
        help: 'datasets, as dev-42/NAME, then columns; several are counted together',
        need: 'at_least_one',
      },
    ],
    flags: {
      ...SCOPE,
      toplist: { type: 'boolean', short: 't', help: 'count each value, the most frequent first' },
      'max-count': {
        type: 'number',
        placeholder: 'N',
        short: 'm',
        least: 0,
        help: 'at most N bins or values; 20 if missing, 0 for every value',
      },
      format: {
        type: 'text',
        placeholder: 'FORMAT',
        short: 'f',
        help: 'bars (on a terminal), tsv (elsewhere), aligned, csv, ssv or json',
      },
      json: JSON_FLAG,
      csv: { type: 'boolean', help: 'as --format csv, with a header' },
      svg: { type: 'text', placeholder: 'FILE', help: 'draw a picture into a file; - for stdout' },
    },
    examples: [
      ['acc hist flights delay', 'about 20 bins with short edges'],
      ['acc hist -c flights carrier -m 5', 'the five most frequent values of the chain'],
      ['acc hist flights delay --svg delay.svg', 'a picture'],
    ],
    load: async () => (await import('./commands/hist.ts')).hist,
  },
  {
    name: 'sql',
    summary: 'run a query over the index, or over datasets',
    positionals: [
      {
        name: 'QUERY',
        help: 'datasets are named as {dev-42/NAME}, or quoted after FROM and JOIN; - reads stdin',
        need: 'required',
      },
    ],
    flags: {
      chain: { type: 'boolean', short: 'c', help: 'a dataset stands for its whole chain' },
      workdir: {
        type: 'text',
        placeholder: 'NAME',
        help: 'whose index is asked; the target workdir if missing',
      },
      format: PRINTING['format'],
      json: PRINTING['json'],
      csv: PRINTING['csv'],
      headers: PRINTING['headers'],
      'no-headers': PRINTING['no-headers'],
      separator: PRINTING['separator'],
    } as Readonly<Record<string, FlagSpec>>,
    examples: [
      ['acc sql "select method, count(*) from jobs group by 1"', 'over the index (SQLite)'],
      ['acc sql "select carrier, avg(delay) from {flights} group by 1"', 'over a dataset'],
    ],
    load: async () => (await import('./commands/sql.ts')).sql,
  },
];
