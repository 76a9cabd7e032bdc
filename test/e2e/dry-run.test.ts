// `acc run --dry-run`: what would be built, and why, without building, recording or linking anything.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/number.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => options.n });
`,
  'methods/sum.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { numbers: job().array() },
  async synthesis({ jobs }) {
    let sum = 0;
    for (const number of jobs.numbers) sum += Number(await number.load());
    return sum;
  },
});
`,
  'build.ts': script(
    "const numbers = [1, 2].map((n) => urd.build('number', { n: n * Number(urd.flags.times ?? 1) }));",
    "const sum = await urd.build('sum', { numbers });",
    'sum.linkResult();',
    'note(sum.method);',
    'note(await sum.load());',
    "await urd.build('number', { n: 99 });",
  ),
};

test('a dry run of a new project builds nothing, records nothing and leaves no link', async () => {
  await using project = await Project.create(FILES);
  const dry = await run(project, '--dry-run');
  expect(dry).toMatchObject({ code: 0, built: [] });
  const planned = dry.events.filter((event) => event.type === 'build_ended');
  expect(planned.map(({ method, state, job, reasons }) => [method, state, job, reasons])).toEqual([
    ['number', 'would_build', null, [{ kind: 'never_built', subject: 'number' }]],
    ['number', 'would_build', null, [{ kind: 'never_built', subject: 'number' }]],
    ['sum', 'would_build', null, [{ kind: 'input', subject: 'number' }]],
  ]);
  // The script can go on with a job that is not there until it needs what is in it.
  expect(notes(dry)).toEqual(['sum']);
  // And where that was is told: what it would build from there on is not known.
  expect(dry.events.at(-1)).toMatchObject({
    type: 'run_ended',
    wouldBuild: 3,
    built: 0,
    stoppedAt: {
      method: 'sum',
      member: 'load',
      where: { file: project.path('build.ts'), line: 8, column: 18 },
    },
  });
  expect(project.exists('results')).toBe(false);
  const jobs = await project.acc('jobs', '--json');
  expect(jobs.stdout.trim()).toBe('[]');
});

test('a dry run that ends in an exception of the script about it ends as planned', async () => {
  await using project = await Project.create({
    ...FILES,
    'wrapped.ts': script(
      "const one = await urd.build('number', { n: 1 });",
      'try { await one.load(); }',
      "catch (cause) { throw new Error('no number', { cause }); }",
    ),
    'several.ts': script(
      "const one = await urd.build('number', { n: 1 });",
      'try { await one.load(); }',
      "catch (cause) { throw new AggregateError([new Error('a mistake')], 'all', { cause }); }",
    ),
  });
  const wrapped = await run(project, '--dry-run', 'wrapped.ts');
  expect(wrapped.code).toBe(0);
  expect(wrapped.events.at(-1)).toMatchObject({ stoppedAt: { method: 'number', member: 'load' } });
  expect((await run(project, '--dry-run', 'several.ts')).code).toBe(1);
});

test('a dry run after an edit tells exactly what would run; what can be reused is reused', async () => {
  await using project = await Project.create(FILES);
  const built = await run(project);
  expect(notes(built)).toEqual(['sum', 3]);
  const all = await run(project, '--dry-run');
  expect(all).toMatchObject({ code: 0, reused: ['number', 'number', 'number', 'sum'] });
  expect(all.events.at(-1)).toMatchObject({ type: 'run_ended', stoppedAt: null });
  expect(notes(all)).toEqual(['sum', 3]);

  const dry = await run(project, '--dry-run', '--flag', 'times=2');
  // 2 = 1 × 2 is there already; 4 is not, so the sum would have to be built.
  expect(dry).toMatchObject({ code: 0, reused: ['number'], built: [] });
  const planned = dry.events.filter(
    (event) => event.type === 'build_ended' && event.state === 'would_build',
  );
  expect(planned).toMatchObject([
    { method: 'number', reasons: [{ kind: 'option', subject: 'n', after: '4' }] },
    { method: 'sum', reasons: [{ kind: 'input', subject: 'number' }] },
  ]);
  const text = await project.acc('run', '--dry-run', '--flag', 'times=2');
  expect(text.stdout.replaceAll(/ in \d.*/gu, '')).toMatchInlineSnapshot(`
    "dev-1   number        reused
    -       number        would build
        because option n 99 → 4
    -       sum           would build
        because its input number would be built first
    NOTE "sum"
    stopped at build.ts:8:18  the script needs \`load\` of the job of \`sum\`, which would be built first; what follows is not known
    built 0, reused 1, failed 0, would build 2
    "
  `);
});

test('a dry run meets the same mistakes as a run', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script("await urd.build('nmber', { n: 1 });"),
  });
  const dry = await run(project, '--dry-run');
  expect(dry).toMatchObject({ code: 2 });
  expect(dry.stderr).toContain('Did you mean "number"?');
});
