// Mistakes in the definitions of methods, and methods that cannot be loaded.

import { inDefinition, inScript } from './mistake.ts';
import type { Mistake } from './mistake.ts';

function methodText(code: string, title: string, text: string): Mistake {
  return inScript(code, title, ["await urd.build('report');"], {
    files: { 'methods/report.ts': text },
  });
}

/** Mistakes of fields, values and modules. */
export const DEFINITION_MISTAKES: readonly Mistake[] = [
  inDefinition('unknown_field', 'misspelt', 'synthesys() {},'),
  inDefinition('unknown_field', 'like none', "colour: 'red',"),
  inDefinition(
    'unknown_field',
    'of a dataset input',
    'datasets: { source: dataset({ optional: true }) },',
  ),
  inDefinition('unknown_field', 'of a job input', 'jobs: { model: job({ linage: true }) },'),
  inDefinition(
    'unknown_dataset_option',
    'of a column that is read',
    "datasets: { source: dataset({ columns: { n: { type: 'int32', nulable: true } } }) },",
  ),
  inDefinition(
    'invalid_definition',
    'several',
    "description: 7,\noptions: { limit: 3 },\ndatasets: { source: job() },\njobs: [],\ndependsOn: 'x',\nenv: [7],\nconcurrency: 0,\nmemoryLimitMb: 'much',\ntimeout: 'soon',\nversion: {},\nsynthesis: 3,",
  ),
  inDefinition(
    'invalid_definition',
    'a column type that is misspelt',
    "datasets: { source: dataset({ columns: { price: 'in32' } }) },",
  ),
  inDefinition(
    'invalid_definition',
    'a zod type of all options',
    'options: z.object({ price: z.number() }),',
  ),
  methodText(
    'invalid_definition',
    'no object',
    "import { defineMethod } from 'acc-engine';\n\nexport default defineMethod(7);\n",
  ),
  inDefinition(
    'duplicate_input',
    'an option and a dataset',
    'options: { source: z.string() },\ndatasets: { source: dataset() },',
  ),
  methodText(
    'no_method',
    'not made with defineMethod',
    "import { defineMethod } from 'acc-engine';\n\nexport default { defineMethod };\n",
  ),
  {
    ...methodText(
      'invalid_method',
      'throws when loaded',
      "import { defineMethod } from 'acc-engine';\n\nconst table = undefined;\nexport default defineMethod({ version: table.version });\n",
    ),
    throws: 'TypeError',
  },
  methodText(
    'cannot_bundle',
    'a method that does not parse',
    "import { defineMethod } from 'acc-engine';\n\nexport default defineMethod({ synthesis() { return 1 + ; } });\n",
  ),
  methodText(
    'cannot_bundle',
    'a package that is not installed',
    "import { defineMethod } from 'acc-engine';\nimport { mean } from 'simple-statistics';\n\nexport default defineMethod({ synthesis: () => mean([1]) });\n",
  ),
  inDefinition('duplicate_method', 'two files', 'synthesis: () => 1,', {
    files: {
      'methods/sub/report.ts':
        "import { defineMethod } from 'acc-engine';\nexport default defineMethod({});\n",
    },
  }),
  inDefinition(
    'expired',
    'equivalentTo names other code',
    `equivalentTo: ['${'0'.repeat(64)}', '${'1'.repeat(64)}'],\nsynthesis: () => 1,`,
  ),
  methodText(
    'invalid_definition',
    'equivalentTo is made elsewhere',
    `import { defineMethod } from 'acc-engine';\n\nconst old = ['${'0'.repeat(64)}', '${'1'.repeat(64)}'];\nexport default defineMethod({ equivalentTo: old.slice() });\n`,
  ),
  inDefinition('unknown_depends_on_file', 'misspelt', "dependsOn: ['../data/rates.json'],"),
  inDefinition('unknown_depends_on_file', 'a directory', "dependsOn: ['../methods'],"),
];
