// What the README says is what a reader gets: its first command, its example of a change, its method and its queries.

import { cp, readFile, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';

import { COMMANDS } from '../src/cli/commands.ts';
import { Project } from './rig/project.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = await readFile(`${ROOT}/README.md`, 'utf8');

/** Where the classes of the README's table are, in its order. */
const SOURCES: Readonly<Record<string, string>> = {
  Job: 'job/job.ts',
  CurrentJob: 'job/current-job.ts',
  JobFile: 'job/job-file.ts',
  Dataset: 'dataset/dataset.ts',
  DatasetChain: 'dataset/dataset-chain.ts',
  DatasetWriter: 'dataset/dataset-writer.ts',
};

test('the first command stands within the first 20 lines', () => {
  const line = README.split('\n').indexOf('npx acc run') + 1;
  expect(line).toBeGreaterThan(0);
  expect(line).toBeLessThanOrEqual(20);
});

test('the first three runs print what the README shows', async () => {
  await using project = await Project.create();
  await cp(`${ROOT}/build.ts`, project.path('build.ts'));
  await cp(`${ROOT}/methods/birdstrikes`, project.path('methods/birdstrikes'), { recursive: true });
  await symlink(`${ROOT}/node_modules`, project.path('node_modules'));
  const [first, second, third, why] = blocks('');

  expect(shapes((await project.acc('run')).stdout)).toEqual(expect.arrayContaining(shapes(first)));
  expect(shapes((await project.acc('run')).stdout)).toEqual(expect.arrayContaining(shapes(second)));

  const method = 'methods/birdstrikes/strike_statistics.ts';
  const [before, after] = changedLines(why);
  await project.edit(method, before, after);
  const changed = await project.acc('run');
  expect(shapes(changed.stdout), changed.stderr).toEqual(expect.arrayContaining(shapes(third)));
  expect((await project.acc('why', 'strike_statistics')).stdout).toContain(
    why.split('\n').slice(2).join('\n').trimEnd(),
  );

  // The queries of the README, on the index that these runs have made.
  const index = new Database(project.path('workdirs/dev/acc.sqlite'), { readonly: true });
  const rows = queries().map((query) => index.prepare(query).all());
  index.close();
  expect(rows).toHaveLength(3);
  expect(rows[0]).toContainEqual(expect.objectContaining({ method: 'csvimport', jobs: 1 }));
  expect(rows[1]).toContainEqual(expect.objectContaining({ id: 'dev-1' }));
  expect(rows[2]).toContainEqual(expect.objectContaining({ name: 'summary.json' }));
});

test('members of jobs and datasets are the ones that the README names', async () => {
  const rows = README.matchAll(/^\| `([A-Z]\w+)`[^|]*\|([^|]*)\|([^|]*)\|$/gmu);
  const named = [...rows].map(([, type = '', values = '', calls = '']) => ({
    type,
    members: [...`${values}${calls}`.matchAll(/`(\w+)/gu)].map(([, name = '']) => name),
  }));
  expect(named.map(({ type }) => type)).toEqual(Object.keys(SOURCES));
  for (const { type, members } of named) {
    const source = await readFile(`${ROOT}/src/method/${SOURCES[type]}`, 'utf8');
    const missing = members.filter(
      (name) =>
        !new RegExp(`^  (?:get |readonly |async |override )?${name}[(<:]`, 'mu').test(source),
    );
    expect({ type, missing }).toEqual({ type, missing: [] });
  }
});

test('the method of eight lines works', async () => {
  const [method = ''] = blocks('ts').filter((text) => text.startsWith('// methods/total_price.ts'));
  expect(method.trim().split('\n').slice(1)).toHaveLength(8);
  await using project = await Project.create({
    'methods/total_price.ts': method,
    'prices.csv': 'price\n1.5\n2\n3.25\n',
    'build.ts': `export default async function main(urd) {
      const source = urd.build('csvimport', { filename: 'prices.csv', types: { price: 'float64' } });
      console.log('total', await (await urd.build('total_price', { source })).load());
    }`,
  });
  const { stdout, stderr } = await project.acc('run');
  expect(stdout, stderr).toContain('total 6.75');
});

test('the example of a chain reads what is new, in each link', async () => {
  const [example = ''] = blocks('ts').filter((text) => text.includes('const recent ='));
  const inputs = /^datasets: .*$/mu.exec(example)?.[0] ?? '';
  const recent = /^const recent = .*$/mu.exec(example)?.[0] ?? '';
  await using project = await Project.create({
    'methods/news.ts': `import { dataset, defineMethod, merge } from 'acc-engine';
export default defineMethod({
  ${inputs}
  prepare: ({ job, datasets }) =>
    job.datasetWriter({ columns: { price: 'string' }, previous: datasets.previous }),
  analysis({ sliceno, datasets, prepareRes }) {
    ${recent}
    const prices = [...recent.iterate(sliceno, 'price')];
    for (const price of prices) prepareRes.writeRow({ price });
    return prices;
  },
  synthesis: ({ analysisRes }) => merge(analysisRes),
});
`,
    'day1.csv': 'price\n1\n',
    'day2.csv': 'price\n2\n',
    'day3.csv': 'price\n3\n',
    'build.ts': `export default async function main(urd) {
      let source, previous;
      for (const day of [1, 2, 3]) {
        source = await urd.build('csvimport', { filename: 'day' + day + '.csv', previous: source });
        previous = await urd.build('news', { source, previous });
        console.log('day', day, (await previous.load()).join());
      }
      console.log('all', [...previous.dataset().chain().iterate(null, 'price')].join());
    }`,
  });
  const { stdout, stderr } = await project.acc('run');
  const told = stdout.split('\n').filter((line) => /^(day|all) /u.test(line));
  expect(told, stderr).toEqual(['day 1 1', 'day 2 2', 'day 3 3', 'all 1,2,3']);
});

test('every command is in the table of commands, with no flag that it does not have', () => {
  const table = README.slice(README.indexOf('## Commands'), README.indexOf('A `SPEC` is'));
  for (const { name, flags } of COMMANDS) {
    expect(table).toContain(`acc ${name}`);
    const row = table.split('\n').find((line) => line.startsWith(`| \`acc ${name} `)) ?? '';
    for (const [, flag = ''] of row.matchAll(/`--([a-z-]+)/gu)) expect(flags).toHaveProperty(flag);
  }
});

/** The code blocks of one language, in order. */
function blocks(language: string): readonly [string, string, string, string, ...string[]] {
  const found = [...README.matchAll(/^```(\w*)\n(.*?)^```$/gmsu)];
  const texts = found.filter(([, name]) => name === language).map(([, , text = '']) => text);
  return texts as [string, string, string, string, ...string[]];
}

/** Lines of a run's output without job numbers and times, which differ from machine to machine. */
function shapes(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && line !== '…')
    .map((line) =>
      line
        .replace(/^dev-\d+ +/u, '')
        .replace(/[\d.]+(?:s|ms)\b/u, '')
        .replaceAll(/ +/gu, ' ')
        .trim(),
    );
}

/** The line that the README changes, before and after. */
function changedLines(why: string): [before: string, after: string] {
  const line = (sign: string): string =>
    why
      .split('\n')
      .find((text) => text.trimStart().startsWith(`${sign} `))
      ?.trimStart()
      .slice(2)
      .trim() ?? '';
  return [line('-'), line('+')];
}

function queries(): string[] {
  const [sql] = blocks('sql');
  return sql.split(';').filter((query) => query.trim() !== '');
}
