// Datasets in real jobs: written in every way, read in every way, chained, and found by scripts and commands.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';
import type { Run } from '../rig/run.ts';

const CONFIG = { 'acc.config.ts': 'export default { slices: 3 };\n' };

test('a dataset is written by prepare’s writer in each slice, and by rows and batches in synthesis', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/writes.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare({ job }) {
    const first = job.datasetWriter({ columns: { n: 'int32', text: { type: 'string', nullable: true } } });
    return { first, second: job.datasetWriter({ name: 'empty', columns: { x: 'bool' } }) };
  },
  analysis({ prepareRes, sliceno }) {
    prepareRes.first.write(sliceno, 'slice ' + sliceno);
    prepareRes.first.writeRow({ text: null, n: sliceno + 100 });
    prepareRes.first.writeBatch({ n: Int32Array.of(7, 8), text: ['a', null] });
  },
  synthesis({ job }) {
    const late = job.datasetWriter({ name: 'late', columns: { at: 'datetime', day: 'date', b: 'bytes', j: 'json', big: 'int64', f: 'float64', ok: 'bool' }, caption: 'Late' });
    for (let slice = 0; slice < 3; slice++) {
      late.setSlice(slice);
      late.write(new Date(1000 * slice), new Date(86400000 * slice), new Uint8Array([slice]), { a: [slice] }, 2n ** 60n, slice / 2, slice === 1);
    }
    const dataset = late.finish();
    return { lines: dataset.lines, names: job.datasets.map(({ name }) => name), first: [...job.dataset().iterate(0, 'n')] };
  },
});
`,
    'build.ts': script(
      "const job = await urd.build('writes');",
      'note(await job.load());',
      'const ds = job.dataset();',
      'note([ds.lines, ds.shape, ds.min("n"), ds.max("n"), Object.keys(ds.columns), ds.columns.text.nullable]);',
      "note([...ds.iterate(1, ['n', 'text'])]);",
      "note([...ds.iterate(null, 'n')]);",
      'note([...ds.iterate(2)].slice(0, 1));',
      "note([...ds.batches(0, ['n'])].map(({ length, columns }) => [length, columns.n.constructor.name, [...columns.n]]));",
      "note([...job.dataset('empty').iterate(null)].length);",
      'console.log(job, ds, job.withFile("x"));',
      "const late = job.dataset('late');",
      "const text = (v) => typeof v === 'bigint' ? v + 'n' : v instanceof Date ? v.toISOString() : v instanceof Uint8Array ? [...v] : v;",
      'note([late.caption, ...[...late.iterate(null)].map((row) => Object.values(row).map(text))]);',
      "try { ds.iterate(0, 'txt').next(); } catch (error) { note(error.message + ' | ' + error.problems[0].hint); }",
      "try { job.dataset('lat'); } catch (error) { note(error.message + ' | ' + error.problems[0].hint); }",
    ),
  });
  const result = await run(project);
  expect(result, result.stderr).toMatchObject({ code: 0, built: ['writes'] });
  expect(noteLines(result)).toMatchInlineSnapshot(`
    "{"lines":[1,1,1],"names":["default","empty","late"],"first":[0,100,7,8]}
    [[4,4,4],[2,12],0,102,["n","text"],true]
    [[1,"slice 1"],[101,null],[7,"a"],[8,null]]
    [0,100,7,8,1,101,7,8,2,102,7,8]
    [{"n":2,"text":"slice 2"}]
    [[4,"Int32Array",[0,100,7,8]]]
    0
    ["Late",["1970-01-01T00:00:00.000Z","1970-01-01T00:00:00.000Z",[0],{"a":[0]},"1152921504606846976n",0,false],["1970-01-01T00:00:01.000Z","1970-01-02T00:00:00.000Z",[1],{"a":[1]},"1152921504606846976n",0.5,true],["1970-01-01T00:00:02.000Z","1970-01-03T00:00:00.000Z",[2],{"a":[2]},"1152921504606846976n",1,false]]
    "Dataset dev-0 has no column \\"txt\\" | Did you mean \\"text\\"?"
    "Job dev-0 (writes) has no dataset \\"lat\\": it has default, empty, late | Did you mean \\"late\\"?""
  `);
  expect(result.stderr).toContain('Job dev-0 Dataset dev-0 JobFile dev-0/x');
  expect(await run(project)).toMatchObject({ built: [] });
});

test('a chain of datasets is read as one, and the newest stands on all before it', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/day.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { day: z.number() },
  datasets: { previous: dataset().optional() },
  prepare: ({ job, datasets }) => job.datasetWriter({ columns: { day: 'int32', v: 'float64' }, previous: datasets.previous }),
  analysis({ prepareRes, options, sliceno }) {
    prepareRes.write(options.day, sliceno / 10);
  },
});
`,
    'methods/total.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { v: 'float64' } }) },
  analysis: ({ datasets, sliceno }) => [...datasets.source.chain().iterate(sliceno, 'v')].length,
  synthesis: ({ analysisRes, datasets }) => [
    analysisRes.reduce((a, b) => a + b, 0),
    datasets.source.chain().length,
    datasets.source.previous?.lines,
  ],
});
`,
    'build.ts': script(
      'let previous;',
      'for (const day of [Number(urd.flags.first ?? 1), 2, 3]) {',
      "  previous = await urd.build('day', { day, previous });",
      '}',
      "note(await (await urd.build('total', { source: previous })).load());",
      'const chain = previous.dataset().chain();',
      "note([chain.length, chain.lines(), chain.min('day'), [...chain.iterate(0, 'day')]]);",
      "note([...previous.dataset().chain({ length: 2, reverse: true }).iterate(0, 'day')]);",
      'note(String(previous.dataset().previous.job));',
    ),
  });
  const first = await run(project);
  expect(notes(first), first.stderr).toEqual([
    [9, 3, [1, 1, 1]],
    [3, 9, 1, [1, 2, 3]],
    [3, 2],
    'dev-1',
  ]);
  // Another first day: everything that stands on it. Column v is the same, so who reads only that is cut off.
  const other = await run(project, '--flag', 'first=9');
  expect(other).toMatchObject({ built: ['day', 'day', 'day'], reused: ['total'] });
  expect(notes(other)[1]).toEqual([3, 9, 2, [9, 2, 3]]);

  const shown = await project.acc('ds', 'dev-2', '--chain');
  expect(shown.code, shown.stderr).toBe(0);
  expect(shown.stdout).toMatch(/dev-0[^]*dev-1[^]*dev-2/u);
});

test('values that do not fit their column are errors that name column, value and row', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/wrong.ts': `import { defineMethod, z } from 'acc-engine';

