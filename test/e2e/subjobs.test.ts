// Jobs that are built inside a stage: recorded with their parent, part of whether it is current, never endless.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, runWith, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/parent.ts': `import { defineMethod, z } from 'acc-engine';

export default defineMethod({
  options: { n: z.number().default(2) },
  async prepare({ build, options }) {
    return await build('child', { n: options.n });
  },
  async synthesis({ build, prepareRes, options, job }) {
    const again = await build('child', { n: options.n });
    const both = await build('pair', { left: prepareRes, right: build('child', { n: 5 }) }, { name: 'both' });
    return { sum: await both.load(), same: prepareRes.id === again.id, parent: String(again.parent) };
  },
});
`,
  'methods/child.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  synthesis: ({ options }) => options.n * 10,
});
`,
  'methods/pair.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { left: job(), right: job() },
  synthesis: async ({ jobs }) => Number(await jobs.left.load()) + Number(await jobs.right.load()),
});
`,
  'build.ts': script("note(await (await urd.build('parent')).load());"),
};

const HEN_AND_EGG = {
  'methods/hen.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: async ({ build }) => String(await build('egg')) });
`,
  'methods/egg.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: async ({ build }) => String(await build('hen')) });
`,
};

test('subjobs are built in prepare and synthesis, recorded, and belong to their parent', async () => {
  await using project = await Project.create(FILES);
  const first = await run(project);
  expect(first, first.stderr).toMatchObject({
    code: 0,
    built: ['both', 'child', 'child', 'parent'],
    reused: ['child'],
  });
  expect(notes(first)).toEqual([{ sum: 70, same: true, parent: 'dev-0' }]);
  const post = JSON.parse(await project.read('workdirs/dev/dev-0/post.json')) as {
    subjobs: { id: string; method: string; built: boolean }[];
  };
  expect(post.subjobs).toMatchObject([
    { id: 'dev-1', method: 'child', built: true },
    { id: 'dev-2', method: 'child', built: true },
    { id: 'dev-3', method: 'pair', built: true },
  ]);
  const shown = await project.acc('job', 'dev-1', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ id: 'dev-1', setup: { parent: 'dev-0' } });
  const again = await run(project);
  expect(again).toMatchObject({ code: 0, built: [], reused: ['parent'] });
});

test('a parent is not current when a method of its subjobs changed, and tells so', async () => {
  await using project = await Project.create(FILES);
  await run(project);
  // The same output: the parent runs because what it built is not known to be what it would build now.
  await project.edit('methods/child.ts', 'options.n * 10', '10 * options.n');
  const refactored = await run(project);
  expect(refactored).toMatchObject({ code: 0, built: ['child', 'child', 'parent'] });
  expect(refactored.build('parent').reasons).toEqual([{ kind: 'subjob', subject: 'child' }]);
  expect(await run(project)).toMatchObject({ built: [], reused: ['parent'] });

  await project.edit('methods/pair.ts', ' + ', ' - ');
  const changed = await run(project);
  expect(changed.built).toEqual(['both', 'parent']);
  expect(changed.build('parent').reasons).toEqual([{ kind: 'subjob', subject: 'pair' }]);
  expect(notes(changed)).toEqual([expect.objectContaining({ sum: -30 })]);

  // The jobs of before are current again.
  await project.edit('methods/pair.ts', ' - ', ' + ');
  expect(await run(project)).toMatchObject({ built: [], reused: ['parent'] });
});

test('a parent is not current when a file changed that only its subjob has read', async () => {
  await using project = await Project.create({
    ...FILES,
    'in.csv': 'a\n1\n2\n',
    'methods/parent.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ build }) {
    const source = await build('middle');
    return (await source.load()) as number;
  },
});
`,
    'methods/middle.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  env: ['REGION'],
  async synthesis({ build }) {
    const imported = await build('csvimport', { filename: 'in.csv' });
    return imported.dataset().shape[1];
  },
});
`,
  });
  expect(notes(await run(project))).toEqual([2]);
  expect(await run(project)).toMatchObject({ built: [] });

  await project.write({ 'in.csv': 'a\n1\n2\n3\n' });
  const more = await run(project);
  expect(more.built).toEqual(['csvimport', 'middle', 'parent']);
  expect(notes(more)).toEqual([3]);
  expect(more.build('parent').reasons).toEqual([{ kind: 'subjob', subject: 'middle' }]);

  expect((await runWith(project, [], { REGION: 'north' })).built).toEqual(['middle', 'parent']);
  await project.write({ 'in.csv': 'a\n1\n2\n' });
  expect(notes(await run(project))).toEqual([2]);
});

test('a failing subjob rejects in its parent, which may go on without it', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/bad.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis() { throw new Error('bad luck'); } });
`,
    'methods/parent.ts': `import { defineMethod, JobError, z } from 'acc-engine';
export default defineMethod({
  options: { careful: z.boolean() },
  async synthesis({ build, options }) {
    try {
      await build('bad');
    } catch (error) {
      if (!options.careful) throw error;
      return [error instanceof JobError, error.job, error.failure.kind, error.shortMessage];
    }
  },
});
`,
    'build.ts': script(
      "const careless = await urd.build('parent', { careful: false }).catch((e) => e);",
      'note(careless.failure.error.message);',
      "note(await (await urd.build('parent', { careful: true })).load());",
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, failed: ['bad', 'bad', 'parent'], built: ['parent'] });
  const [message, caught] = notes(result);
  expect(message).toBe('dev-1 (bad) failed in synthesis: Error: bad luck');
  expect(caught).toEqual([
    true,
    'dev-3',
    'threw',
    'dev-3 (bad) failed in synthesis: Error: bad luck',
  ]);
  // What went wrong is told once, where it went wrong.
  const { stdout } = await project.acc('run');
  const lines = stdout.split('\n').filter((line) => /^ .*(?:bad luck|because its)/u.test(line));
  expect(lines).toEqual([
    '  dev-5 (bad) failed in synthesis: Error: bad luck',
    '  dev-4 (parent) failed in synthesis, because its subjob dev-5 (bad) failed: see acc job dev-5',
  ]);
});

