// `acc method`: lists the methods of the project, or shows what one takes and what its code is.

import type { BrokenMethod, LoadedMethod } from '../../key/method-catalog.ts';
import type { MethodSource } from '../../key/method-sources.ts';
import { expiryText } from '../../model/method-shape.ts';
import type { MethodCode, MethodShape } from '../../model/method-shape.ts';
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
import { brokenText } from './broken-method.ts';
import { inputLines, optionFacts } from './method-inputs.ts';

type Known = LoadedMethod | BrokenMethod;

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
  const isNamed = names.length > 0;
  if (isSet(args, 'json')) {
    const values = found.map(({ source, method: one }) => asJson(source, one, isNamed));
    printJson(await Promise.all(values), process);
  } else if (!isNamed) {
    print(
      tableLines(found.map(({ source, method: one }) => row(source, one, presentation))),
      process,
    );
  } else {
    const lines = found.map(({ source, method: one }) => detailLines(source, one, presentation));
    print((await Promise.all(lines)).flat(), process);
  }
  return isNamed && found.some(({ method: one }) => !one.ok) ? 2 : 0;
}

async function asJson(source: MethodSource, one: Known, isNamed: boolean): Promise<object> {
  const { name, file, standard } = source;
  if (!one.ok) return { name, file, standard, problems: one.error.problems };
  const { digest, packages, unsound, equivalence = null } = one.code;
  const inputs = isNamed ? { optionFacts: await optionFacts(one) } : {};
  return { name, file, standard, digest, packages, unsound, equivalence, ...one.shape, ...inputs };
}

function row(source: MethodSource, one: Known, presentation: Presentation): string[] {
  const { colours } = presentation;
  const about = one.ok ? firstLine(one.shape.description) : brokenText(one, presentation);
  const marks = [
    ...(source.standard ? [colours.dim('standard')] : []),
    ...(one.ok && one.code.unsound.length > 0 ? [colours.yellow('unsound')] : []),
  ];
  return [colours.bold(source.name), about, marks.join(' ')];
}

async function detailLines(
  source: MethodSource,
  one: Known,
  presentation: Presentation,
): Promise<string[]> {
  const { colours } = presentation;
  const head = `${colours.bold(source.name)}  ${colours.dim(shownPath(source.file, presentation))}`;
  if (!one.ok) return [head, ...usageErrorLines(one.error, presentation), ''];
  const { shape, code } = one;
  const facts: string[][] = [
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
  const inputs = inputLines(one, await optionFacts(one), colours);
  return [head, ...description, ...inputs, ...tableLines(facts, { indent: '  ' }), ''];
}

function equivalenceRows({ equivalence }: MethodCode, colours: Colours): string[][] {
  if (equivalence === undefined) return [];
  const { present, declared, holds } = equivalence;
  const others = declared.filter((digest) => digest !== present);
  if (holds) return others.map((digest) => ['same as', digest]);
  return [[colours.yellow('expired'), expiryText(equivalence)]];
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
