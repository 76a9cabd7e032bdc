// Mistakes in build scripts: calls, inputs, settings, and what scripts do with jobs.

import { inDefinition, inScript } from './mistake.ts';
import type { Mistake } from './mistake.ts';

const TABLE = "const table = await urd.build('table');";

const MANY = {
  'methods/many.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({ datasets: { sources: dataset().array() } });
`,
};

/** A method that takes everything, and calls it with these inputs. */
function given(
  code: string,
  title: string,
  inputs: string,
  before: readonly string[] = [],
): Mistake {
  return inScript(code, title, [...before, `await urd.build('rank', { ${inputs} });`], {
    files: {
      'methods/rank.ts': `import { dataset, defineMethod, inputFile, job, jobFile, z } from 'acc-engine';

export default defineMethod({
  options: {
    limit: z.number().int().min(1).default(10),
    order: z.enum(['rising', 'falling']).optional(),
    colours: z.strictObject({ line: z.string() }).optional(),
    file: inputFile().optional(),
    summary: jobFile().optional(),
  },
  datasets: {
    source: dataset({ columns: { price: 'int32' } }).optional(),
    text: dataset({ columns: { price: 'string' } }).optional(),
    wide: dataset({ columns: { prise: 'int32' } }).optional(),
    all: dataset().array().optional(),
  },
  jobs: { before: job().optional() },
});
`,
    },
  });
}

/** Mistakes of build calls, then of what is done with finished jobs. */
export const SCRIPT_MISTAKES: readonly Mistake[] = [
  {
    code: 'script_without_main',
    title: 'no default export',
    files: { 'build.ts': 'export const main = 1;\n' },
  },
  {
    code: 'cannot_bundle',
    title: 'a script that does not parse',
    files: { 'build.ts': 'export default async (urd) => {\n  await urd.build(;\n};\n' },
  },
  {
    code: 'cannot_bundle',
    title: 'an import that is not there',
    files: { 'build.ts': "import { mean } from './lib/mean.ts';\nexport default () => mean();\n" },
  },
  inScript('no_method_name', 'something else than a name', ['await urd.build({ limit: 3 });']),
  inScript('inputs_not_an_object', 'a list', ["await urd.build('table', [3]);"]),
  inScript('inputs_not_an_object', 'a number', ['const t = 3;', "await urd.build('table', t);"]),
  inScript('inputs_not_an_object', 'a job by itself', [
    "const first = await urd.build('table');",
    "await urd.build('table', first);",
  ]),
  inScript('inputs_not_an_object', 'a build by itself', [
    "await urd.build('table', urd.build('table'));",
  ]),
  inScript('unknown_method', 'misspelt', ["await urd.build('tabel');"]),
  inScript('unknown_method', 'like none', ["await urd.build('frobnicate');"]),
  inScript(
    'unknown_method',
    'in a directory that is not there',
    ["await urd.build('frobnicate');"],
    {
      files: { 'acc.config.ts': "export default { methods: ['methods', 'more'] };\n" },
    },
  ),
  inScript('unknown_method', 'a file that is no method', ["await urd.build('helper');"], {
    files: { 'methods/helper.ts': 'export const mean = 1;\n' },
  }),
  inScript('unknown_setting', 'misspelt', ["await urd.build('table', {}, { captoin: 'A' });"]),
  inScript('unknown_setting', 'like none', ["await urd.build('table', {}, { colour: 'red' });"]),
  inScript('invalid_setting', 'several', [
    "await urd.build('table', {}, {",
    "  name: '',",
    '  retries: -1,',
    "  timeout: '5 parsecs',",
    '  labels: [1],',
    '  force: 1,',
    '});',
  ]),
  inScript('unknown_workdir', 'misspelt in a build call', [
    "await urd.build('table', {}, { workdir: 'def' });",
  ]),
  given('unknown_input', 'misspelt', 'limt: 3'),
  given('unknown_input', 'like none', 'frobnicate: 3'),
  inDefinition('unknown_input', 'of a method without any', 'synthesis: () => 1,', {
    inputs: 'limit: 1',
  }),
  inDefinition(
    'missing_input',
    'left out',
    'datasets: { source: dataset() },\njobs: { all: job().array() },',
  ),
  given(
    'invalid_input',
    'a number, a list and text',
    "source: 3, before: [1], all: 'x', text: 'dev'",
  ),
  given('invalid_input', 'a value that contains itself', 'limit: list', [
    'const list = [];',
    'list.push(list);',
  ]),
  given('invalid_input', 'one where a list goes', 'all: table', [TABLE]),
  given('invalid_input', 'a dataset where a job goes', 'before: table.dataset()', [TABLE]),
  given(
    'invalid_option',
    'several',
    "limit: '3', order: 'risng', colours: { lin: 'red' }, file: 3, summary: 'x'",
  ),
  given('invalid_option', 'too small', 'limit: 0'),
  given(
    'invalid_option',
    'a member that would be lost',
    "colours: { line: 'red', ['__proto__']: 'blue' }",
  ),
  given('invalid_option', 'a function', 'limit: () => 3'),
  inDefinition('missing_option', 'left out', 'options: { limit: z.number(), name: z.string() },'),
  inDefinition(
    'invalid_option',
    'a transform to what cannot be written down',
    'options: { limit: z.number().transform((n) => () => n) },',
    { inputs: 'limit: 1' },
  ),
  inDefinition(
    'invalid_option',
    'a check that waits',
    'options: { limit: z.number().refine(async () => true) },',
    { inputs: 'limit: 1' },
  ),
  given('unknown_dataset', 'a job without one', "source: 'dev-0'", ["await urd.build('rank');"]),
  given('unknown_dataset', 'a job that is not there', "source: 'dev-7'"),
  inScript('no_stage', 'a link that no job makes', [TABLE, 'table.dataset().linkToHere();']),
  given('unknown_dataset', 'a name that is misspelt', "source: 'dev-0/defalt'", [TABLE]),
  given('unknown_job', 'a job that is not there', "before: 'dev-7'"),
  given('unknown_job_file', 'misspelt', "summary: table.withFile('sumary.json')", [TABLE]),
  given('unknown_input_file', 'misspelt', "file: 'sale.csv'"),
  given('unknown_input_file', 'in a directory that is not there', "file: 'data/sales.csv'"),
  given('unknown_input_file', 'a directory', "file: 'methods'"),
  given('invalid_option', 'an input file outside', "file: '../sales.csv'"),
  given('column_type', 'another type', 'text: table', [TABLE]),
  given('unknown_column', 'a column that is misspelt', 'wide: table', [TABLE]),
  inScript('unknown_dataset', 'in a script', [TABLE, "table.dataset('defalt');"]),
  inScript('unknown_file', 'in a script', [TABLE, "await table.loadJson('sumary.json');"]),
  inScript('unknown_file', 'to be linked', [TABLE, "table.linkResult('sumary.json');"]),
  inScript('unknown_file', 'the name of the link', [
    TABLE,
    "table.linkResult('sums/summary.json');",
  ]),
  inScript('build_not_awaited', 'a result', ["urd.build('table').linkResult('summary.json');"]),
  inScript('invalid_result_link', 'an unknown option', [
    TABLE,
    "table.linkResult('summary.json', { linkname: 'x.json' });",
  ]),
  inScript('invalid_result_link', 'a name instead of options', [
    TABLE,
    "table.linkResult('summary.json', '../../evil');",
  ]),
  inScript('invalid_result_link', 'a number', [
    TABLE,
    "table.linkResult('summary.json', { linkName: 7 });",
  ]),
  inScript('path_outside', 'a result outside', [
    TABLE,
    "table.linkResult('summary.json', { linkName: '../summary.json' });",
  ]),
  inScript('result_in_the_way', 'a file', [TABLE, "table.linkResult('summary.json');"], {
    files: { 'results/summary.json': '{}' },
  }),
  inScript('invalid_chain', 'no length', [TABLE, 'table.chain({ length: -2 });']),
  inScript('invalid_chain', 'no job to stop at', [TABLE, 'table.chain({ stopJob: {} });']),
  inScript('invalid_chain', 'no length of datasets', [
    TABLE,
    'table.dataset().chain({ length: 0.5 });',
  ]),
  inScript(
    'invalid_chain',
    'a list to stop at',
    [
      TABLE,
      "const many = await urd.build('many', { sources: [table] });",
      "table.dataset().chain({ stop: { of: many, input: 'sources' } });",
    ],
    { files: MANY },
  ),
  inScript('not_in_chain', 'a dataset to stop at', [
    TABLE,
    "const other = await urd.build('table', { start: 5 });",
    'table.dataset().chain({ stop: other.dataset() });',
  ]),
  inScript('not_in_chain', 'a job to stop at', [
    TABLE,
    "const other = await urd.build('table', { start: 5 });",
    'table.chain({ stopJob: other });',
  ]),
  inScript('invalid_job_id', 'to stop at', [
    TABLE,
    "table.chain({ stopJob: { dev: 'previous' } });",
  ]),
  inScript('unknown_workdir', 'to stop at', [
    TABLE,
    "table.chain({ stopJob: { 'prod-1': 'previous' } });",
  ]),
  inScript('unknown_job', 'to stop at', [
    TABLE,
    "table.chain({ stopJob: { 'dev-77': 'previous' } });",
  ]),
  inScript('slice_number', 'none', [
    TABLE,
    "table.withFile('summary.json', { sliced: true }).filename();",
  ]),
  inScript('slice_number', 'one too many', [TABLE, "table.withFile('summary.json').filename(1);"]),
  inScript('invalid_file_name', 'climbs out', [TABLE, "table.filename('../dev-1/x');"]),
  inScript('damaged_job', 'a file is gone while the script runs', [
    "const { rmSync } = await import('node:fs');",
    TABLE,
    "rmSync(table.path + '/summary.json');",
    "await table.loadJson('summary.json');",
  ]),
  inScript('unreadable_file', 'no JSON', [
    "const { writeFileSync } = await import('node:fs');",
    TABLE,
    "writeFileSync(table.path + '/summary.json', '{');",
    "await table.loadJson('summary.json');",
  ]),
  inScript('script', 'threw', ['null.x;'], { throws: 'TypeError' }),
  inScript('script', 'ends the process', ['process.exit(0);']),
  inScript('script', 'waits for ever', ['await new Promise(() => {});']),
  inScript('script', 'warns', ["urd.warn('no sales before 2019');"]),
];
