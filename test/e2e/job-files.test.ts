// The files of a job: what is saved and comes back, what is registered, what is passed on.

import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { Post } from '../../src/model/manifest.ts';
import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 3 };\n' };

test('saved values come back as they were, as msgpack and as JSON, whole and by slice', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/saves.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare({ job }) {
    return job.save({ early: 1n }, 'early');
  },
  analysis({ job, sliceno }) {
    job.save(new Map([[sliceno, 2n ** 80n]]), 'part', { sliceno });
    job.saveJson({ sliceno }, 'text.json', { sliceno });
  },
  async synthesis({ job, prepareRes }) {
    job.saveJson([1, { a: null }], 'whole.json');
    job.save('gone', 'scratch', { temp: true });
    const early = await prepareRes.load();
    const part = await job.load('part', { sliceno: 2 });
    return {
      early: early.early,
      part,
      scratch: await job.load('scratch'),
      set: new Set(['x']),
      when: new Date(86400000),
      bytes: new Uint8Array([1, 2]),
      floats: new Float64Array([0.5]),
      nested: { list: [undefined, null, -0, NaN] },
      job,
    };
  },
});
`,
    'build.ts': script(
      "const job = await urd.build('saves');",
      'const value = await job.load();',
      'note([value.early === 1n, [...value.part], [...value.set], value.when.getTime(), value.scratch]',
      "  .map((x) => JSON.parse(JSON.stringify(x, (_, v) => (typeof v === 'bigint' ? String(v) : v)))));",
      'note([value.bytes.constructor.name, value.floats.constructor.name, [...value.floats]]);',
      'note([value.nested.list[0] === undefined, value.nested.list[1], Object.is(value.nested.list[2], -0)]);',
      'note([value.job.id === job.id, value.job.filename("part", 1) === job.filename("part", 1)]);',
      "note([await job.loadJson('text.json', { sliceno: 1 }), await job.loadJson('whole.json')]);",
      "note([await job.load('none', { default: 'd' }), await job.loadJson('none', { default: 'e' })]);",
      "note((await job.read('whole.json', 'utf8')).length);",
      'note(job.files());',
      "note(job.files('part*'));",
      "note(await job.load('whole.jsn').catch((e) => [e.name, e.message, e.problems[0].hint]));",
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    [true, [[2, String(2n ** 80n)]], ['x'], 86_400_000, 'gone'],
    ['Uint8Array', 'Float64Array', [0.5]],
    [true, null, true],
    [true, true],
    [{ sliceno: 1 }, [1, { a: null }]],
    ['d', 'e'],
    '[\n  1,\n  {\n    "a": null\n  }\n]\n'.length,
    [
      'early',
      'part.0',
      'part.1',
      'part.2',
      'result.msgpack',
      'text.json.0',
      'text.json.1',
      'text.json.2',
      'whole.json',
    ],
    ['part.0', 'part.1', 'part.2'],
    [
      'UsageError',
      'Job dev-0 (saves) has no file "whole.jsn", but 9 others',
      'Did you mean "whole.json"?',
    ],
  ]);
  expect(readdirSync(project.path('workdirs/dev/dev-0'))).not.toContain('scratch');
});

test('files at the top level are registered unless one was registered by hand; streams appear when they end', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/by_itself.ts': `import { mkdirSync, writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    writeFileSync(job.path + '/a.txt', 'a');
    mkdirSync(job.path + '/sub');
    writeFileSync(job.path + '/sub/b.txt', 'b');
    writeFileSync(job.filename('.hidden'), 'h');
  },
});
`,
    'methods/by_hand.ts': `import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ job }) {
    writeFileSync(job.path + '/a.txt', 'a');
    mkdirSync(job.path + '/sub');
    for (const name of ['sub/b.txt', 'sub/c.txt', 'sub/d.log']) writeFileSync(job.path + '/' + name, name);
    const names = job.registerFiles('sub/*.txt');
    const stream = job.open('streamed/out.txt', 'w');
    stream.write('first ');
    const before = existsSync(job.filename('streamed/out.txt'));
    stream.end('second');
    await once(stream, 'finish');
    job.write('kept.txt', 'k', { temp: true });
    job.registerFile('kept.txt');
    return [names, before, await job.read('streamed/out.txt', 'utf8')];
  },
});
`,
    'methods/wrong.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { what: z.string() },
  synthesis({ job, options }) {
    if (options.what === 'climb') job.write('../dev-0/x', '');
    if (options.what === 'reserved') job.saveJson(1, 'setup.json');
    if (options.what === 'missing') job.registerFile('none.txt');
    if (options.what === 'open') job.open('left.txt', 'w').write('half');
    if (options.what === 'function') return { deep: [() => 1] };
  },
});
`,
    'build.ts': script(
      "note((await urd.build('by_itself')).files());",
      "const byHand = await urd.build('by_hand');",
      'note([byHand.files(), await byHand.load()]);',
      "for (const what of ['climb', 'reserved', 'missing', 'open', 'function'])",
      "  note((await urd.build('wrong', { what }).catch((e) => e)).shortMessage);",
    ),
  });
  const result = await run(project);
  const [itself, hand, ...wrong] = notes(result);
  expect(itself, result.stderr).toEqual(['a.txt']);
  expect(hand).toEqual([
    ['kept.txt', 'result.msgpack', 'streamed/out.txt', 'sub/b.txt', 'sub/c.txt'],
    [['sub/b.txt', 'sub/c.txt'], false, 'first second'],
  ]);
  expect(wrong.map((text) => String(text).replaceAll(project.directory, 'PROJECT')))
    .toMatchInlineSnapshot(`
    [
      "dev-2 (wrong) failed in synthesis: UsageError: Expected the name of a file in a job to be a relative path inside its directory, got "../dev-0/x": it leads out of there",
      "dev-3 (wrong) failed in synthesis: UsageError: The file name "setup.json" is reserved for acc. The names \`OUTPUT/\`, \`DS/\`, \`setup.json\`, \`post.json\`, \`damage.json\`, \`failure.json\` and \`method.mjs\` are reserved.",
      "dev-4 (wrong) failed in synthesis: UsageError: Expected "none.txt" to be a file in the job's directory PROJECT/workdirs/dev/dev-4",
      "dev-5 (wrong) ended synthesis, but what that made cannot be published: file "left.txt" was opened for writing and never ended",
      "dev-6 (wrong) ended synthesis, but what that made cannot be published: what synthesis returned, at deep[0], is a function, which cannot be kept or passed to another stage",
    ]
  `);
  const post = JSON.parse(await project.read('workdirs/dev/dev-1/post.json')) as Post;
  expect(post.files['sub/b.txt']?.sizeBytes).toBe('sub/b.txt'.length);
});

