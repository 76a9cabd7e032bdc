// Results: symlinks from the result directory into jobs, replaced by one atomic step, never outside.

import { lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/table.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { text: z.string() },
  synthesis({ job, options }) {
    job.write('table.txt', options.text);
    job.write('sub/deep.txt', options.text);
    return options.text;
  },
});
`,
};

const BUILD = "const job = await urd.build('table', { text: urd.flags.text ?? 'one' });";

test('a result is a symlink into the job that made it, and follows the job that makes it next', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      BUILD,
      "job.linkResult('table.txt', { header: 'Table', description: 'All of it' });",
      'job.linkResult();',
      "job.linkResult('sub/deep.txt');",
      "job.linkResult('table.txt', { linkName: 'by-year/2024/' });",
      "job.linkResult('table.txt', { linkName: 'by-year/2025/last.txt' });",
    ),
  });
  expect(await run(project)).toMatchObject({ code: 0, stderr: '' });
  const names = ['by-year', 'deep.txt', 'result.msgpack', 'table.txt'];
  expect(readdirSync(project.path('results')).toSorted()).toEqual(names);
  const links = ['table.txt', 'deep.txt', 'by-year/2024/table.txt', 'by-year/2025/last.txt'];
  expect(links.map((name) => readFileSync(project.path('results', name), 'utf8'))).toEqual([
    'one',
    'one',
    'one',
    'one',
  ]);
  expect(readlinkSync(project.path('results/table.txt'))).toBe('../workdirs/dev/dev-0/table.txt');

  await run(project, '--flag', 'text=two');
  expect(await project.read('results/table.txt')).toBe('two');
  expect(await project.read('results/by-year/2025/last.txt')).toBe('two');
  // Nothing is executed, and the links follow all the same.
  expect(await run(project)).toMatchObject({ built: [] });
  expect(await project.read('results/table.txt')).toBe('one');
  expect(readdirSync(project.path('results')).toSorted()).toEqual(names);
});

test('a link never leads out of the result directory nor replaces what is no link', async () => {
  await using project = await Project.create({
    ...FILES,
    'results/mine.txt': 'by hand',
    'results/kept/note.txt': 'by hand',
    'build.ts': script(
      BUILD,
      "for (const linkName of ['../x.txt', '/tmp/x.txt', 'a/../../x.txt', 'mine.txt', 'kept', 'mine.txt/x', 'way/x.txt'])",
      '  try {',
      "    job.linkResult('table.txt', { linkName });",
      '    note([linkName]);',
      '  } catch (error) {',
      '    note([linkName, error.name, error.message]);',
      '  }',
      "for (const name of ['none.txt', '../dev-0/table.txt'])",
      '  try { job.linkResult(name); } catch (error) { note([name, error.name, error.message]); }',
    ),
  });
  symlinkSync('..', project.path('results/way'));
  const result = await run(project);
  expect(notes(result).map((told) => (told as string[]).join('  '))).toMatchInlineSnapshot(`
    [
      "../x.txt  UsageError  Expected a relative path inside the result directory, got "../x.txt"",
      "/tmp/x.txt  UsageError  Expected a relative path inside the result directory, got "/tmp/x.txt"",
      "a/../../x.txt  UsageError  Expected a relative path inside the result directory, got "a/../../x.txt"",
      "mine.txt  UsageError  Expected "mine.txt" in the result directory to be free or a result link, but it is a file",
      "kept  UsageError  Expected "kept" in the result directory to be free or a result link, but it is a directory",
      "mine.txt/x  UsageError  Expected "mine.txt" in the result directory to be free or a result link, but it is a file",
      "way/x.txt  UsageError  Expected "way" in the result directory to be free or a result link, but it is a symlink",
      "none.txt  UsageError  Job dev-0 (table) has no file "none.txt": it has result.msgpack, sub/deep.txt, table.txt",
      "../dev-0/table.txt  UsageError  Expected the name of a file in a job to be a relative path inside its directory, got "../dev-0/table.txt": it leads out of there",
    ]
  `);
  expect(await project.read('results/mine.txt')).toBe('by hand');
  expect(lstatSync(project.path('results/kept')).isDirectory()).toBe(true);
  expect(project.exists('x.txt')).toBe(false);
  expect(readdirSync(project.path('results')).toSorted()).toEqual(['kept', 'mine.txt', 'way']);
});

test('a mistake in linkResult that nobody catches is told with its place in the script', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(BUILD, "job.linkResult('tabel.txt');"),
  });
  const result = await run(project);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatchInlineSnapshot(`
    "build.ts:5:19  Job dev-0 (table) has no file "tabel.txt": it has result.msgpack, sub/deep.txt, table.txt
        job.linkResult('tabel.txt');
                        ~~~~~~~~~
        Did you mean "table.txt"?
    "
  `);
});

test('a stage can link nothing', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/links.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { source: job() },
  synthesis: ({ jobs }) => void jobs.source.linkResult('table.txt'),
});
`,
    'build.ts': script(BUILD, "await urd.build('links', { source: job });"),
  });
  const result = await run(project);
  expect(result).toMatchObject({ code: 1, failed: ['links'] });
  expect(JSON.stringify(result.build('links').failure)).toContain('linked by build scripts only');
  expect(project.exists('results')).toBe(false);
});
