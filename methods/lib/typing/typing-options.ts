// The options of the typing of datasets.

import { z } from 'acc-engine';

import { TimeZone } from '../values/time-zone.ts';
import { parseTypeSpec, TypeSpecError } from '../values/type-spec.ts';

/** The name of a type that text can be read as. */
export const typeOption = z.string().superRefine((text, context) => {
  try {
    parseTypeSpec(text);
  } catch (error) {
    if (!(error instanceof TypeSpecError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

/** The name of a time zone. */
export const timezoneOption = z.string().superRefine((name, context) => {
  try {
    void new TimeZone(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({
      code: 'custom',
      message: 'the name of a time zone, as Europe/Stockholm or UTC',
    });
  }
});

/** What stands in place of what is no value: text as it would be read, or a null. */
export const defaultOption = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A type of dates, with a pattern. */
export const dateTypeOption = typeOption.regex(
  /^(?:date|time|datetime):/,
  'a date, time or datetime with a pattern, as date:%d.%m.%Y',
);