test('mistakes in a subjob build are told in the stage that made it', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/parent.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { what: z.string() },
  prepare() {},
  analysis({ options, ...rest }) {
    if (options.what === 'analysis') (rest as { build(name: string): void }).build('child');
  },
  async synthesis({ build, options }) {
    if (options.what === 'name') await build('chidl');
    if (options.what === 'inputs') await build('child', { m: 1 });
    if (options.what === 'setting') await build('child', { n: 1 }, { whyBuild: true });
  },
});
`,
    'build.ts': script(
      "for (const what of ['name', 'inputs', 'setting', 'analysis']) {",
      "  note(await urd.build('parent', { what }).catch((e) => e.failure.error.message));",
      '}',
    ),
  });
  const result = await run(project);
  expect(result).toMatchObject({
    code: 1,
    failed: ['parent', 'parent', 'parent', 'parent'],
    built: [],
  });
  expect(notes(result)).toMatchInlineSnapshot(`
    [
      "There is no method "chidl". Did you mean "child"?",
      "Method \`child\` has no input \`m\`. It takes n.
    Option \`n\` of method \`child\`: expected a number, got nothing",
      "Build of \`child\`: setting \`whyBuild\` cannot be used in a stage, which needs the job to go on. Use it where a build script builds the method.",
      "Method \`child\` cannot be built in analysis, which runs once per slice. Build it in prepare or synthesis.",
    ]
  `);
});

test('a subjob that builds its parent is refused instead of waiting for ever', async () => {
  await using project = await Project.create({
    ...FILES,
    ...HEN_AND_EGG,
    'build.ts': script("await urd.build('hen');"),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, failed: ['egg', 'hen'], built: [] });
  expect(JSON.stringify(result.build('egg').failure)).toContain('builds itself');
});

test('two jobs that build each other as subjobs do not wait for each other for ever', async () => {
  await using project = await Project.create({
    ...FILES,
    ...HEN_AND_EGG,
    'build.ts': script("await Promise.allSettled([urd.build('hen'), urd.build('egg')]);"),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, built: [] });
  expect(JSON.stringify(result.events)).toContain('builds itself');
});

