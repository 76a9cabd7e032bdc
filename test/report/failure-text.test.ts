import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { SystemError, UsageError } from '../../src/model/errors.ts';
import type { Problem } from '../../src/model/errors.ts';
import type { Warning } from '../../src/model/event.ts';
import type { Failure } from '../../src/model/failure.ts';
import type { JobId } from '../../src/model/ids.ts';
import { NO_COLOURS } from '../../src/report/colour.ts';
import {
  earlyEndLines,
  failureLines,
  interruptedLine,
  internalErrorLines,
  jobErrorText,
  scriptErrorLines,
  systemErrorLines,
  usageErrorLines,
  warningLine,
} from '../../src/report/failure-text.ts';
import type { Presentation } from '../../src/report/presentation.ts';

const APPROVED = fileURLToPath(new URL('failure-text.approved.txt', import.meta.url));

const SCRIPT = `import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const sales = urd.build('csvimport', { filename: 'sales.csv' });
  const top = await urd.build('rank', {
    source: sales,
    limt: 10,
  });
}
`;

const presentation: Presentation = {
  colours: NO_COLOURS,
  directory: '/home/ada/shop',
  readSource: (file) => (file === '/home/ada/shop/build.ts' ? SCRIPT : undefined),
};

const executed = {
  job: 'dev-43' as JobId,
  method: 'train',
  stage: { name: 'analysis', sliceno: 3 },
  lastOutput: [],
} as const;

