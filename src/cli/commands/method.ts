// `acc method`: lists the methods of the project, or shows what one takes and what its code is.

import type { BrokenMethod, Method } from '../../key/method-catalog.ts';
import type { MethodSource } from '../../key/method-sources.ts';
import { expiryText } from '../../model/method-shape.ts';
import type {
  DatasetInputShape,
  JobInputShape,
  MethodCode,
  MethodShape,
} from '../../model/method-shape.ts';
import type { Colours } from '../../report/colour.ts';
import { usageErrorLines } from '../../report/failure-text.ts';
import { shownPath } from '../../report/presentation.ts';
import type { Presentation } from '../../report/presentation.ts';
import { tableLines } from '../../report/table.ts';
import { formatDuration } from '../../util/quantity.ts';
import { isSet } from '../args.ts';
import type { Invocation } from '../command.ts';
import { presentationFor, print, printJson } from '../output.ts';
import { openCatalog } from '../project/open-catalog.ts';
import { loadProject } from '../project/project.ts';

type Known = Method | BrokenMethod;

/** Lists all methods, or shows those that are named. Exit code 2 when a named one cannot be used. */
export async function method(invocation: Invocation): Promise<number> {
  const { args, process } = invocation;
  const catalog = openCatalog(await loadProject(invocation));
  const names = args.positionals;
  const sources =
    names.length === 0 ? catalog.sources() : names.map((name) => catalog.source(name));
  const known = await catalog.load(sources.map(({ name }) => name));
  catalog.save();
  const found = sources.flatMap((source) => {
    const one = known.get(source.name);
    return one === undefined ? [] : [{ source, method: one }];
  });
  const presentation = presentationFor(process, process.stdout);
  if (isSet(args, 'json')) {
    printJson(
      found.map(({ source, method: one }) => asJson(source, one)),
      process,
    );
  } else if (names.length === 0) {
    print(
      tableLines(found.map(({ source, method: one }) => row(source, one, presentation))),
      process,
    );
  } else {
    print(
      found.flatMap(({ source, method: one }) => detailLines(source, one, presentation)),
      process,
    );
  }
  return names.length > 0 && found.some(({ method: one }) => !one.ok) ? 2 : 0;
}

function asJson(source: MethodSource, one: Known): object {
  const { name, file, standard } = source;
  if (!one.ok) return { name, file, standard, problems: one.error.problems };
  const { digest, packages, unsound, equivalence = null } = one.code;
  return { name, file, standard, digest, packages, unsound, equivalence, ...one.shape };
}

function row(source: MethodSource, one: Known, { colours }: Presentation): string[] {
  const about = one.ok ? firstLine(one.shape.description) : colours.red('cannot be used');
  const marks = [
    ...(source.standard ? [colours.dim('standard')] : []),
    ...(one.ok && one.code.unsound.length > 0 ? [colours.yellow('unsound')] : []),
  ];
  return [colours.bold(source.name), about, marks.join(' ')];
}

function detailLines(source: MethodSource, one: Known, presentation: Presentation): string[] {
  const { colours } = presentation;
  const head = `${colours.bold(source.name)}  ${colours.dim(shownPath(source.file, presentation))}`;
  if (!one.ok) return [head, ...usageErrorLines(one.error, presentation), ''];
  const { shape, code } = one;
  const facts: string[][] = [
    ...inputRows(shape),
    ['stages', shape.stages.join(', ') || 'none'],
    ...(shape.dependsOn.length > 0 ? [['depends on', shape.dependsOn.join(', ')]] : []),
    ...(shape.env.length > 0 ? [['environment', shape.env.join(', ')]] : []),
    ...(shape.version === undefined ? [] : [['version', String(shape.version)]]),
    ...limitRows(shape),
    ['code', code.digest],
    ...Object.entries(code.packages).map(([name, version]) => ['package', `${name} ${version}`]),
    ...equivalenceRows(code, colours),
    ...code.unsound.map((reason) => [colours.yellow('unsound'), reason]),
  ];
  const description = shape.description === '' ? [] : shape.description.trim().split('\n');
  return [head, ...description, ...tableLines(facts, { indent: '  ' }), ''];
}

function equivalenceRows({ equivalence }: MethodCode, colours: Colours): string[][] {
  if (equivalence === undefined) return [];
  const { present, declared, holds } = equivalence;
  const others = declared.filter((digest) => digest !== present);
  if (holds) return others.map((digest) => ['same as', digest]);
  return [[colours.yellow('expired'), expiryText(equivalence)]];
}

function inputRows(shape: MethodShape): string[][] {
  return [
    ...(shape.options.length > 0 ? [['options', shape.options.join(', ')]] : []),
    ...Object.entries(shape.datasets).map(([name, input]) => ['dataset', datasetText(name, input)]),
    ...Object.entries(shape.jobs).map(([name, input]) => ['job', name + traits(input)]),
  ];
}

function datasetText(name: string, input: DatasetInputShape): string {
  const columns = Object.entries(input.columns ?? {}).map(([column, type]) => `${column}: ${type}`);
  const declared = columns.length > 0 ? ` { ${columns.join(', ')} }` : '';
  return name + traits(input) + declared;
}

function traits(input: DatasetInputShape | JobInputShape): string {
  const words = [
    ...(input.array ? ['list'] : []),
    ...(input.optional ? ['optional'] : []),
    ...('lineage' in input && input.lineage ? ['with lineage'] : []),
  ];
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}

function limitRows({ concurrency, memoryLimitMb, timeoutMs }: MethodShape): string[][] {
  const limits = [
    ...(concurrency === undefined ? [] : [`${concurrency} slices at once`]),
    ...(memoryLimitMb === undefined ? [] : [`${memoryLimitMb} MB`]),
    ...(timeoutMs === undefined ? [] : [formatDuration(timeoutMs)]),
  ];
  return limits.length > 0 ? [['limits', limits.join(', ')]] : [];
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