test('subjobs are nested at most five deep', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/nest.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { depth: z.number() },
  async synthesis({ build, options }) {
    if (options.depth === 0) return 0;
    return Number(await (await build('nest', { depth: options.depth - 1 })).load()) + 1;
  },
});
`,
    'build.ts': script(
      "note(await (await urd.build('nest', { depth: 5 })).load());",
      "note(await urd.build('nest', { depth: 12 }).catch((e) => e.message));",
    ),
  });
  const result = await run(project, '--concurrency', '1');
  const [depth, message] = notes(result);
  expect(depth, result.stderr).toBe(5);
  expect(message).toContain('Subjobs are nested at most 5 deep; `nest` would be one more');
  expect(result.built).toHaveLength(6);
});

test('a subjob that nobody awaits belongs to its parent all the same, and fails it', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/parent.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare({ build }) {
    void build('pair', { left: build('child', { n: 1 }), right: build('child', { n: 2 }) });
  },
});
`,
  });
  const first = await run(project);
  expect(first.built, first.stderr).toEqual(['child', 'child', 'pair', 'parent']);
  await project.edit('methods/pair.ts', ' + ', ' - ');
  expect((await run(project)).built).toEqual(['pair', 'parent']);
  await project.edit('methods/pair.ts', 'Number(await jobs.left.load())', "Number('x')()");
  const failing = await run(project);
  expect(failing).toMatchObject({ code: 1, failed: ['pair', 'parent'] });
});

test.each([
  [
    'a file that does not parse',
    'const rows == 3;',
    'methods/broken.ts:2:12',
    '    const rows == 3;',
  ],
  [
    'an import that is not there',
    "import './rond.ts';",
    'methods/broken.ts:2:8',
    "    import './rond.ts';",
  ],
  [
    'a name that is not exported',
    "import { rows } from './parent.ts';\nconsole.log(rows);",
    'methods/broken.ts:2:10',
    "    import { rows } from './parent.ts';",
  ],
])('a mistake in the method of a subjob keeps its place: %s', async (_, text, place, frame) => {
  await using project = await Project.create({
    'methods/parent.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis: async ({ build }) => String(await build('broken')),
});
`,
    'methods/broken.ts': `import { defineMethod } from 'acc-engine';
${text}
export default defineMethod({ synthesis: () => 1 });
`,
    'build.ts': script("await urd.build('parent');"),
  });
  const { code, failed } = await run(project);
  expect({ code, failed }).toEqual({ code: 1, failed: ['parent'] });
  const shown = await project.acc('job', 'dev-0');
  const lines = shown.stdout.split('\n');
  const at = lines.findIndex((line) => line.trim() === place);
  expect(lines[at - 1], shown.stdout).toMatch(/failed in synthesis: UsageError: \S/u);
  expect(lines[at + 1]).toContain(frame);
  expect(lines[at + 2]).toMatch(/^ +~+$/u);
  expect(lines[at + 3]).toMatch(/at .*methods\/parent\.ts:3:/u);
});

test('a subjob whose parent has timed out is finished before the run ends', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/parent.ts': `import { writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  timeout: 1500,
  async prepare({ build, job, signal }) {
    const stopped = new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        writeFileSync(job.inputDirectory + '/stopped', '');
        reject(new Error('stopped'));
      });
    });
    await Promise.race([build('slow'), stopped]);
  },
});
`,
    'methods/slow.ts': `import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ job }) {
    while (!existsSync(job.inputDirectory + '/stopped')) await setTimeout(5);
    return await setTimeout(300, 'done');
  },
});
`,
    'build.ts': script("urd.build('parent');"),
  });
  const first = await run(project);
  expect(first, first.stderr).toMatchObject({ code: 1, failed: ['parent'], built: ['slow'] });
  await project.write({ 'build.ts': script("note(await (await urd.build('slow')).load());") });
  const second = await run(project);
  expect(second.reused).toEqual(['slow']);
  expect(notes(second)).toEqual(['done']);
});
