// Random projects for the fuzz test: methods over helper functions over files, and edits as a person makes them.
// A project is a plain model that is written out as source text; everything follows from the seed.

import { randomFrom } from './random.ts';
import type { Random } from './random.ts';

interface HelperFunction {
  factor: number;
  local: string;
  /** Written as a sum that comes to the same: a refactoring. */
  refactored: boolean;
  /** Functions of earlier modules that it calls. */
  calls: string[];
}

interface Helper {
  comment: string;
  functions: HelperFunction[];
}

interface Method {
  comment: string;
  uses: string[];
  defaultN: number;
  version: number;
  /** A small modulus makes different inputs come to the same output: early cut-off. */
  modulus: number;
  sliced: boolean;
  /** Looks at the variable FUZZ, which it declares. */
  looksAround: boolean;
  /** An earlier method that it builds as a subjob. */
  subjob: number | undefined;
}

interface Node {
  method: number;
  /** `undefined` leaves the default. */
  n: number | undefined;
  inputs: number[];
  /** Nodes of whose dataset it reads the declared column. */
  tables: number[];
  file: number | undefined;
}

interface Model {
  helpers: Helper[];
  methods: Method[];
  nodes: Node[];
  files: number[];
  variable: number;
}

/** One edit, with what is known about it. */
export interface Edit {
  readonly name: string;
  /** Nothing may be executed after it. */
  readonly isInvisible: boolean;
}

/** A project that changes. */
export class RandomProject {
  readonly #random: Random;
  readonly #past: Model[] = [];
  #model: Model;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.#model = this.#newModel();
  }

  /** The text of every file, by path. */
  files(): Record<string, string> {
    const { helpers, methods, nodes, files } = this.#model;
    return Object.fromEntries([
      ...helpers.map((helper, i) => [`methods/lib/h${i}.ts`, helperText(helper, i)]),
      ...methods.map((method, i) => [`methods/m${i}.ts`, methodText(method)]),
      ...files.map((content, i) => [`in${i}.txt`, String(content)]),
      ['build.ts', scriptText(nodes)],
      ['acc.config.ts', "export default { slices: 2, workdirs: { dev: 'workdirs/dev' } };\n"],
    ]) as Record<string, string>;
  }

  /** The environment to run it in. */
  environment(): Record<string, string> {
    return { FUZZ: String(this.#model.variable) };
  }

  /** Makes one random edit. */
  edit(): Edit {
    const before = structuredClone(this.#model);
    const edits = [
      () => this.#editComment(),
      () => this.#renameLocal(),
      () => this.#refactor(),
      () => this.#editFactor(),
      () => this.#editFactor(),
      () => this.#editDefault(),
      () => this.#editVersion(),
      () => this.#editOption(),
      () => this.#editFile(),
      () => this.#editInputs(),
      () => this.#editTables(),
      () => this.#editVariable(),
      () => this.#editSubjob(),
      () => this.#editUse(),
      () => this.#revert(),
    ];
    const edit = this.#pick(edits)();
    this.#past.push(before);
    return edit;
  }

  #newModel(): Model {
    const helpers: Helper[] = [];
    for (let i = 0; i < 2 + this.#below(3); i++) {
      const earlier = functionNames(helpers);
      const functions = Array.from({ length: 2 + this.#below(3) }, () => ({
        factor: 1 + this.#below(50),
        local: 'local',
        refactored: false,
        calls: earlier.filter(() => this.#random() < 0.3),
      }));
      helpers.push({ comment: '', functions });
    }
    const methods = Array.from({ length: 2 + this.#below(4) }, (_, i) => ({
      comment: '',
      uses: functionNames(helpers).filter(() => this.#random() < 0.3),
      defaultN: this.#below(20),
      version: 0,
      modulus: this.#pick([2, 3, 1009, 100_003]),
      sliced: this.#random() < 0.3,
      looksAround: this.#random() < 0.2,
      subjob: i > 0 && this.#random() < 0.25 ? this.#below(i) : undefined,
    }));
    const files = Array.from({ length: 2 }, () => this.#below(1000));
    const nodes: Node[] = [];
    for (let i = 0; i < 3 + this.#below(6); i++) {
      nodes.push({
        method: this.#below(methods.length),
        n: this.#random() < 0.5 ? this.#below(20) : undefined,
        inputs: nodes.map((_, at) => at).filter(() => this.#random() < 0.25),
        tables: nodes.map((_, at) => at).filter(() => this.#random() < 0.2),
        file: this.#random() < 0.4 ? this.#below(files.length) : undefined,
      });
    }
    return { helpers, methods, nodes, files, variable: this.#below(100) };
  }

  #editComment(): Edit {
    const module = this.#pick([...this.#model.helpers, ...this.#model.methods]);
    module.comment = `remark ${this.#below(1e6)}`;
    return { name: 'comment', isInvisible: true };
  }

  #renameLocal(): Edit {
    this.#function().local = `local${this.#below(1000)}`;
    return { name: 'rename of a local', isInvisible: false };
  }

  #refactor(): Edit {
    const edited = this.#function();
    edited.refactored = !edited.refactored;
    return { name: 'refactoring', isInvisible: false };
  }

  #editFactor(): Edit {
    this.#function().factor = 1 + this.#below(50);
    return { name: 'helper function', isInvisible: false };
  }

  #editDefault(): Edit {
    this.#pick(this.#model.methods).defaultN = this.#below(20);
    return { name: 'default', isInvisible: false };
  }

  #editVersion(): Edit {
    this.#pick(this.#model.methods).version++;
    return { name: 'version', isInvisible: false };
  }

  #editOption(): Edit {
    const node = this.#pick(this.#model.nodes);
    node.n = this.#random() < 0.2 ? undefined : this.#below(20);
    return { name: 'option', isInvisible: false };
  }

  #editFile(): Edit {
    this.#model.files[this.#below(this.#model.files.length)] = this.#below(1000);
    return { name: 'input file', isInvisible: false };
  }

  #editInputs(): Edit {
    const at = this.#below(this.#model.nodes.length);
    const node = this.#model.nodes[at];
    if (node !== undefined) {
      node.inputs = Array.from({ length: at }, (_, i) => i).filter(() => this.#random() < 0.35);
    }
    return { name: 'inputs', isInvisible: false };
  }

  #editTables(): Edit {
    const at = this.#below(this.#model.nodes.length);
    const node = this.#model.nodes[at];
    if (node !== undefined) {
      node.tables = Array.from({ length: at }, (_, i) => i).filter(() => this.#random() < 0.3);
    }
    return { name: 'datasets read', isInvisible: false };
  }

  #editVariable(): Edit {
    this.#model.variable = this.#below(100);
    return { name: 'environment', isInvisible: false };
  }

  #editSubjob(): Edit {
    const at = this.#below(this.#model.methods.length);
    const method = this.#model.methods[at];
    if (method !== undefined && at > 0) {
      method.subjob = method.subjob === undefined ? this.#below(at) : undefined;
    }
    return { name: 'subjob', isInvisible: false };
  }

  #editUse(): Edit {
    const method = this.#pick(this.#model.methods);
    method.uses = functionNames(this.#model.helpers).filter(() => this.#random() < 0.3);
    return { name: 'use of helpers', isInvisible: false };
  }

  #revert(): Edit {
    if (this.#past.length > 0) this.#model = structuredClone(this.#pick(this.#past));
    return { name: 'revert', isInvisible: true };
  }

  #function(): HelperFunction {
    return this.#pick(this.#model.helpers.flatMap(({ functions }) => functions));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}

