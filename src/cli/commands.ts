// The table of all commands: names, words and flags. Parser, help and suggestions are all fed from it.
// Loads no command: each one's module is imported when it is called.

import type { Command, FlagSpec, PositionalSpec } from './command.ts';
import { LOOKING_COMMANDS } from './commands-looking.ts';

const JSON_FLAG: FlagSpec = { type: 'boolean', help: 'print JSON for programs' };
const SPEC: PositionalSpec = {
  name: 'SPEC',
  help: 'a job, as dev-42, a method for its latest job, or dev-42~ for the one before',
  need: 'at_least_one',
};

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    summary: 'make a project that runs',
    positionals: [{ name: 'DIR', help: 'where to make it; here if missing', need: 'optional' }],
    flags: { force: { type: 'boolean', help: 'also in a directory that is not empty' } },
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'run',
    summary: 'run build scripts',
    positionals: [
      {
        name: 'SCRIPT',
        help: 'build scripts, one after the other; build.ts if missing',
        need: 'any_number',
      },
    ],
    flags: {
      workdir: { type: 'text', placeholder: 'NAME', help: 'where new jobs go' },
      concurrency: {
        type: 'number',
        placeholder: 'N',
        help: 'worker threads that run at the same time',
      },
      slices: {
        type: 'number',
        placeholder: 'N',
        help: 'slices, in a workdir that is used for the first time',
      },
      force: {
        type: 'optional_text',
        placeholder: 'METHOD',
        help: 'build again what could be reused; METHOD alone if given',
      },
      'dry-run': {
        type: 'boolean',
        help: 'show what would be built, and why, without building it',
      },
      why: { type: 'boolean', help: 'show every reason why a job ran' },
      flag: { type: 'texts', placeholder: 'K=V', help: 'a value for urd.flags; repeatable' },
      json: { type: 'boolean', help: 'print one JSON event per line and nothing else' },
      quiet: {
        type: 'boolean',
        short: 'q',
        help: 'show only failures, warnings and the last line',
      },
    },
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'why',
    summary: 'tell why a job ran: what differs from the nearest earlier job',
    positionals: [{ ...SPEC, need: 'required' }],
    flags: { json: JSON_FLAG },
    load: async () => (await import('./commands/why.ts')).why,
  },
  {
    name: 'job',
    summary: 'show a job: inputs, files, datasets, times',
    positionals: [SPEC],
    flags: {
      output: { type: 'boolean', short: 'o', help: 'print what it printed' },
      source: { type: 'boolean', short: 's', help: "print its method's source as it ran" },
      path: { type: 'boolean', help: 'print its directory' },
      file: { type: 'text', placeholder: 'NAME', help: 'print one of its files' },
      json: JSON_FLAG,
    },
    load: async () => (await import('./commands/job.ts')).job,
  },
  {
    name: 'jobs',
    summary: 'list jobs, newest first',
    positionals: [{ name: 'METHOD', help: 'only jobs of these methods', need: 'any_number' }],
    flags: {
      state: {
        type: 'text',
        placeholder: 'STATE',
        help: 'only jobs that are finished, failed, running …',
      },
      workdir: { type: 'text', placeholder: 'NAME', help: 'only jobs of this workdir' },
      since: {
        type: 'text',
        placeholder: 'TIME',
        help: 'only jobs started since: 2h, 3d, or a date',
      },
      max: { type: 'number', placeholder: 'N', short: 'n', help: 'at most so many; 50 if missing' },
      json: JSON_FLAG,
    },
    load: async () => (await import('./commands/jobs.ts')).jobs,
  },
  {
    name: 'ds',
    summary: 'show a dataset: columns, types, bounds, slices, chain',
    positionals: [
      {
        ...SPEC,
        name: 'DATASET',
        help: 'a dataset, as dev-42/NAME, or dev-42 for the one named default',
      },
    ],
    flags: {
      head: { type: 'number', placeholder: 'N', short: 'n', help: 'print the first rows instead' },
      chain: { type: 'boolean', short: 'c', help: 'list the chain' },
      'non-empty-chain': {
        type: 'boolean',
        short: 'C',
        help: 'list the chain, datasets with rows only',
      },
      list: { type: 'boolean', short: 'l', help: 'list all datasets of the job' },
      'chained-list': {
        type: 'boolean',
        short: 'L',
        help: 'as --list, with the rows of whole chains',
      },
      slices: { type: 'boolean', short: 's', help: 'show the balance of slices' },
      'chained-slices': { type: 'boolean', short: 'S', help: 'as --slices, over the chain' },
      location: { type: 'boolean', short: 'w', help: 'show where each column lies' },
      'no-minmax': { type: 'boolean', short: 'm', help: 'leave out smallest and largest values' },
      'no-columns': { type: 'boolean', help: 'leave out columns' },
      'quiet-errors': {
        type: 'boolean',
        short: 'q',
        help: 'pass over datasets that are not there',
      },
      json: JSON_FLAG,
      csv: { type: 'boolean', help: 'print one table as CSV: what is asked for, or the columns' },
    },
    examples: [
      ['acc ds flights', 'the default dataset of the latest job of a method'],
      ['acc ds dev-42/bad --head 20', 'the first rows of another dataset'],
      ['acc ds -cs dev-42~', 'the dataset before, its chain and its slices'],
    ],
    load: async () => (await import('./commands/ds.ts')).ds,
  },
  ...LOOKING_COMMANDS,
  {
    name: 'method',
    summary: 'list methods, or show the inputs of one',
    positionals: [{ name: 'NAME', help: 'methods to show', need: 'any_number' }],
    flags: { json: JSON_FLAG },
    load: async () => (await import('./commands/method.ts')).method,
  },
  {
    name: 'types',
    summary: 'write the types of all methods to .acc/methods.d.ts',
    positionals: [],
    flags: {},
    load: async () => (await import('./commands/types.ts')).types,
  },
  {
    name: 'workdir',
    summary: 'list workdirs, their slices, jobs and sizes',
    positionals: [{ name: 'NAME', help: 'workdirs to show', need: 'any_number' }],
    flags: { json: JSON_FLAG },
    load: async () => (await import('./commands/workdir.ts')).workdir,
  },
  {
    name: 'db',
    summary: 'make the index of a workdir anew from its job directories',
    positionals: [
      { name: 'ACTION', help: 'rebuild', need: 'required', choices: ['rebuild'] },
      { name: 'WORKDIR', help: 'workdirs to rebuild; all if missing', need: 'any_number' },
    ],
    flags: { json: JSON_FLAG },
    load: async () => (await import('./commands/db.ts')).db,
  },
  {
    name: 'status',
    summary: 'show what runs now, and how the last run ended',
    positionals: [],
    flags: { json: JSON_FLAG },
    load: async () => (await import('./commands/status.ts')).status,
  },
];