test('a job file is passed on as an option, whole or one per slice', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/saves.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  analysis: ({ job, sliceno }) => void job.save(sliceno * 2, 'part', { sliceno }),
  synthesis: () => 'result',
});
`,
    'methods/reads.ts': `import { defineMethod, jobFile, z } from 'acc-engine';
export default defineMethod({
  options: { parts: jobFile(), whole: jobFile(), more: z.array(jobFile()).default([]) },
  analysis: ({ options, sliceno }) => options.parts.load(sliceno),
  async synthesis({ analysisRes, options }) {
    return [analysisRes, await options.whole.load(), options.whole.name, options.parts.sliced, options.more.length];
  },
});
`,
    'build.ts': script(
      "const saves = await urd.build('saves');",
      "const parts = saves.withFile('part', { sliced: true });",
      "note(await (await urd.build('reads', { parts, whole: saves })).load());",
      "note(String(parts) + ' ' + (parts.filename(1) === saves.filename('part', 1)));",
      "note(await urd.build('reads', { parts: saves.withFile('none', { sliced: true }), whole: saves }).catch((e) => e.message));",
    ),
  });
  const result = await run(project);
  expect(notes(result), result.stderr).toEqual([
    [[0, 2, 4], 'result', 'result.msgpack', true, 0],
    'dev-0/part true',
    'Job dev-0 (saves) has no file "none.0", "none.1", "none.2"',
  ]);
});

test('a file may be called as what all objects have, and counts in the digest of its job', async () => {
  await using project = await Project.create({
    'methods/odd.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { text: z.string() },
  synthesis: ({ job, options }) => {
    for (const name of ['__proto__', 'constructor']) job.write(name, options.text);
  },
});
`,
    'build.ts': script("note((await urd.build('odd', { text: 'a' })).files());"),
  });
  expect(notes(await run(project))).toEqual([['__proto__', 'constructor']]);
});
