// What a mistake is to the test of all error texts: files, commands, and the code of the problem that must come of it.
// Makes one in a project of its own, and gives what acc said in a form that is the same in every run.

import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { Project } from '../../rig/project.ts';
import { script } from '../../rig/run.ts';

/** A way to make acc say something is wrong. */
export interface Mistake {
  /** Code of the problem, or a failure's or a warning's kind. */
  readonly code: string;
  /** What the user did, as one sentence's part. */
  readonly title: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Commands that come first and are not shown. */
  readonly before?: readonly (readonly string[])[];
  /** Files to write, or with `null` to remove, after these commands. */
  readonly change?: Readonly<Record<string, string | null>>;
  /** For what files alone cannot say; called last. */
  readonly break?: (project: Project) => Promise<void> | void;
  /** Runs `build.ts` beside the command, from the moment when it has printed `started`. */
  readonly beside?: true;
  /** Presses ^C when the command has printed `started`. */
  readonly interrupted?: true;
  /** `run` when missing. */
  readonly command?: readonly string[];
  /** A method that is called `report`, made of these members and called with these inputs; jobs of it fail. */
  readonly method?: { readonly members: string; readonly inputs: string };
  /** JavaScript's error that code of the mistake throws by itself; no other may be told of. */
  readonly throws?: string;
}

/** Methods and files that most mistakes need. */
const FILES: Readonly<Record<string, string>> = {
  'sales.csv': 'city,price\nOslo,3\nRiga,4\n',
  'methods/table.ts': `import { dataset, defineMethod, job, z } from 'acc-engine';

export default defineMethod({
  options: { start: z.number().default(0) },
  datasets: { previous: dataset().optional() },
  prepare: ({ job, datasets }) =>
    job.datasetWriter({ columns: { price: 'int32', city: 'string' }, previous: datasets.previous }),
  analysis({ sliceno, options, prepareRes }) {
    prepareRes.write(options.start + sliceno, 'Oslo');
  },
  synthesis({ job }) {
    job.saveJson({ rows: 2 }, 'summary.json');
    return 2;
  },
});
`,
};

/** A mistake in a build script of these lines. */
export function inScript(
  code: string,
  title: string,
  lines: readonly string[],
  more: Partial<Mistake> = {},
): Mistake {
  return { code, title, ...more, files: { 'build.ts': script(...lines), ...more.files } };
}

/** A mistake in the definition of a method, of which these are the members. */
export function inDefinition(
  code: string,
  title: string,
  members: string,
  more: Partial<Mistake> & { readonly inputs?: string } = {},
): Mistake {
  return inScript(code, title, [callOf('report', more.inputs ?? '')], {
    files: { 'methods/report.ts': methodText(members), ...more.files },
  });
}

/** A mistake in a stage of a method, of which these are the members; `inputs` may give it the `table`. */
export function inMethod(code: string, title: string, members: string, inputs = ''): Mistake {
  return { code, title, method: { members, inputs } };
}

/** A mistake in synthesis, where `table` is a dataset with the columns `price` and `city`. */
export function inSynthesis(code: string, title: string, body: string): Mistake {
  const members = [
    'datasets: { table: dataset() },',
    'async synthesis({ job, datasets: { table }, build }) {',
    ...body.split('\n').map((line) => `  ${line}`),
    '},',
  ].join('\n');
  return inMethod(code, title, members, 'table');
}

function callOf(method: string, inputs: string): string {
  return `await urd.build('${method}'${inputs === '' ? '' : `, { ${inputs} }`});`;
}

function methodText(members: string): string {
  return [
    "import { dataset, defineMethod, inputFile, job, jobFile, merge, z } from 'acc-engine';",
    '',
    'export default defineMethod({',
    ...members.split('\n').map((line) => `  ${line}`),
    '});',
    '',
  ].join('\n');
}

/** A mistake on the command line, in a project whose `build.ts` builds a `table`. */
export function onCommandLine(
  code: string,
  title: string,
  command: readonly string[],
  more: Partial<Mistake> = {},
): Mistake {
  return inScript(code, title, ["await urd.build('table');"], {
    before: [['run']],
    ...more,
    command,
  });
}

