// The correctness corpus, part three: inputs that change at the wrong time, and inputs that do not fit.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const COPY = `import { readFileSync } from 'node:fs';
import { defineMethod, inputFile } from 'acc-engine';

export default defineMethod({
  options: { file: inputFile() },
  synthesis({ options, job }) {
    const text = readFileSync(options.file, 'utf8');
    job.write('copy.txt', text);
    return text.length;
  },
});
`;

const SIZE = `import { defineMethod, job } from 'acc-engine';

export default defineMethod({
  jobs: { source: job() },
  synthesis: ({ jobs }) => jobs.source.load(),
});
`;

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/copy.ts': COPY,
  'methods/size.ts': SIZE,
  'data.txt': 'one two\n',
  'build.ts': script(
    "const copy = urd.build('copy', { file: 'data.txt' });",
    "urd.build('size', { source: copy });",
  ),
};

test('a job whose input was edited while it ran is kept but never reused', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/copy.ts': COPY.replace(
      'return text.length',
      `writeFileSync(options.file, 'edited meanwhile, by ' + text);
    return text.length`,
    ).replace('readFileSync }', 'readFileSync, writeFileSync }'),
  });
  const tainted = await run(project);
  expect(tainted).toMatchObject({ code: 0, built: ['copy', 'size'] });
  expect(tainted.warnings).toEqual([
    'dev-0 (copy) is kept but will not be reused: changed while the job ran: data.txt',
  ]);
  expect(project.exists('workdirs/dev/dev-0/copy.txt')).toBe(true);

  // With the old content the tainted job would answer, if it could be trusted.
  await project.write({ 'data.txt': 'one two\n', 'methods/copy.ts': COPY });
  await project.write({ 'data.txt': 'one two\n' });
  expect(await run(project)).toMatchObject({ code: 0, built: ['copy'], reused: ['size'] });
  expect(await run(project)).toMatchObject({ code: 0, built: [], warnings: [] });
});

test('a job whose input was edited and put back while it ran is never reused', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/copy.ts': COPY.replace(
      "const text = readFileSync(options.file, 'utf8');",
      `const before = readFileSync(options.file, 'utf8');
    writeFileSync(options.file, 'ONE TWO\\n');
    const text = readFileSync(options.file, 'utf8');
    writeFileSync(options.file, before);`,
    ).replace('readFileSync }', 'readFileSync, writeFileSync }'),
  });
  const tainted = await run(project);
  expect(await project.read('data.txt')).toBe('one two\n');
  expect(tainted.warnings).toEqual([
    'dev-0 (copy) is kept but will not be reused: changed while the job ran: data.txt',
  ]);
});

test('a job whose file in dependsOn was edited and put back while it ran is never reused', async () => {
  await using project = await Project.create({
    'rates.json': '[1]',
    'methods/rates.ts': `import { readFileSync, writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';

export default defineMethod({
  dependsOn: ['../rates.json'],
  synthesis() {
    writeFileSync('rates.json', '[2]');
    const text = readFileSync('rates.json', 'utf8');
    writeFileSync('rates.json', '[1]');
    return text;
  },
});
`,
    'build.ts': script("await urd.build('rates');"),
  });
  expect((await run(project)).warnings).toEqual([
    'dev-0 (rates) is kept but will not be reused: changed while the job ran: ../rates.json',
  ]);
});

test('a tainted job is executed again by the next run of the same inputs', async () => {
  await using project = await Project.create({
    ...FILES,
    // Edits its input and, in the first run, puts it back when everything is over.
    'methods/copy.ts': COPY.replace(
      'return text.length',
      `if (!existsSync('edited-once')) {
      writeFileSync('edited-once', '');
      writeFileSync(options.file, text + 'more');
    }
    return text.length`,
    ).replace('readFileSync }', 'existsSync, readFileSync, writeFileSync }'),
  });
  expect((await run(project)).warnings).toHaveLength(1);
  await project.write({ 'data.txt': 'one two\n' });
  const again = await run(project, '--why');
  expect(again).toMatchObject({ code: 0, built: ['copy'], reused: ['size'], warnings: [] });
  expect(again.build('copy').reasons).toEqual([
    { kind: 'tainted', subject: 'dev-0', before: 'changed while the job ran: data.txt' },
  ]);
  const { stdout } = await project.acc('jobs', '--state', 'tainted', '--json');
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'dev-0', state: 'finished' }]);
});

test('all wrong inputs of a build are reported at once, each with its place', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/much.ts': `import { dataset, defineMethod, inputFile, job, z } from 'acc-engine';

export default defineMethod({
  options: { limit: z.number().int(), mode: z.enum(['fast', 'slow']), file: inputFile() },
  datasets: { source: dataset() },
  jobs: { parts: job().array() },
});
`,
    'build.ts': `export default async function main(urd) {
  await urd.build('much', {
    limt: 10,
    limit: '10',
    mode: 'fats',
    file: '../outside.txt',
    source: 5,
    parts: 'dev-0',
  });
}
`,
  });
  const { code, stderr, events } = await run(project);
  expect(code).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "build.ts:3:5  Method \`much\` has no input \`limt\`
        limt: 10,
        ~~~~
        Did you mean "limit"?
    build.ts:7:5  Dataset \`source\` of method \`much\`: expected a dataset, got 5 (number)
        source: 5,
        ~~~~~~
    build.ts:8:5  Job \`parts\` of method \`much\`: expected a list of jobs, got "dev-0" (string)
        parts: 'dev-0',
        ~~~~~
        Put it into a list: \`[…]\`.
    build.ts:4:5  Option \`limit\` of method \`much\`: expected an integer, got "10" (string)
        limit: '10',
        ~~~~~
    build.ts:5:5  Option \`mode\` of method \`much\`: expected one of "fast", "slow", got "fats" (string)
        mode: 'fats',
        ~~~~
        Did you mean "fast"?
    build.ts:6:5  Option \`file\` of method \`much\`: expected the name of a file, relative to the input directory and inside it, got "../outside.txt" (string)
        file: '../outside.txt',
        ~~~~
    "
  `);
  expect(events.filter(({ type }) => type === 'build_ended')).toEqual([]);
});

