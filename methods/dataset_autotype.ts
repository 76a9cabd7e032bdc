// Finds out which types the text of a dataset's columns has, from all rows, and types them so.

import { dataset, defineMethod, z } from 'acc-engine';

import { columnsOf, sourcesSince } from './lib/tables/table-sources.ts';
import { inferredTypes, typeReport } from './lib/typing/autotype-report.ts';
import type { TextColumnLike } from './lib/typing/column-typer.ts';
import { inferredType, mergeInferences, TypeInference } from './lib/typing/infer-types.ts';
import { dateTypeOption, timezoneOption } from './lib/typing/typing-options.ts';
import { TimeZone } from './lib/values/time-zone.ts';

export default defineMethod({
  description: `Finds the types of text columns from all their rows, and types them

Each column of string or bytes gets the narrowest of bool (true and false), int32, int64, float64, date, time, datetime
(ISO 8601) and \`dateTypes\` that every text in it is a value of; else it stays as it is. Numbers with a leading zero, as
007, stay text, and so do integers that no type holds exactly. Texts in \`nullLikes\` become nulls in columns that are typed.
All datasets from \`source\` back to (and without) the \`source\` of the job that made \`previous\` are typed the same way.
Why each column has its type is in report.json and report.txt: for every narrower type the first text that is no value of
it, with its row.

Example: urd.build('dataset_autotype', { source: imported, nullLikes: ['', 'NA'], dateTypes: ['date:%d.%m.%Y'] })`,
  options: {
    columns: z
      .array(z.string())
      .optional()
      .describe('The columns to type; if not given, all of text'),
    nullLikes: z.array(z.string()).default(['']).describe('Texts that stand for no value'),
    dateTypes: z
      .array(dateTypeOption)
      .default([])
      .describe('Dates to look for beside ISO 8601, as "datetime:%d/%b/%Y %H:%M"'),
    timezone: timezoneOption
      .optional()
      .describe('The zone that datetimes are local time of; UTC if not given'),
    numericComma: z.boolean().default(false).describe('Decimals follow a comma, as in 3,14'),
  },
  datasets: { source: dataset(), previous: dataset({ lineage: true }).optional() },

  analysis({ sliceno, options, datasets: { source, previous } }) {
    const chain = sourcesSince(source, previous);
    const names = options.columns ?? textColumns(columnsOf(source));
    const zone = options.timezone === undefined ? undefined : new TimeZone(options.timezone);
    const settings = { ...options, hasComma: options.numericComma, zone };
    const columns = names.map((name) => new TypeInference(name, sliceno, settings));
    for (const { length, columns: texts, validity } of chain.batches(sliceno, names)) {
      for (const [i, name] of names.entries()) {
        columns[i]?.look(texts[name] as TextColumnLike, length, validity[name] ?? null);
      }
    }
    return columns.map((column) => column.result);
  },

  async synthesis({ job, build, options, datasets: { source, previous }, analysisRes }) {
    const [first = []] = analysisRes;
    const found = first.map((_, i) =>
      mergeInferences(analysisRes.flatMap((slice) => slice[i] ?? [])),
    );
    const { column2type, defaults } = inferredTypes(found, options.nullLikes);
    job.saveJson(
      found.map((column) => ({ ...column, type: inferredType(column) ?? null })),
      'report.json',
    );
    job.write('report.txt', typeReport(found, columnsOf(source)));
    const { timezone, numericComma } = options;
    const typed = await build('dataset_type', {
      source,
      previous,
      column2type,
      defaults,
      timezone,
      numericComma,
    });
    job.linkDataset(typed.dataset());
    return column2type;
  },
});

/** All of text but one called `__proto__`: no record of options can name it, so that it stays as it is. */
function textColumns(columns: ReturnType<typeof columnsOf>): readonly string[] {
  return columns
    .filter(({ type, name }) => (type === 'string' || type === 'bytes') && name !== '__proto__')
    .map(({ name }) => name);
}
