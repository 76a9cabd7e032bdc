// What is hard about files and machines: no rows, thousands of columns, a disk that fills up in the middle.

import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { canMount, Disk } from '../rig/disk.ts';
import { Project } from '../rig/project.ts';
import { notes, run, script } from '../rig/run.ts';
import { finishedJobs } from '../rig/workdir.ts';
import { scriptOutput } from './script-output.ts';

/** Text that does not shrink. */
function noise(seed: number): string {
  return createHash('sha256').update(String(seed)).digest('base64');
}

it('thousands of columns, no rows and rows of megabytes go in and out again', async () => {
  const names = Array.from({ length: 5000 }, (_, i) => `c${i}`);
  const wide = [names, names.map((_, i) => String(i)), names.map(() => 'x,"')]
    .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
    .join('\n');
  const long = `a,b\n1,${'x'.repeat(8 << 20)}\n2,"${'y\n'.repeat(4 << 20)}"\n`;
  const { notes: found, output } = await scriptOutput(
    `const { readFileSync } = await import('node:fs');
     const { createHash } = await import('node:crypto');
     const rows = (job) => createHash('sha256').update(JSON.stringify([...job.dataset().iterate(null)])).digest('hex');
     for (const filename of ['wide.csv', 'none.csv', 'long.csv']) {
       const first = await urd.build('csvimport', { filename });
       note(first.dataset().shape);
       const file = await urd.build('csvexport', { source: first });
       const again = await urd.build('csvimport', { filename: file.withFile('result.csv') });
       note([again.dataset().shape, rows(again) === rows(first), String(again.dataset().columnNames) === String(first.dataset().columnNames)]);
     }`,
    {
      'wide.csv': wide,
      'none.csv': 'a,b\n',
      'long.csv': long,
      'acc.config.ts': 'export default { slices: 3 };\n',
    },
  );
  expect(found, output).toEqual([
    [5000, 2],
    [[5000, 2], true, true],
    [2, 0],
    [[2, 0], true, true],
    [2, 2],
    [[2, 2], true, true],
  ]);
});

describe.runIf(canMount())('on a disk that fills up', () => {
  it.each([
    ['while rows are written', 'in.csv'],
    ['while a file is unpacked', 'in.csv.gz'],
  ])('an import fails clearly %s, leaves nothing half-written', async (_when, file) => {
    const text = `id,text\n${Array.from({ length: 60_000 }, (_, i) => `${i},${noise(i)}\n`).join('')}`;
    await using project = await Project.create({
      'acc.config.ts': 'export default { slices: 2 };\n',
      'build.ts': script(
        `const job = await urd.build('csvimport', { filename: '${file}' });`,
        'note((await job.load()).rows);',
      ),
    });
    await project.write({ [file]: file.endsWith('.gz') ? gzipSync(text) : text });
    using disk = Disk.mount(project.path('workdirs/dev'), '2m');
    const { code, stdout } = await project.acc('run');
    expect(code, stdout).toBe(3);
    expect(stdout).toMatch(/ENOSPC/u);
    expect(finishedJobs(project)).toEqual([]);
    // Slices that were done before are kept for the next run; nothing half-written is.
    const left = readdirSync(project.path('workdirs/dev'), { recursive: true }).map(String);
    expect(left.filter((name) => /[.]acc-|unpacked/u.test(name))).toEqual([]);
    disk.grow('60m');
    const next = await run(project);
    expect(next).toMatchObject({ code: 0, built: ['csvimport'] });
    expect(notes(next)).toEqual([60_000]);
  });
});