test('missing files are mistakes that name the directory they were looked for in', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/part.ts': `import { defineMethod, jobFile } from 'acc-engine';
export default defineMethod({ options: { file: jobFile() }, dependsOn: ['../rates.json'] });
`,
    'build.ts': script(
      "urd.build('copy', { file: 'dta.txt' });",
      "const copy = await urd.build('copy', { file: 'data.txt' });",
      "urd.build('part', { file: copy.withFile('copi.txt') });",
    ),
  });
  const { code, stderr } = await run(project);
  expect(code).toBe(2);
  expect(stderr.replaceAll(project.directory, 'PROJECT')).toMatchInlineSnapshot(`
    "build.ts:4:30  Input file dta.txt does not exist in PROJECT
        urd.build('copy', { file: 'dta.txt' });
                                   ~~~~~~~
        Did you mean "data.txt"?
    build.ts:6:44  Job dev-0 (copy) has no file "copi.txt"
        urd.build('part', { file: copy.withFile('copi.txt') });
                                                 ~~~~~~~~
        \`acc job dev-0\` lists its files.
    methods/part.ts:2:74  Method \`part\` depends on ../rates.json, which does not exist
        …d({ options: { file: jobFile() }, dependsOn: ['../rates.json'] });
                                                        ~~~~~~~~~~~~~
        Paths in \`dependsOn\` are relative to the method’s file.
    "
  `);
});

test('an input file counts by its content also where an option makes something else of it', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/made.ts': `import { readFileSync } from 'node:fs';
import { defineMethod, inputFile } from 'acc-engine';
export default defineMethod({
  options: {
    path: inputFile().transform((file) => file.filename()),
    text: inputFile().transform((file) => readFileSync(file, 'utf8')),
  },
  synthesis: ({ options }) => [Object.keys(options), readFileSync(options.path, 'utf8'), options.text],
});
`,
    'build.ts': script(
      "note(await (await urd.build('made', { path: 'data.txt', text: 'text.txt' })).load());",
    ),
    'text.txt': 'a',
  });
  const names = ['path', 'text'];
  expect(notes(await run(project))).toEqual([[names, 'one two\n', 'a']]);
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ['made'] });
  await project.write({ 'data.txt': 'three' });
  const changed = await run(project);
  expect(notes(changed)).toEqual([[names, 'three', 'a']]);
  expect(changed.build('made').reasons).toEqual([{ kind: 'file', subject: 'data.txt' }]);
  await project.write({ 'text.txt': 'b' });
  expect(notes(await run(project))).toEqual([[names, 'three', 'b']]);
});

test('the name of a workdir is not looked for among what all objects have', async () => {
  await using project = await Project.create(FILES);
  for (const id of ['constructor-1', '__proto__-1']) {
    await project.write(sizeOf(id));
    const wrong = await run(project);
    expect(wrong).toMatchObject({ code: 2, built: [] });
    expect(wrong.stderr).toContain(`there is no finished job ${id}`);
  }
});

test('what a transformation makes of the order of an option is not taken from memory for another order', async () => {
  await using project = await Project.create({
    'methods/ordered.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: {
    set: z.set(z.string()).transform((set) => [...set]),
    map: z.map(z.string(), z.record(z.string(), z.number())).transform((map) => [...map.values()].flatMap(Object.keys)),
    record: z.record(z.string(), z.number()).transform(Object.keys),
  },
  synthesis: ({ options }) => options,
});
`,
    'build.ts': script(
      "for (const names of [['b', 'a'], ['a', 'b']]) {",
      '  const record = Object.fromEntries(names.map((name) => [name, 1]));',
      "  const none = { set: new Set<string>(), map: new Map([['x', {}]]), record: {} };",
      "  const one = { set: new Set(names) }, other = { map: new Map([['x', record]]) };",
      '  for (const options of [one, other, { record }]) {',
      "    const job = await urd.build('ordered', { ...none, ...options });",
      '    note(Object.values(await job.load()).flat().join(""));',
      '  }',
      '}',
    ),
  });
  const expected = ['ba', 'ba', 'ba', 'ab', 'ab', 'ab'];
  for (const time of ['first', 'second']) expect(notes(await run(project)), time).toEqual(expected);
});

