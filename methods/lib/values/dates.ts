// Reads dates, times of day and moments from cells, by a pattern or as ISO 8601 writes them.
// A moment that does not say otherwise is local time of the time zone, if there is one, else UTC.

import { NULL } from './cells.ts';
import type { Cells, ParsedCells, ReadCells } from './cells.ts';
import { DateMatcher } from './date-matcher.ts';
import { parseDatePattern } from './date-pattern.ts';
import type { DateElement } from './date-pattern.ts';
import { fixedLayout, readFixed } from './fixed-dates.ts';
import type { FixedLayout } from './fixed-dates.ts';
import { isoMoment } from './iso-dates.ts';
import type { DateType } from './iso-dates.ts';
import type { TimeZone } from './time-zone.ts';
import { MICROSECONDS_PER_DAY, MS_PER_DAY } from './units.ts';

/** How dates are written. */
export interface DateFormat {
  readonly type: DateType;
  /** `undefined` for ISO 8601. */
  readonly elements: readonly DateElement[] | undefined;
  /** Whatever follows is ignored. */
  readonly isPrefix: boolean;
  /** Of datetimes; `undefined` for UTC. */
  readonly zone: TimeZone | undefined;
  /** A comma stands before decimals. */
  readonly hasComma: boolean;
}

/** Something that finds a moment in a text. */
interface MomentFinder {
  /** Of what was found. */
  days: number;
  /** Since midnight of that day, in microseconds. */
  time: number;
  /** The text says which zone it is of. */
  isInstant: boolean;
  find(bytes: Uint8Array, start: number, end: number): boolean;
}

const EXACT = 2 ** 53;
const COMMA = 44;
const DOT = 46;

/** Makes what reads dates of a format. */
export function dateReader(format: DateFormat): ReadCells {
  const { type, elements, isPrefix, zone } = format;
  const finder = elements === undefined ? isoFinder(type) : patternFinder(elements, format);
  const layouts = isPrefix ? [] : layoutsOf(type, elements);
  return (cells, into) => {
    const rare = (cell: number): void => readRare(finder, cells, { cell, into, format });
    const layout = layouts.length > 1 ? fittingLayout(layouts, cells) : layouts[0];
    if (layout === undefined) {
      for (let cell = 0; cell < cells.count; cell++) if (into.states[cell] !== NULL) rare(cell);
      return;
    }
    // Found by their place in the other values' array, where the finder has put final ones.
    const others = new Set<number>();
    readFixed(cells, into, layout, (cell) => others.add(cell));
    finish(into, cells.count, type, type === 'datetime' ? zone : undefined);
    for (const cell of others) rare(cell);
  };
}

/** Brings microseconds since 1970 into the form of the type. */
function finish(
  { values }: ParsedCells,
  count: number,
  type: DateType,
  zone: TimeZone | undefined,
): void {
  if (type === 'date') {
    for (let cell = 0; cell < count; cell++) {
      values[cell] = (values[cell] ?? 0) / MICROSECONDS_PER_DAY;
    }
  } else if (zone !== undefined) {
    for (let cell = 0; cell < count; cell++) {
      const value = values[cell] ?? 0;
      values[cell] = value - zoneOffset(zone, value);
    }
  }
}

/** The layout with the length and the literals of the first cell that is not empty. */
function fittingLayout(
  layouts: readonly FixedLayout[],
  { bytes, starts, ends, first, step, count }: Cells,
): FixedLayout | undefined {
  for (let cell = 0, at = first; cell < count; cell++, at += step) {
    const start = starts[at] ?? 0;
    const length = (ends[at] ?? 0) - start;
    if (length === 0) continue;
    return layouts.find(
      (layout) =>
        layout.length === length &&
        layout.literals.every(
          (place, i) => i % 2 === 1 || bytes[start + place] === layout.literals[i + 1],
        ),
    );
  }
  return undefined;
}

/** Layouts that give the same as the finder. */
function layoutsOf(
  type: DateType,
  elements: readonly DateElement[] | undefined,
): readonly FixedLayout[] {
  if (elements === undefined) return ISO_LAYOUTS[type];
  const layout = fixedLayout(elements);
  if (layout === undefined) return [];
  const { hour, minute, second, year, month, day, fraction } = layout;
  const isDay = Math.max(hour, minute, second) < 0 && fraction === 0;
  const isTime = Math.max(year, month, day) < 0;
  // What is not asked for would have to be taken off again: dates with times and the other way round are rare.
  return type === 'datetime' || (type === 'date' ? isDay : isTime) ? [layout] : [];
}

const ISO_LAYOUTS: Readonly<Record<DateType, readonly FixedLayout[]>> = {
  date: layoutsFor('%Y-%m-%d'),
  time: layoutsFor('%H:%M:%S', '%H:%M'),
  datetime: layoutsFor('%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d'),
};

function layoutsFor(...patterns: readonly string[]): readonly FixedLayout[] {
  return patterns.flatMap((pattern) => fixedLayout(parseDatePattern(pattern)) ?? []);
}

function zoneOffset(zone: TimeZone, microseconds: number): number {
  return zone.offsetAtLocal(Math.floor(microseconds / 1000)) * 1000;
}

function readRare(
  finder: MomentFinder,
  cells: Cells,
  { cell, into, format }: { cell: number; into: ParsedCells; format: DateFormat },
): void {
  const at = cells.first + cell * cells.step;
  if (!finder.find(cells.bytes, cells.starts[at] ?? 0, cells.ends[at] ?? 0))
    return into.markBad(cell);
  const { days, time } = finder;
  if (format.type === 'date') into.values[cell] = days;
  else if (format.type === 'time') into.values[cell] = time;
  else putMoment(into, cell, finder, format.zone);
}

function putMoment(
  into: ParsedCells,
  cell: number,
  { days, time, isInstant }: MomentFinder,
  zone: TimeZone | undefined,
): void {
  const hasZone = zone !== undefined && !isInstant;
  const local = days * MS_PER_DAY + Math.floor(time / 1000);
  const offset = hasZone ? zone.offsetAtLocal(local) * 1000 : 0;
  const value = days * MICROSECONDS_PER_DAY + time - offset;
  into.values[cell] = value;
  if (Math.abs(value) < EXACT) return;
  into.wide.set(cell, BigInt(days) * BigInt(MICROSECONDS_PER_DAY) + BigInt(time - offset));
}

function patternFinder(elements: readonly DateElement[], format: DateFormat): MomentFinder {
  const matcher = new DateMatcher(elements, format.hasComma ? COMMA : DOT);
  const { fields } = matcher;
  return {
    days: 0,
    time: 0,
    isInstant: false,
    find(bytes, start, end) {
      if (!matcher.match(bytes, start, end)) return false;
      if (!format.isPrefix && matcher.position !== end) return false;
      this.days = format.type === 'time' ? 0 : fields.days();
      this.time = fields.timeOfDay();
      this.isInstant = fields.isInstant;
      return !Number.isNaN(this.days);
    },
  };
}

function isoFinder(type: DateType): MomentFinder {
  return {
    days: 0,
    time: 0,
    isInstant: false,
    find(bytes, start, end) {
      const found = isoMoment(type, bytes, start, end);
      if (found === undefined) return false;
      this.days = found.days;
      this.time = found.microseconds;
      this.isInstant = found.hasZone;
      return true;
    },
  };
}
