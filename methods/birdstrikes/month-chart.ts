// Draws strikes by month of the year: a thin line for each year, and their mean. Unaware of jobs.

import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { Config, TopLevelSpec } from 'vega-lite';

/** Strikes in one month. */
export interface MonthCount {
  /** Begin of the month, UTC. */
  readonly month: Date;
  readonly strikes: number;
}

const RED = '#c8452d';
const INK = '#22304a';
const SOFT_INK = '#66718a';
const LINE = '#b9c1d0';
const FAINT_LINE = '#e9ecf2';

const STYLE: Config = {
  font: 'Helvetica, Arial, sans-serif',
  background: 'white',
  view: { stroke: null },
  title: {
    anchor: 'start',
    offset: 22,
    fontSize: 21,
    color: INK,
    subtitleFontSize: 13,
    subtitleColor: SOFT_INK,
    subtitlePadding: 8,
  },
  axis: {
    labelFontSize: 12,
    labelColor: INK,
    labelPadding: 6,
    labelFlush: false,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleColor: SOFT_INK,
    titlePadding: 12,
    gridColor: FAINT_LINE,
    domainColor: LINE,
    tickColor: LINE,
  },
  legend: {
    labelFontSize: 12,
    labelColor: INK,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleColor: SOFT_INK,
  },
};

/** Gives the chart as the text of an SVG file. */
export function monthChart(counts: readonly MonthCount[]): Promise<string> {
  return new View(parse(compile(chart(counts)).spec), { renderer: 'none' }).toSVG();
}

function chart(counts: readonly MonthCount[]): TopLevelSpec {
  const values = counts.map(({ month, strikes }) => ({
    month: month.getTime(),
    year: month.getUTCFullYear(),
    strikes,
  }));
  const years = values.map(({ year }) => year);
  const span = `${Math.min(...years)} to ${Math.max(...years)}`;
  return {
    width: 680,
    height: 360,
    padding: 28,
    title: {
      text: 'Bird strikes by month',
      subtitle: `Reported at US airports, ${span}: a thin line for each year, the mean in red`,
    },
    data: { values },
    encoding: {
      x: {
        field: 'month',
        timeUnit: 'utcmonth',
        title: 'Month',
        axis: { format: '%b', grid: false },
      },
      y: { type: 'quantitative', title: 'Strikes in the month' },
    },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.3, opacity: 0.8, interpolate: 'monotone' },
        encoding: {
          y: { field: 'strikes' },
          color: {
            field: 'year',
            type: 'quantitative',
            title: 'Year',
            scale: { range: ['#cfd8e6', '#4a6fa5'] },
            legend: { format: 'd', gradientLength: 160 },
          },
        },
      },
      {
        mark: {
          type: 'line',
          color: RED,
          strokeWidth: 3.5,
          interpolate: 'monotone',
          point: { color: RED, size: 55 },
        },
        encoding: { y: { field: 'strikes', aggregate: 'mean' } },
      },
    ],
    config: STYLE,
  };
}