test('options of every kind arrive in the stage as they were validated', async () => {
  await using project = await Project.create({
    'methods/kinds.ts': `import { defineMethod, inputFile, jobFile, z } from 'acc-engine';

export default defineMethod({
  options: {
    date: z.date(),
    big: z.bigint(),
    set: z.set(z.string()),
    map: z.map(z.string(), z.date()),
    nested: z.object({ files: z.array(inputFile()), list: z.array(z.number().nullable()) }),
    text: z.string().transform((text) => text.toUpperCase()),
    left: z.number().optional(),
    odd: z.number(),
    jobs: z.array(jobFile()).default([]),
  },
  async synthesis({ options, params }) {
    return {
      date: options.date.getTime(),
      big: String(options.big + 1n),
      set: [...options.set],
      map: [...options.map].map(([key, date]) => [key, date.getTime()]),
      files: options.nested.files.map((file) => file.name),
      list: options.nested.list,
      text: options.text,
      left: String(options.left),
      odd: Object.is(options.odd, -0),
      jobs: await Promise.all(options.jobs.map((file) => file.loadJson())),
      same: params.options.text === options.text,
    };
  },
});
`,
    'methods/saves.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis({ job }) { job.saveJson({ saved: 1 }, 'a.json'); } });
`,
    'data.txt': 'x',
    'build.ts': script(
      "const saves = await urd.build('saves');",
      "const options = { date: new Date(86400000), big: 2n ** 70n, set: new Set(['b', 'a']),",
      "  map: new Map([['x', new Date(1)]]), nested: { files: ['./data.txt'], list: [1, null] },",
      "  text: 'abc', odd: -0, jobs: [saves.withFile('a.json')] };",
      "note(await (await urd.build('kinds', options)).load());",
    ),
  });
  const first = await run(project);
  expect(notes(first), first.stderr).toEqual([
    {
      date: 86_400_000,
      big: String(2n ** 70n + 1n),
      set: ['a', 'b'],
      map: [['x', 1]],
      files: ['data.txt'],
      list: [1, null],
      text: 'ABC',
      left: 'undefined',
      odd: true,
      jobs: [{ saved: 1 }],
      same: true,
    },
  ]);
  expect(await run(project)).toMatchObject({ built: [], reused: ['kinds', 'saves'] });
});

test('a job whose input cannot be looked at when it has ended can be built again by the same run', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': `import { rmSync, writeFileSync } from 'node:fs';
import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  await urd.build('copy', { file: 'data.txt' }).catch((error) => urd.warn(error.message));
  rmSync('data.txt', { recursive: true });
  writeFileSync('data.txt', 'one two\\n');
  await urd.build('copy', { file: 'data.txt' }, { timeout: '10s' });
}
`,
  });
  const becomes = (what: string): Promise<void> =>
    project.write({
      'methods/copy.ts': COPY.replace(
        'return text.length',
        `rmSync(options.file.filename());
    ${what}
    return text.length`,
      ).replace('readFileSync }', 'mkdirSync, readFileSync, rmSync, symlinkSync }'),
    });

  // A link to itself: the operating system refuses to look at it, which is nobody's change.
  await becomes("if (job.number === 0) symlinkSync('data.txt', options.file.filename());");
  const refused = await run(project);
  expect(refused.warnings[0]).toContain('Cannot look at');
  expect(refused.events).not.toContainEqual(expect.objectContaining({ type: 'waiting' }));

  // A directory is a change like any other.
  await project.write({ 'data.txt': 'one two\n' });
  await becomes('mkdirSync(options.file.filename());');
  await project.edit('methods/copy.ts', 'options: {', "dependsOn: ['../data.txt'],\n  options: {");
  const tainted = await run(project);
  expect(tainted.built, tainted.stderr).toEqual(['copy', 'copy']);
  expect(tainted.warnings).toEqual([
    expect.stringContaining('is kept but will not be reused'),
    expect.stringContaining('is kept but will not be reused'),
  ]);
});

function sizeOf(id: string): Record<string, string> {
  return { 'build.ts': script(`await urd.build('size', { source: '${id}' });`) };
}
