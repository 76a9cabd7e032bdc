// What acc says of workdirs and jobs that are not as it left them, and of a machine that refuses.

import { mkdirSync, rmSync, symlinkSync } from 'node:fs';

import Sqlite from 'better-sqlite3';

import type { Project } from '../../rig/project.ts';
import { script } from '../../rig/run.ts';
import { inScript, onCommandLine } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const INDEX = 'workdirs/dev/acc.sqlite';

function inIndex(sql: string): (project: Project) => void {
  return (project) => {
    const sqlite = new Sqlite(project.path(INDEX));
    sqlite.exec(sql);
    sqlite.close();
  };
}

/** A method that goes on until there is a file `go`. */
const WAITING = {
  'build.ts': "export default (urd) => urd.build('waiting');\n",
  'methods/waiting.ts': `import { existsSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job, signal }) {
    console.log('started');
    if (existsSync(job.inputFilename('go'))) return 1;
    return new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
});
`,
};

async function leaveUnfinished(project: Project): Promise<void> {
  const acc = project.start(['run']);
  await acc.printed('started');
  acc.kill('SIGKILL');
  await acc.ended;
  await project.write({ go: '' });
}

/** Mistakes of workdirs, then the machine's faults, then warnings. */
export const STORE_MISTAKES: readonly Mistake[] = [
  onCommandLine('slices_disagree', 'another number', ['run', '--slices', '3']),
  onCommandLine('workdir_renamed', 'another name', ['run'], {
    change: { 'acc.config.ts': "export default { workdirs: { prod: 'workdirs/dev' } };\n" },
  }),
  onCommandLine('newer_index', 'a later acc', ['jobs'], {
    break: inIndex('PRAGMA user_version = 99'),
  }),
  onCommandLine('lost_index', 'the index is gone', ['jobs'], { change: { [INDEX]: null } }),
  onCommandLine('system', 'an index that is none', ['jobs'], {
    change: {
      [INDEX]: 'some text that is no database',
      [`${INDEX}-wal`]: '',
    },
  }),
  onCommandLine('system', 'a directory where the index goes', ['jobs'], {
    before: [],
    break: (project) => void mkdirSync(project.path(INDEX), { recursive: true }),
  }),
  onCommandLine('system', 'an input file that is a link to itself', ['run'], {
    files: {
      'build.ts': "export default (urd) => urd.build('csvimport', { filename: 'loop.csv' });\n",
    },
    before: [],
    break: (project) => symlinkSync('loop.csv', project.path('loop.csv')),
  }),
  onCommandLine('system', 'post.json is damaged while the script runs', ['run'], {
    files: {
      'build.ts': script(
        "const { writeFileSync } = await import('node:fs');",
        "const table = await urd.build('table');",
        "writeFileSync(table.path + '/post.json', '{');",
        'table.files();',
      ),
    },
    before: [],
  }),
  onCommandLine('system', 'a file where workdirs go', ['run'], {
    change: { workdirs: null },
    break: (project) => project.write({ workdirs: '' }),
  }),
  onCommandLine('system', 'a file where results go', ['run'], {
    files: {
      results: '',
      'build.ts':
        "export default async (urd) => (await urd.build('table')).linkResult('summary.json');\n",
    },
  }),
  onCommandLine('result_in_the_way', 'a symlink on the way', ['run'], {
    files: {
      'build.ts':
        "export default async (urd) => (await urd.build('table')).linkResult('summary.json', { linkName: 'new/' });\n",
    },
    before: [],
    break: (project) => {
      mkdirSync(project.path('results'));
      symlinkSync(project.path('methods'), project.path('results/new'));
    },
  }),
  onCommandLine('system', 'a directory where the cache has files', ['run'], {
    before: [],
    break: (project) => project.write({ '.acc': '' }),
  }),
  onCommandLine('system', 'a slice that was cut short', ['ds', 'dev-0', '--head', '3'], {
    change: { 'workdirs/dev/dev-0/DS/default.0.arrow': 'x' },
  }),
  onCommandLine('system', 'a slice that was deleted', ['cat', 'dev-0'], {
    change: { 'workdirs/dev/dev-0/DS/default.1.arrow': null },
  }),
  onCommandLine('system', 'a manifest that is none', ['ds', 'dev-0'], {
    change: { 'workdirs/dev/dev-0/DS/default.json': '{' },
  }),
  onCommandLine('damaged', 'a file is gone', ['run'], {
    change: { 'workdirs/dev/dev-0/summary.json': null },
  }),
  onCommandLine('damaged', 'the directory is gone', ['run'], {
    break: (project) => rmSync(project.path('workdirs/dev/dev-0'), { recursive: true }),
  }),
  inScript(
    'tainted',
    'an input that changes meanwhile',
    ["await urd.build('report', { file: 'sales.csv' });"],
    {
      files: {
        'methods/report.ts': `import { appendFileSync } from 'node:fs';
import { defineMethod, inputFile } from 'acc-engine';
export default defineMethod({
  options: { file: inputFile() },
  synthesis({ options }) { appendFileSync(options.file.filename(), 'Oslo,5\\n'); },
});
`,
      },
    },
  ),
  inScript(
    'unsound',
    'an environment variable that is not declared',
    ["await urd.build('report');"],
    {
      files: {
        'methods/report.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: () => new Date().getFullYear() > 2000 || process.env.HOME });
`,
      },
    },
  ),
  { code: 'takeover', title: 'a run that was killed', files: WAITING, break: leaveUnfinished },
  {
    code: 'workdir_in_use',
    title: 'another run goes on',
    files: WAITING,
    beside: true,
    command: ['db', 'rebuild'],
  },
  { code: 'cancelled', title: '^C', files: WAITING, interrupted: true },
];