/** Makes mistakes; gives what acc said about each, from its command on. */
export async function saidOf(mistakes: readonly Mistake[]): Promise<readonly string[]> {
  const texts = new Map<Mistake, string>();
  const together = mistakes.filter(({ method }) => method !== undefined);
  const queue: (() => Promise<void>)[] = [
    async () => {
      const said = await saidInOneRun(together);
      for (const [i, mistake] of together.entries()) texts.set(mistake, said[i] ?? '');
    },
    ...mistakes
      .filter(({ method }) => method === undefined)
      .map((mistake) => async () => void texts.set(mistake, await saidAlone(mistake))),
  ];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  return mistakes.map((mistake) => texts.get(mistake) ?? '');
}

const CONFIG = { 'acc.config.ts': 'export default { slices: 2, concurrency: 2 };\n' };

async function saidAlone(mistake: Mistake): Promise<string> {
  await using project = await Project.create({ ...FILES, ...CONFIG, ...mistake.files });
  for (const command of mistake.before ?? []) await project.acc(...command);
  for (const [name, content] of Object.entries(mistake.change ?? {})) {
    if (content === null) await rm(project.path(name), { recursive: true });
    else await project.write({ [name]: content });
  }
  await mistake.break?.(project);
  const command = mistake.command ?? ['run'];
  const beside = mistake.beside === undefined ? undefined : project.start(['run']);
  await beside?.printed('started');
  const acc = project.start(command);
  if (mistake.interrupted === true) {
    await acc.printed('started');
    acc.kill('SIGINT');
  }
  const { code, stdout, stderr } = await acc.ended;
  beside?.kill('SIGKILL');
  await beside?.ended;
  const text = stable(stdout + stderr, project.directory);
  return `$ acc ${command.join(' ')}\n${text}(exit code ${code ?? 'none'})\n`;
}

const NEXT = '--- next ---\n';

/** Builds one method after the other in one run, and forgets which job's number it was. */
async function saidInOneRun(mistakes: readonly Mistake[]): Promise<readonly string[]> {
  const methods = mistakes.map(({ method }, i) => ({ name: `report_${i}`, ...method }));
  const calls = methods.map(
    ({ name, inputs = '' }) =>
      `console.log('${NEXT.trim()}'); try { ${callOf(name, inputs)} } catch {}`,
  );
  await using project = await Project.create({
    ...FILES,
    ...CONFIG,
    ...Object.fromEntries(
      methods.map(({ name, members = '' }) => [`methods/${name}.ts`, methodText(members)]),
    ),
    'build.ts': script("const table = await urd.build('table');", ...calls),
  });
  const { stdout, stderr } = await project.acc('run');
  if (stderr !== '') throw new Error(`Expected failed jobs only, got:\n${stderr}`);
  const [, ...texts] = stable(stdout, project.directory).split(NEXT);
  return texts.map((text) =>
    text.replaceAll(/report_\d+/gu, 'report').replaceAll(/dev-[1-9]\d*/gu, 'dev-1'),
  );
}

const ACC = fileURLToPath(new URL('../../..', import.meta.url));

/** Leaves out the lines of builds, and all that is different in each run. */
function stable(text: string, directory: string): string {
  return (
    text
      .replaceAll(directory, '/shop')
      // Newer versions of Node say it in two ways.
      .replaceAll(/(?<=JSON at position \d+) \(line \d+ column \d+\)/gu, '')
      .replaceAll(ACC, '/acc/')
      .replaceAll(/\b[0-9a-f]{64}\b/gu, 'DIGEST')
      .replaceAll(/(\/acc\/methods\/[^:]+):\d+:\d+/gu, '$1')
      .split('\n')
      .filter((line) => !/^(?:dev-\d+|-) +\S+ +(?:built|reused|failed|skipped)\b/u.test(line))
      .filter((line) => !/^built \d+, reused /u.test(line))
      .join('\n')
      .replaceAll(/analysis\(\d+\)/gu, 'analysis(N)')
      .replaceAll(/(?<=process )\d+/giu, 'PID')
      .replaceAll(/(?<=PID on )\S+/giu, 'HOST')
  );
}
