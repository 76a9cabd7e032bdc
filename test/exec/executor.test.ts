import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { JobOutcome } from '../../src/exec/job-run.ts';
import type { SubjobReply } from '../../src/model/stage.ts';
import { ExecRig, UNTIL_STOPPED, printedText } from './exec-rig.ts';

let rig: ExecRig;

beforeAll(async () => {
  rig = await ExecRig.create({ graceMs: 500 });
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

/** The results of the stages, which the fixture worker shows as registered files. */
function results(outcome: JobOutcome): string[] {
  return outcome.ok ? Object.keys(outcome.state.files) : [JSON.stringify(outcome.failure)];
}

describe('stages', () => {
  test('hand on what they return, slices in slice order', async () => {
    const outcome = await rig.run({
      slices: 3,
      code: `
        export function prepare() { return { base: 10 }; }
        export function analysis({ task, sliceno, decode }) {
          return decode(task.state.prepareRes).base + sliceno;
        }
        export function synthesis({ task, decode }) {
          return [decode(task.state.prepareRes).base, task.state.analysisRes.map(decode)];
        }
      `,
    });
    expect(results(outcome).at(-1)).toBe('[10,[10,11,12]]');
    expect(Object.keys(outcome.execMs)).toEqual(['prepare', 'analysis', 'synthesis', 'total']);
    expect(outcome.execMs.analysis).toHaveLength(3);
  });

  test.each([1, 5_000_000])(
    'a result of %i characters is not copied with the buffer it is a view of',
    async (length) => {
      const outcome = await rig.run({
        code: `
          export function prepare() { return 'x'.repeat(${length}); }
          export function synthesis({ task, decode }) {
            const { prepareRes } = task.state;
            return [decode(prepareRes).length, prepareRes.buffer.byteLength];
          }
        `,
      });
      expect(results(outcome).at(-1)).toBe(`[${length},${length + 2}]`);
    },
  );

  test('a method without stages is sealed, and no stage is announced', async () => {
    const job = rig.start({ code: '' });
    expect(await job.outcome).toMatchObject({ ok: true });
    expect(job.notices).toEqual([]);
  });

  test('each stage is announced once', async () => {
    const job = rig.start({
      slices: 3,
      code: 'export function analysis() {} export function synthesis() {}',
    });
    await job.outcome;
    const stages = job.notices.flatMap((notice) =>
      notice.kind === 'stage_started' ? [notice.stage] : [],
    );
    expect(stages).toEqual(['analysis', 'synthesis']);
  });

  test('at most as many slices of a job run at once as its limit says', async () => {
    const outcome = await rig.run({
      slices: 6,
      limits: { concurrency: 1 },
      code: `
        import { readFileSync, writeFileSync } from 'node:fs';
        export function prepare({ task }) { writeFileSync(task.job.path + '/running', '0'); }
        export async function analysis({ task }) {
          const file = task.job.path + '/running';
          writeFileSync(file, String(Number(readFileSync(file, 'utf8')) + 1));
          await new Promise(setImmediate);
          const running = readFileSync(file, 'utf8');
          writeFileSync(file, String(Number(running) - 1));
          if (running !== '1') throw new Error(running + ' slices at once');
        }
      `,
    });
    expect(outcome).toMatchObject({ ok: true });
  });
});

describe('finishing early', () => {
  test('in prepare skips the other stages and leaves the result to the sealing task', async () => {
    const outcome = await rig.run({
      code: `
        export function prepare({ early }) { return early('soon'); }
        export function analysis() { return 'never'; }
        export function synthesis() { return 'never'; }
      `,
    });
    expect(results(outcome)).toEqual(['"soon"']);
    expect(Object.keys(outcome.execMs)).toEqual(['prepare', 'total']);
  });

  test('in all slices skips synthesis', async () => {
    const outcome = await rig.run({
      code: `
        export function analysis({ early }) { return early(); }
        export function synthesis() { return 'never'; }
      `,
    });
    expect(results(outcome)).toEqual([]);
  });

  test('in some slices only is a failure that names them', async () => {
    const outcome = await rig.run({
      slices: 4,
      code: 'export function analysis({ early, sliceno }) { if (sliceno !== 2) return early(); }',
    });
    expect(outcome).toMatchObject({
      failure: {
        kind: 'invalid_output',
        stage: { name: 'analysis', sliceno: 0 },
        message:
          '`finishEarly` must be called in all slices or in none, but slices 0, 1 and 3 called it and slice 2 did not',
      },
    });
  });
});

describe('a stage that fails', () => {
  test('by throwing gives name, message, status and the last lines it printed', async () => {
    const outcome = await rig.run({
      code: `
        export function prepare({ host }) {
          for (let line = 1; line <= 30; line++) console.log('line ' + line);
          host.status('reading › file 3');
          throw new RangeError('too many');
        }
      `,
    });
    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        kind: 'threw',
        stage: { name: 'prepare' },
        error: { name: 'RangeError', message: 'too many' },
        status: ['reading', 'file 3'],
        lastOutput: Array.from({ length: 20 }, (_, index) => `line ${index + 11}`),
      },
    });
  });

  test('stops the other slices of its job by their signal, and no other job', async () => {
    const other = rig.start({
      code: `export async function prepare() { console.log('up'); await new Promise(setImmediate); return 'fine'; }`,
    });
    const job = rig.start({
      slices: 4,
      code: `
        export async function analysis({ sliceno, host }) {
          if (sliceno === 1) throw new Error('slice one');
          ${UNTIL_STOPPED}
          console.log('stopped ' + sliceno);
        }
      `,
    });
    expect(await job.outcome).toMatchObject({
      failure: { kind: 'threw', stage: { name: 'analysis', sliceno: 1 } },
    });
    expect(printedText(job.notices)).toBe('stopped 0\n');
    expect(results(await other.outcome)).toContain('"fine"');
  });

  test('by `process.exit` gives the exit code', async () => {
    const job = rig.start({
      code: `export function synthesis() { console.log('leaving'); process.exit(7); }`,
    });
    expect(await job.outcome).toMatchObject({
      failure: {
        kind: 'exited',
        stage: { name: 'synthesis' },
        exitCode: 7,
        signal: null,
        lastOutput: ['leaving'],
      },
    });
    expect(printedText(job.notices)).toBe('leaving\n');
  });

  test('by `process.exit(0)` has failed too', async () => {
    const outcome = await rig.run({ code: 'export function prepare() { process.exit(); }' });
    expect(outcome).toMatchObject({ failure: { kind: 'exited', exitCode: 0 } });
  });

  test('by an error that reaches the event loop is told like one that it threw', async () => {
    const outcomes = await Promise.all([
      rig.run({
        code: `
          export async function prepare() {
            setImmediate(() => { throw new TypeError('in a callback'); });
            await new Promise((resolve) => setTimeout(resolve, 1e8));
          }
        `,
      }),
      rig.run({
        code: `
          export async function prepare() {
            void Promise.reject(new TypeError('not awaited'));
            await new Promise((resolve) => setTimeout(resolve, 1e8));
          }
        `,
      }),
      rig.run({
        code: `export function prepare() { void Promise.reject(new TypeError('left behind')); }`,
      }),
    ]);
    expect(outcomes.map((outcome) => !outcome.ok && outcome.failure)).toMatchObject([
      { kind: 'threw', error: { name: 'TypeError', message: 'in a callback' } },
      { kind: 'threw', error: { name: 'TypeError', message: 'not awaited' } },
      { kind: 'threw', error: { name: 'TypeError', message: 'left behind' } },
    ]);
  });

  test('because its output cannot be published says so', async () => {
    const outcome = await rig.run({
      code: `
        export function prepare({ InvalidOutputError }) { throw new InvalidOutputError('slice 1 is missing'); }
      `,
    });
    expect(outcome).toMatchObject({
      failure: { kind: 'invalid_output', message: 'slice 1 is missing' },
    });
  });

  test('because its module cannot be loaded has thrown', async () => {
    const outcome = await rig.run({ code: 'export function prepare() {} ; nonsense(;' });
    expect(outcome).toMatchObject({ failure: { kind: 'threw', error: { name: 'SyntaxError' } } });
  });
});

