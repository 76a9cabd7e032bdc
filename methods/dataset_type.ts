// Reads the text of some columns of a dataset as values of other types. Slices are typed in parallel, in constant memory.

import { dataset, defineMethod, z } from 'acc-engine';

import { NOTHING_TYPED, typeSlice } from './lib/typing/type-batches.ts';
import { defaultOption, timezoneOption, typeOption } from './lib/typing/typing-options.ts';
import { columnsRead, planSteps, stepTypers, typingReport } from './lib/typing/typing-steps.ts';

export default defineMethod({
  description: `Reads columns of text as values of other types

Every dataset of the chain, from \`source\` back to (and without) the \`source\` of the job that made \`previous\`, gives one
typed dataset: the newest is the job's default one, those before it are named 0, 1 and so on, oldest first. Columns that
are not typed stay as they are. A null stays a null. The result tells of each dataset how many \`rows\` it has, how many
\`badRows\` went to "bad", and how many texts of each column were \`bad\` or \`defaulted\`.

Types, for columns of string or bytes:
  int8 int16 int32 int64 uint8 uint16 uint32   decimal; int32_16, int64_8 in base 16 or 8, int32_0 as C has it (0x, 0)
  float32 float64 number number:int            number is any number, integers of any size among them
  bool strbool floatbool                       true false 1 0; everything but "", 0, f, false, no, off, nil, null; not 0
  date time datetime                           ISO 8601, or a pattern: date:%Y%m%d, datetime:%d/%b/%Y %H:%M:%S
  string stringstrip bytes bytesstrip json     without white space around the text where strip is in the name
  ascii asciistrip[:replace|encode|strict]     bytes beyond ASCII as \\344
  unicode unicodestrip[:CODEC[/strict|replace|ignore]]   as unicode:latin-1
A "?" after the name (int32?, date?:%Y%m%d) reads empty text as null; "+None" means the same. An "i" after the name of a
number or date (int32_10i, datei:%Y%m%d) ignores what follows the value.

Date patterns: %Y %C %y %m %b %d %H %I %p %M %S; %f %3f fraction; %s %J seconds, milliseconds since 1970; %e days of
spreadsheets (%0e LibreOffice, %1e Excel, %2e Mac); a space is any white space; "% " %. %* %# %@ %^ one white space,
non-space, character, digit, symbol, non-digit (%3@ three, %2,5@ two to five); %? %3? %2,3? the next element, or three,
or two to three, may be missing, and %: %2: stand in for them where they are; %-Y is read and not used; after %/ all may
be missing. Two digits of a year are of 1969 to 2068.

Example: urd.build('dataset_type', { source: imported, column2type: { price: 'float64', sold: 'date?:%d.%m.%Y' } })`,
  options: {
    column2type: z
      .record(z.string(), typeOption)
      .describe('Types by column, as { price: "float64" }; see above'),
    defaults: z
      .record(z.string(), defaultOption)
      .default({})
      .describe('By column: the text that stands for text that is no value of the type, or null'),
    rename: z
      .record(z.string(), z.string().nullable())
      .default({})
      .describe(
        'New names of columns by present ones, null to drop one. Other options use the new names. A column whose\n' +
          'new name is typed also stays under its present one.',
      ),
    filterBad: z
      .boolean()
      .default(false)
      .describe('Rows with text that is no value go to dataset "bad", instead of being an error'),
    hashlabel: z
      .string()
      .nullable()
      .optional()
      .describe(
        'Column by whose hash rows are placed in slices, null for none; the column of the source if not given,\n' +
          'whose rows are placed anew when it is typed',
      ),
    discardUntyped: z.boolean().default(false).describe('Drop the columns that are not typed'),
    timezone: timezoneOption
      .optional()
      .describe(
        'The zone that datetimes are local time of, as Europe/Stockholm; UTC if not given. Of an hour that comes twice\n' +
          'the first is meant; one that is left out is counted on from before.',
      ),
    numericComma: z.boolean().default(false).describe('Decimals follow a comma, as in 3,14'),
    length: z
      .number()
      .int()
      .default(-1)
      .describe('Datasets to type at most, counted from the newest'),
    caption: z.string().default('typed dataset').describe('What the datasets are, for people'),
  },
  datasets: { source: dataset(), previous: dataset({ lineage: true }).optional() },

  prepare: ({ job, options, datasets }) => planSteps(job, options, datasets),

  analysis({ sliceno, options, prepareRes: steps }) {
    return steps.map((step) => {
      const { source, plan, writer, written, bad } = step;
      if (writer === undefined) return NOTHING_TYPED;
      return typeSlice({
        spec: String(source),
        sliceno,
        batches: source.batches(sliceno, columnsRead(step)),
        plan,
        typers: stepTypers(plan, options),
        writer: plan.rehashes ? writer.split() : writer,
        written,
        bad,
      });
    });
  },

  synthesis: ({ analysisRes, prepareRes }) => typingReport(prepareRes, analysisRes),
});