function functionNames(helpers: readonly Helper[]): string[] {
  return helpers.flatMap(({ functions }, i) => functions.map((_, j) => `f${i}_${j}`));
}

function importsOf(names: readonly string[], from: string): string {
  return [...new Set(names)]
    .map((name) => `import { ${name} } from '${from}/h${name.slice(1).split('_')[0]}.ts';\n`)
    .join('');
}

function helperText({ comment, functions }: Helper, i: number): string {
  const texts = functions.map(({ factor, local, refactored, calls }, j) => {
    const product = refactored ? `x * ${factor - 1} + x` : `x * ${factor}`;
    const sum = [local, ...calls.map((name) => `${name}(x)`)].join(' + ');
    return `export function f${i}_${j}(x: number): number {\n  const ${local} = ${product};\n  return ${sum};\n}\n`;
  });
  const calls = functions.flatMap((helper) => helper.calls);
  return `// ${comment}\n${importsOf(calls, '.')}${texts.join('')}`;
}

function methodText(method: Method): string {
  const { comment, uses, defaultN, version, modulus, sliced, looksAround, subjob } = method;
  const sum = ['x', ...uses.map((name) => `${name}(x)`)].join(' + ');
  const analysis = sliced
    ? '  analysis({ sliceno, options }) { return own(options.n + sliceno); },\n'
    : '';
  const own = sliced ? 'analysisRes.reduce((a, b) => a + b, 0)' : 'own(options.n)';
  const ofSubjob =
    subjob === undefined
      ? ''
      : `    sum += Number(await (await build('m${subjob}', { n: options.n, inputs: [], tables: [] })).load());\n`;
  return `// ${comment}
import { readFileSync } from 'node:fs';
import { dataset, defineMethod, inputFile, job, z } from 'acc-engine';
${importsOf(uses, './lib')}
const own = (x: number): number => ${sum};

export default defineMethod({
  version: ${version},
  env: ${looksAround ? "['FUZZ']" : '[]'},
  options: { n: z.number().default(${defaultN}), file: inputFile().optional() },
  jobs: { inputs: job().array() },
  datasets: { tables: dataset({ columns: { small: 'int32' } }).array() },
${analysis}  async synthesis({ options, jobs, datasets, job: current, build${sliced ? ', analysisRes' : ''} }) {
    let sum = ${own};
    if (options.file !== undefined) sum += Number(readFileSync(options.file, 'utf8'));
    for (const input of jobs.inputs) sum += Number(await input.load());
    for (const table of datasets.tables) for (const small of table.iterate(null, 'small')) sum += small;
${looksAround ? '    sum += Number(process.env.FUZZ);\n' : ''}${ofSubjob}    const table = current.datasetWriter({ columns: { small: 'int32', whole: 'float64' }, allowMissingSlices: true });
    table.setSlice(0);
    table.writeRow({ small: sum % 3, whole: sum });
    return sum % ${modulus};
  },
});
`;
}

/** A list of builds, as the script calls them. */
function list(nodes: readonly number[]): string {
  return `[${nodes.map((at) => `b${at}`).join(', ')}]`;
}

function scriptText(nodes: readonly Node[]): string {
  const builds = nodes.map(({ method, n, inputs, tables, file }, i) => {
    const fields = [
      ...(n === undefined ? [] : [`n: ${n}`]),
      ...(file === undefined ? [] : [`file: 'in${file}.txt'`]),
      `inputs: ${list(inputs)}`,
      `tables: ${list(tables)}`,
    ];
    return `  const b${i} = urd.build('m${method}', { ${fields.join(', ')} });\n`;
  });
  const all = nodes.map((_, i) => `b${i}`).join(', ');
  return `export default async function main(urd) {
${builds.join('')}  const jobs = await Promise.all([${all}]);
  console.log('RESULT ' + JSON.stringify(await Promise.all(jobs.map((job) => job.load()))));
}
`;
}
