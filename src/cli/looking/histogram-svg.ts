// A histogram as an SVG picture: upright bars over an axis for bins, lying bars with labels for values.
// Written by hand: a chart of rectangles needs no library.

import { formatCount } from '../../util/quantity.ts';
import { labelCells } from './histogram-text.ts';
import type { Histogram } from './histogram.ts';

const WIDTH = 800;
const HEIGHT = 400;
const MARGIN = { top: 40, right: 24, bottom: 44, left: 64 };
const ROW_HEIGHT = 22;
const LABEL_WIDTH = 220;
const GRID_LINES = 5;
const STYLE =
  'text{font:12px system-ui,sans-serif;fill:#444}.title{font-size:15px;fill:#111}.bar{fill:#3b7dd8}.grid{stroke:#ddd}';

/** Draws a histogram with a title. */
export function histogramSvg(histogram: Histogram, title: string): string {
  return histogram.kind === 'bins' ? upright(histogram, title) : lying(histogram, title);
}

function upright(histogram: Histogram, title: string): string {
  const { rows } = histogram;
  const step = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, rows.length);
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  const grid = gridSteps(Math.max(1, ...rows.map(({ count }) => count)));
  const top = grid.at(-1) ?? 1;
  const y = (count: number): number => round(HEIGHT - MARGIN.bottom - (count / top) * height);
  const every = Math.max(1, Math.ceil((textLength(rows[0]?.texts[0]) + 3) / (step / 7)));
  const parts = [
    ...grid.map(
      (count) =>
        `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(count)}" y2="${y(count)}"/>` +
        `<text x="${MARGIN.left - 8}" y="${y(count) + 4}" text-anchor="end">${formatCount(count)}</text>`,
    ),
    ...rows.map(({ texts, count }, i) => {
      const x = round(MARGIN.left + i * step);
      const label = escaped(labelCells({ texts, count }, histogram).join(' '));
      const shape = `<rect class="bar" x="${x}" y="${y(count)}" width="${round(Math.max(1, step - 1))}" height="${round(y(0) - y(count))}"><title>${label}: ${count}</title></rect>`;
      const tick =
        i % every === 0
          ? `<text x="${x}" y="${HEIGHT - MARGIN.bottom + 18}">${escaped(String(texts[0]))}</text>`
          : '';
      return shape + tick;
    }),
  ];
  return picture(HEIGHT, title, parts);
}

function lying(histogram: Histogram, title: string): string {
  const { rows } = histogram;
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const room = WIDTH - LABEL_WIDTH - MARGIN.right - 60;
  const parts = rows.map(({ texts, count }, i) => {
    const y = MARGIN.top + i * ROW_HEIGHT;
    const length = round(Math.max(1, (count / most) * room));
    const label = escaped(labelCells({ texts, count }, histogram).join(' · '));
    return (
      `<text x="${LABEL_WIDTH - 8}" y="${y + 15}" text-anchor="end">${label}</text>` +
      `<rect class="bar" x="${LABEL_WIDTH}" y="${y + 3}" width="${length}" height="${ROW_HEIGHT - 6}"/>` +
      `<text x="${LABEL_WIDTH + length + 6}" y="${y + 15}">${formatCount(count)}</text>`
    );
  });
  return picture(MARGIN.top + rows.length * ROW_HEIGHT + 16, title, parts);
}

function picture(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<style>${STYLE}</style><rect width="100%" height="100%" fill="#fff"/>`,
    `<text class="title" x="16" y="24">${escaped(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** Counts for the lines of the grid, up to one that no bar is higher than. */
function gridSteps(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / GRID_LINES));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((one) => one * GRID_LINES >= most) ?? most,
  );
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

function textLength(text: string | null | undefined): number {
  return text?.length ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
