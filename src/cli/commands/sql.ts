// `acc sql`: SQL over the index of a workdir, or over datasets where the query names some.

import { readFileSync } from 'node:fs';

import { queryDatasets } from '../../method/sql/query-datasets.ts';
import type { QueryResult } from '../../method/sql/query-result.ts';
import { UsageError } from '../../model/errors.ts';
import { unknownWorkdir } from '../../model/unknown-workdir.ts';
import { coloursFor } from '../../report/colour.ts';
import { isSet, textOf } from '../args.ts';
import type { Invocation } from '../command.ts';
import { valueJson, valueText } from '../looking/cell-text.ts';
import { DatasetFinder } from '../looking/dataset-finder.ts';
import { printSpecOf } from '../looking/grep-options.ts';
import type { PrintSpec } from '../looking/grep-options.ts';
import { compilePatterns } from '../looking/patterns.ts';
import { bindQuery } from '../looking/query-tables.ts';
import type { BoundQuery } from '../looking/query-tables.ts';
import { RowPrinter } from '../looking/row-printer.ts';
import type { FoundRow } from '../looking/scan-slice.ts';
import type { ScanTask } from '../looking/scan-tasks.ts';
import { ScanWatch } from '../looking/scan-watch.ts';

const CHUNK_ROWS = 1000;
const NOTHING_TO_FIND = { patterns: [''], isFixed: false, ignoresCase: false, isNumeric: false };

/** A table on its way to the printer. */
interface Table {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly (string | null)[]>;
}

/** Carries a query out and prints its rows. */
export async function sql(invocation: Invocation): Promise<number> {
  const { args } = invocation;
  const [given = ''] = args.positionals;
  const query = given === '-' ? readFileSync(0, 'utf8') : given;
  using finder = await DatasetFinder.open(invocation);
  const spec = printSpecOf(args, invocation.process);
  const bound = bindQuery(query, finder);
  const names = Object.keys(bound.tables);
  if (names.length === 0) {
    await printTable(
      indexTable(query, finder, { spec, workdir: textOf(args, 'workdir') }),
      spec,
      invocation,
    );
    return 0;
  }
  const tables = Object.fromEntries(
    Object.entries(bound.tables).map(([name, dataset]) => [
      name,
      isSet(args, 'chain') ? dataset.chain().datasets : [dataset],
    ]),
  );
  const result = await queryDatasets(bound.sql, tables).catch((error: unknown) => {
    throw withSpecs(error, bound.tables);
  });
  await printTable(resultTable(result, spec), spec, invocation);
  return 0;
}

/** Calls the datasets as the user may call them. */
function withSpecs(error: unknown, tables: BoundQuery['tables']): unknown {
  if (!(error instanceof UsageError)) return error;
  const named = (text: string): string =>
    text.replaceAll(/\bdataset_\d+\b/gu, (name) => {
      const dataset = tables[name];
      return dataset === undefined ? name : `{${String(dataset)}}`;
    });
  return new UsageError(
    error.problems.map(({ hint, ...problem }) => ({
      ...problem,
      message: named(problem.message),
      ...(hint === undefined ? {} : { hint: named(hint) }),
    })),
  );
}

async function printTable(table: Table, spec: PrintSpec, { process }: Invocation): Promise<void> {
  const colours = coloursFor(process.stdout, process.env);
  const printer = new RowPrinter(spec, colours, compilePatterns(NOTHING_TO_FIND));
  const watch = new ScanWatch({ rowsRead: 0, totalRows: 0 }, process, undefined);
  const task = taskOf(table.columns);
  try {
    let chunk: FoundRow[] = [];
    let lineno = 0;
    for (const cells of table.rows) {
      chunk.push({ lineno, isMatch: true, cells, key: '' });
      lineno++;
      if (chunk.length < CHUNK_ROWS) continue;
      await watch.write(printer.rows(task, chunk));
      chunk = [];
    }
    await watch.write(printer.rows(task, chunk));
    await watch.write(printer.flush());
    if (!printer.hasPrinted) await watch.write(printer.emptyTable(task));
  } finally {
    watch[Symbol.dispose]();
  }
}

/** The printer wants to know where rows come from: here from nowhere, with these columns. */
function taskOf(columns: readonly string[]): ScanTask {
  const place = {
    ref: { job: '', name: '' },
    jobPath: '',
    workdirs: {},
  } as unknown as ScanTask['unit']['place'];
  return {
    unit: { place, spec: '', sliceno: 0, rows: 0 },
    columns: { printed: columns, searched: [] },
  };
}

function resultTable({ rows, columns }: QueryResult, { format }: PrintSpec): Table {
  const textOfValue = (value: unknown, type: string): string | null => {
    if (value === null) return null;
    return format === 'json' ? valueJson(value, type) : valueText(value, type);
  };
  return {
    columns: columns.map(({ name }) => name),
    rows: (function* () {
      for (let row = 0; row < rows; row++) {
        yield columns.map(({ values, type }) => textOfValue(values[row], type));
      }
    })(),
  };
}

function indexTable(
  query: string,
  { index, project }: DatasetFinder,
  { spec, workdir }: { spec: PrintSpec; workdir: string | undefined },
): Table {
  const known = Object.keys(project.workdirs);
  if (workdir !== undefined && !known.includes(workdir)) throw unknownWorkdir(workdir, known);
  const name = workdir ?? project.targetWorkdir;
  const found = index.workdirs.find((one) => one.name === name);
  if (found === undefined) {
    throw new UsageError({
      code: 'unused_workdir',
      message: `Workdir ${name} has no index: it was never used`,
      hint: 'A query over datasets names them in braces, as in: select count(*) from {dev-42}',
    });
  }
  const result = asked(() => found.index.query(query));
  if (result === undefined) {
    throw new UsageError({
      code: 'invalid_query',
      message: 'Expected a query, got a statement that changes something',
      hint: 'The index can only be read.',
    });
  }
  const form = spec.format === 'json' ? cellJson : cellText;
  return {
    columns: result.columns,
    rows: (function* () {
      for (const row of result.rows) yield row.map((cell) => (cell === null ? null : form(cell)));
    })(),
  };
}

function asked<T>(query: () => T): T {
  try {
    return query();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'SQLITE_ERROR' && !(error instanceof RangeError)) throw error;
    throw new UsageError({
      code: 'invalid_query',
      message: `The query cannot be carried out: ${message}`,
      hint: 'Tables of the index: select name from sqlite_schema. Datasets are named in braces: {dev-42}.',
    });
  }
}

function cellText(cell: unknown): string {
  return cell instanceof Uint8Array ? valueText(cell, 'bytes') : String(cell);
}

function cellJson(cell: unknown): string {
  if (cell instanceof Uint8Array) return valueJson(cell, 'bytes');
  return typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell);
}