describe('reports of a stage', () => {
  test('output arrives in order and is kept per stage and slice', async () => {
    const job = rig.start({
      limits: { concurrency: 1 },
      code: `
        export function prepare() {
          console.log('a');
          process.stderr.write('b');
          process.stdout.write(Buffer.from('c\\n'));
          console.error('d');
        }
        export function analysis({ sliceno }) { console.log('slice', sliceno); }
      `,
    });
    await job.outcome;
    expect(printedText(job.notices)).toBe('a\nbc\nd\nslice 0\nslice 1\n');
    expect(await job.output('prepare')).toBe('a\nbc\nd\n');
    expect(await job.output('1')).toBe('slice 1\n');
  });

  test('rows and status add up over the slices, and the last ones are never lost', async () => {
    const job = rig.start({
      code: `
        export function analysis({ host, sliceno }) {
          for (let row = 0; row < 1000; row++) {
            host.rows(1);
            host.status('row ' + row);
          }
        }
      `,
    });
    await job.outcome;
    const progress = job.notices.filter((notice) => notice.kind === 'progress');
    expect(progress.at(-1)).toMatchObject({ slicesDone: 2, rows: 2000, status: {} });
    expect(progress.some((notice) => notice.status['1'] === 'row 999')).toBe(true);
    expect(progress.length).toBeLessThan(30);
  });
});

/** Answers a build call with what a job one level deeper returned, as the message of a refusal. */
async function buildInner(): Promise<SubjobReply> {
  const inner = await rig.run({
    depth: 1,
    code: 'export function synthesis() { return "inner"; }',
  });
  return { ok: false, failure: null, shortMessage: '', message: results(inner).join() };
}

describe('subjobs', () => {
  test('are built by the engine while the stage waits, at a depth with threads of its own', async () => {
    const code = `
      export async function prepare({ host }) {
        const inputs = new Uint8Array(2);
        return await host.build({ method: 'inner', inputs, settings: {} });
      }
      export function synthesis({ task, decode }) { return decode(task.state.prepareRes).message; }
    `;
    // As many parents as there are threads: with shared ones they would wait for ever.
    const outcomes = await Promise.all([0, 1, 2].map(() => rig.run({ code, build: buildInner })));
    expect(outcomes.map((outcome) => results(outcome).at(-1))).toEqual(
      Array.from({ length: 3 }, () => JSON.stringify('"inner"')),
    );
  });

  test('an error of the engine while it builds one is not taken for a failure of the job', async () => {
    const outcome = rig.run({
      build: () => Promise.reject(new Error('broken engine')),
      code: `
        export async function prepare({ host }) {
          const reply = await host.build({ method: 'x', inputs: new Uint8Array(), settings: {} });
          throw new Error(reply.message);
        }
      `,
    });
    await expect(outcome).rejects.toThrow('broken engine');
  });
});
