// What a method takes, as lines for a person: each option with type, default and description, datasets, jobs,
// and a build call that gives what is required.

import type { LoadedMethod } from '../../key/method-catalog.ts';
import type { OptionFacts } from '../../method/definition/describe-options.ts';
import { environmentOf, importMethod } from '../../method/definition/import-method.ts';
import type { DatasetInputShape, JobInputShape } from '../../model/method-shape.ts';
import type { Colours } from '../../report/colour.ts';
import { tableLines } from '../../report/table.ts';

/** Loads a method's module and describes its options. */
export async function optionFacts({
  source,
  code,
  shape,
}: LoadedMethod): Promise<readonly OptionFacts[]> {
  const { methodOf } = await import('../../method/definition/describe-method.ts');
  const { describeOptions } = await import('../../method/definition/describe-options.ts');
  const module = await importMethod(code.bundle, environmentOf(shape.env));
  return describeOptions(methodOf(module, source.file).options ?? {});
}

/** Where a description shows a call: its author knows better than the types of inputs what makes a sensible one. */
const EXAMPLE = /^Example:/mu;

/** Shows what a method takes, and a build call where the description has none. */
export function inputLines(
  { source, shape }: LoadedMethod,
  options: readonly OptionFacts[],
  colours: Colours,
): string[] {
  const width = Math.max(0, ...options.map(({ name }) => name.length));
  return [
    ...(options.length > 0 ? [`  ${colours.dim('options')}`] : []),
    ...options.flatMap((option) => optionLines(option, width, colours)),
    ...inputTable('datasets', shape.datasets, columnsOf, colours),
    ...inputTable('jobs', shape.jobs, () => [], colours),
    ...(EXAMPLE.test(shape.description)
      ? []
      : [`  ${colours.dim('build')}`, `    ${callText(source.name, options, shape)}`]),
  ];
}

function optionLines(option: OptionFacts, width: number, colours: Colours): string[] {
  const { name, type, required, description } = option;
  const optional = option.default === null ? 'optional' : `default ${option.default}`;
  return [
    `    ${colours.bold(name.padEnd(width))}  ${required ? 'required' : optional}; ${type}`,
    ...(description === '' ? [] : description.trim().split('\n')).map(
      (line) => `    ${' '.repeat(width)}  ${line}`,
    ),
  ];
}

function inputTable<Shape extends DatasetInputShape | JobInputShape>(
  title: string,
  inputs: Readonly<Record<string, Shape>>,
  columns: (input: Shape) => string[],
  colours: Colours,
): string[] {
  const rows = Object.entries(inputs).map(([name, input]) => [
    colours.bold(name),
    [...traits(input), ...columns(input)].join('; '),
  ]);
  return rows.length === 0
    ? []
    : [`  ${colours.dim(title)}`, ...tableLines(rows, { indent: '    ' })];
}

function traits(input: DatasetInputShape | JobInputShape): string[] {
  return [
    input.optional ? 'optional' : 'required',
    ...(input.array ? ['list'] : []),
    ...(input.lineage === true ? ['with lineage'] : []),
  ];
}

function columnsOf(input: DatasetInputShape): string[] {
  if (input.columns === undefined) return ['any columns'];
  const columns = Object.entries(input.columns).map(([column, type]) => `${column}: ${type}`);
  return [columns.length === 0 ? 'no columns' : `columns ${columns.join(', ')}`];
}

/** A build call with a value for each required input. */
function callText(
  name: string,
  options: readonly OptionFacts[],
  { datasets, jobs }: LoadedMethod['shape'],
): string {
  const given = [
    ...options.filter(({ required }) => required).map((one) => `${one.name}: ${one.example}`),
    ...Object.entries({ ...datasets, ...jobs })
      .filter(([, input]) => !input.optional)
      .map(([input, { array }]) => `${input}: ${array ? '[job]' : 'job'}`),
  ];
  const inputs = given.length === 0 ? '' : `, { ${given.join(', ')} }`;
  return `await urd.build('${name}'${inputs})`;
}