/** A value that fits, and one that does not. */
const VALUES = {
  int32: [5, 2 ** 40],
  bool: [true, 'yes'],
  int64: [1n, 1.5],
  float64: [1, '1'],
  date: [new Date(0), 'today'],
  string: ['', 5],
  bytes: [new Uint8Array(), 'x'],
  datetime: [new Date(0), new Date(NaN)],
};

export default defineMethod({
  options: { type: z.enum(Object.keys(VALUES)) },
  prepare: ({ job, options }) => job.datasetWriter({ columns: { ok: 'int32', col: options.type } }),
  analysis({ prepareRes, options, sliceno }) {
    if (sliceno === 1) for (const value of VALUES[options.type]) prepareRes.write(1, value);
  },
});
`,
    'build.ts': script(
      "for (const type of ['int32', 'bool', 'int64', 'float64', 'date', 'string', 'bytes', 'datetime'])",
      "  note((await urd.build('wrong', { type }).catch((e) => e)).failure?.error.message ?? type);",
    ),
  });
  const result = await run(project);
  expect(notes(result)).toMatchInlineSnapshot(`
    [
      "Expected column "col" of dataset "default" to get an integer in [-2147483648, 2147483647], got 1099511627776 (number) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get true or false, got "yes" (string) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get an integer in [-2^63, 2^63), got 1.5 (number) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get a number, got "1" (string) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get a Date at midnight UTC, got "today" (string) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get a string, got 5 (number) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get a Uint8Array, got "x" (string) in row 1 of slice 1",
      "Expected column "col" of dataset "default" to get a valid Date, or microseconds since 1970 as a bigint in [-2^63, 2^63), got an invalid Date in row 1 of slice 1",
    ]
  `);
});

test('a slice that is never written is an error, and so is a writer that was used wrongly', async () => {
  await using project = await Project.create({
    ...CONFIG,
    'methods/wrong.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { what: z.string() },
  synthesis({ job, options }) {
    const writer = job.datasetWriter({ columns: { a: 'int32' } });
    if (options.what === 'no slice') writer.write(1);
    writer.setSlice(0);
    writer.write(1);
    if (options.what === 'twice') job.datasetWriter({ columns: { a: 'int32' } });
    if (options.what === 'back') { writer.setSlice(1); writer.setSlice(0); }
    if (options.what === 'count') writer.write(1, 2);
    if (options.what === 'range') writer.setSlice(3);
  },
});
`,
    'build.ts': script(
      "for (const what of ['missing', 'no slice', 'twice', 'back', 'count', 'range'])",
      "  note((await urd.build('wrong', { what }).catch((e) => e)).shortMessage);",
    ),
  });
  expect(notes(await run(project))).toMatchInlineSnapshot(`
    [
      "dev-0 (wrong) ended synthesis, but what that made cannot be published: Dataset "default" was not written in slices 1, 2. Visit every slice with \`setSlice\`, or make the writer with \`allowMissingSlices: true\`.",
      "dev-1 (wrong) failed in synthesis: UsageError: No slice of dataset "default" has been started. Call \`setSlice(sliceno)\` first, write through \`split()\`, or write in analysis.",
      "dev-2 (wrong) failed in synthesis: UsageError: This job already has a dataset named "default". Give each dataset of a job a name of its own.",
      "dev-3 (wrong) failed in synthesis: UsageError: Slice 0 of dataset "default" has been written and left already. Write all rows of a slice before going to another.",
      "dev-4 (wrong) failed in synthesis: UsageError: Expected 1 values for dataset "default" ("a"), got 2",
      "dev-5 (wrong) failed in synthesis: UsageError: Expected a slice from 0 to 2 for \`setSlice\`, got 3",
    ]
  `);
});

/** One note a line, as JSON. */
function noteLines(result: Run): string {
  return notes(result)
    .map((note) => JSON.stringify(note))
    .join('\n');
}