/** One of each kind, and each shape that reads differently. */
const FAILURES: Readonly<Record<Failure['kind'], readonly Failure[]>> = {
  threw: [
    {
      ...executed,
      kind: 'threw',
      error: {
        name: 'RangeError',
        message: 'no rows for "AK"',
        stack: ['at mean (lib/mean.ts:7:9)', 'at analysis (methods/train.ts:41:11)'],
      },
      status: ['reading dev-40, slice 3, row 10233'],
      lastOutput: ['loading', 'loaded 10,000 rows'],
    },
    {
      ...executed,
      kind: 'threw',
      stage: { name: 'prepare' },
      error: {
        name: 'TypeError',
        message: 'fetch failed',
        stack: ['at prepare (methods/train.ts:12:3)'],
        causes: [
          { name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:80', stack: [] },
          { name: 'Error', message: 'two\nlines', stack: ['at open (lib/net.ts:3:1)'] },
        ],
      },
      status: [],
    },
    {
      ...executed,
      kind: 'threw',
      stage: { name: 'prepare' },
      error: { name: 'Error', message: 'no model given', stack: [] },
      status: [],
    },
    {
      ...executed,
      kind: 'threw',
      stage: { name: 'synthesis' },
      error: {
        name: 'JobError',
        message: 'dev-44 (clean) failed in synthesis: Error: no rows',
        stack: ['at async synthesis (methods/train.ts:50:17)'],
        subjob: { id: 'dev-44' as JobId, method: 'clean' },
      },
      status: [],
    },
    {
      ...executed,
      kind: 'threw',
      error: {
        name: 'Error',
        message: 'ENOSPC: no space left on device, write',
        stack: [],
        code: 'ENOSPC',
      },
      status: [],
    },
  ],
  exited: [
    { ...executed, kind: 'exited', exitCode: 3, signal: null, stage: { name: 'synthesis' } },
    { ...executed, kind: 'exited', exitCode: null, signal: 'SIGSEGV' },
    { ...executed, kind: 'exited', exitCode: null, signal: 'SIGKILL' },
  ],
  out_of_memory: [
    { ...executed, kind: 'out_of_memory', limitMb: 512 },
    { ...executed, kind: 'out_of_memory', limitMb: null },
  ],
  timed_out: [
    { ...executed, kind: 'timed_out', timeoutMs: 90_000, stopped: 'by_itself' },
    { ...executed, kind: 'timed_out', timeoutMs: 1500, stopped: 'terminated' },
  ],
  invalid_output: [
    {
      ...executed,
      kind: 'invalid_output',
      stage: { name: 'publish' },
      message: 'registered files were not there at the end: model.json',
    },
  ],
  cancelled: [{ ...executed, kind: 'cancelled' }],
  skipped: [
    {
      kind: 'skipped',
      method: 'rank',
      input: 'source',
      inputMethod: 'clean',
      inputJob: 'dev-41' as JobId,
    },
    { kind: 'skipped', method: 'rank', input: 'source', inputMethod: 'clean', inputJob: null },
  ],
};

const call = { file: '/home/ada/shop/build.ts', line: 5, column: 25, length: 1 };

const PROBLEMS: readonly Problem[] = [
  {
    code: 'unknown_input',
    message: 'Method `rank` has no option, dataset or job "limt"',
    hint: 'Did you mean "limit"?',
    token: 'limt',
    where: call,
  },
  {
    code: 'unknown_method',
    message: 'There is no method "rank"',
    where: { ...call, column: 31, length: 6 },
  },
  {
    code: 'unknown_config',
    message: 'acc.config.ts has an unknown field "slics"',
    hint: 'Did you mean "slices"?',
    where: { file: '/home/ada/shop/acc.config.ts', line: 4, column: 3, length: 5 },
  },
  { code: 'unknown_flag', message: 'acc run has no flag --frce', hint: 'Did you mean --force?' },
  {
    code: 'bad_option',
    message: 'Expected option `retries` to be a non-negative integer,\ngot "3" (string)',
  },
];

const SYSTEM_ERRORS: readonly SystemError[] = [
  ...['EACCES', 'ENOSPC', 'SQLITE_BUSY', 'SQLITE_CORRUPT', 'SQLITE_IOERR_READ', 'EUNKNOWN'].map(
    (code) =>
      new SystemError({ code, operation: 'write', path: '/home/ada/shop/workdirs/dev/acc.sqlite' }),
  ),
  new SystemError({
    code: 'SQLITE_READONLY',
    operation: 'open',
    path: '/srv/acc.sqlite',
    reason: 'it was made by a later version of acc',
  }),
];

const WARNINGS: Readonly<Record<Warning['kind'], string>> = {
  tainted: 'dev-43 (train) is kept but will not be reused: changed while the job ran: sales.csv',
  unsound:
    'Method train is unsound, so that its jobs may be reused wrongly: import() of a computed path in lib/load.ts:3',
  damaged: 'dev-12 (clean) is not reused: summary.json is missing',
  script: 'no sales before 2019',
  takeover: 'dev-42 was left unfinished by process 812, which has ended; dev-43 replaces it',
  retry: 'dev-43 failed; trying again (1 of 2)',
  expired: 'Method train: `equivalentTo` does not name the present code, so it counts for nothing',
};

test('every text about a failure is approved and reads well', () => {
  const text = everyText();
  if (process.env['APPROVE'] === '1') writeFileSync(APPROVED, text);
  expect(text).toBe(readFileSync(APPROVED, 'utf8'));
});

test('the short text of a job error is its first line', () => {
  for (const failure of Object.values(FAILURES).flat()) {
    const { shortMessage, message } = jobErrorText(failure);
    expect(shortMessage).not.toContain('\n');
    expect(message.startsWith(shortMessage)).toBe(true);
  }
});

function everyText(): string {
  const system = SYSTEM_ERRORS.flatMap((error) => [...systemErrorLines(error, presentation), '']);
  const internal = internalErrorLines(
    Object.assign(new Error('x'), {
      stack: 'Error: Internal error: no such state\n    at f (a.js:1:2)',
    }),
    ['acc 0.1.0', 'node v20.19.0', 'linux x64'],
  );
  const stack = 'TypeError: rows is not iterable\n    at main (/home/ada/shop/build.ts:5:3)';
  return [
    title('a job did not succeed'),
    ...Object.values(FAILURES)
      .flat()
      .flatMap((failure) => [...failureLines(failure, presentation), '']),
    title('the author made a mistake'),
    ...usageErrorLines(new UsageError(PROBLEMS), presentation),
    '',
    title('the machine is at fault'),
    ...system,
    title('the script itself threw'),
    ...scriptErrorLines('build.ts', stack, presentation),
    '',
    title('the script ended early'),
    ...earlyEndLines('build.ts', { kind: 'exited', exitCode: 0 }, presentation),
    ...earlyEndLines('build.ts', { kind: 'waits_for_ever' }, presentation),
    '',
    title('warnings'),
    ...Object.entries(WARNINGS).map(([kind, message]) =>
      warningLine(
        { type: 'warning', kind: kind as Warning['kind'], job: null, message },
        presentation,
      ),
    ),
    '',
    title('interrupted'),
    interruptedLine(presentation),
    '',
    title('acc is at fault'),
    ...internal,
    '',
  ].join('\n');
}

function title(text: string): string {
  return `=== ${text} ===\n`;
}
