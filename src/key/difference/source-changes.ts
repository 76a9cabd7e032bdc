// Shows the source lines because of which two bundles differ.
// The bundles are compared piece by piece, a piece being what one entry of the source map covers, so comments, layout
// and types never show up; what is shown are the lines that the differing pieces came from.

import { existsSync, readFileSync } from 'node:fs';

import type { ChangedLine } from '../../model/event.ts';
import { SourceMap } from '../../util/source-map.ts';
import type { SourcePiece } from '../../util/source-map.ts';
import { sequenceDiff } from './sequence-diff.ts';

/** Two bundles of one method; the source map of each lies beside it as `.map`. Absolute paths. */
export interface CodeComparison {
  readonly before: string;
  readonly after: string;
}

/** Lines that changed together. */
export interface SourceChange {
  /** `lib/feat.ts:41`, relative to the project; without a line where none can be named. */
  readonly place: string;
  readonly lines: readonly ChangedLine[];
}

/** A line of a source that differing code came from. */
interface TouchedLine {
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
}

/** A changed line with its place: in the earlier source if it is gone, in the present one if it is new. */
interface PlacedLine extends ChangedLine {
  readonly line: number;
}

/** Lines further apart than this are told apart. */
const WIDEST_GAP = 3;

/** Lists the changes in the order in which the code runs; empty when nothing is known of one of the bundles. */
export function sourceChanges(compared: CodeComparison): readonly SourceChange[] {
  const before = readMap(compared.before);
  const after = readMap(compared.after);
  if (before === undefined || after === undefined) return [];
  const piecesBefore = piecesBySource(before);
  const piecesAfter = piecesBySource(after);
  const sources = new Set([...piecesAfter.keys(), ...piecesBefore.keys()]);
  const changes = [...sources].flatMap((source) => {
    const [old = [], present = []] = [piecesBefore.get(source), piecesAfter.get(source)];
    const { removed, added } = sequenceDiff(old.map(codeOf), present.map(codeOf));
    const lines = changedLines(
      touchedLines(removed, old, before.content(source)),
      touchedLines(added, present, after.content(source)),
    );
    return hunks(source, lines);
  });
  return changes.length > 0 ? changes : changedFiles(before, after);
}

function readMap(bundle: string): SourceMap | undefined {
  if (!existsSync(bundle) || !existsSync(`${bundle}.map`)) return undefined;
  return new SourceMap(readFileSync(bundle, 'utf8'), readFileSync(`${bundle}.map`, 'utf8'));
}

function piecesBySource(map: SourceMap): Map<string, SourcePiece[]> {
  const bySource = new Map<string, SourcePiece[]>();
  for (const piece of map.pieces()) {
    const pieces = bySource.get(piece.source);
    if (pieces === undefined) bySource.set(piece.source, [piece]);
    else pieces.push(piece);
  }
  return bySource;
}

function codeOf(piece: SourcePiece): string {
  return piece.code;
}

/** The lines that pieces came from. One that holds a template literal may stretch over several. */
function touchedLines(
  indexes: readonly number[],
  pieces: readonly SourcePiece[],
  content: string | undefined,
): readonly TouchedLine[] {
  const texts = content?.split('\n') ?? [];
  const lines = new Set<number>();
  for (const index of indexes) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    const last = piece.line + piece.code.split('\n').length - 1;
    for (let line = piece.line; line <= last; line++) lines.add(line);
  }
  return [...lines]
    .toSorted((a, b) => a - b)
    .map((line) => ({ line, text: (texts[line - 1] ?? '').trimEnd() }));
}

/** Leaves out lines that are the same in both: only names that the bundler chose differ there. */
function changedLines(
  before: readonly TouchedLine[],
  after: readonly TouchedLine[],
): readonly PlacedLine[] {
  const { removed, added } = sequenceDiff(
    before.map(({ text }) => text.trim()),
    after.map(({ text }) => text.trim()),
  );
  const gone = removed.map((index) => ({
    sign: '-' as const,
    line: 0,
    text: '',
    ...before[index],
  }));
  const come = added.map((index) => ({ sign: '+' as const, line: 0, text: '', ...after[index] }));
  return [...gone, ...come].toSorted((a, b) => a.line - b.line || (a.sign < b.sign ? 1 : -1));
}

/** Groups lines that lie together; the place is that of the first line that is there now. */
function hunks(source: string, lines: readonly PlacedLine[]): SourceChange[] {
  const groups: PlacedLine[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const previous = last?.at(-1);
    if (last !== undefined && previous !== undefined && line.line - previous.line <= WIDEST_GAP)
      last.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => {
    const first = group.find(({ sign }) => sign === '+') ?? group[0];
    const sorted = [
      ...group.filter(({ sign }) => sign === '-'),
      ...group.filter(({ sign }) => sign === '+'),
    ];
    return {
      place: `${source}:${first?.line ?? 1}`,
      lines: sorted.map(({ sign, text }) => ({ sign, text })),
    };
  });
}

/** For sources without lines, as imported JSON: names those whose content differs. */
function changedFiles(before: SourceMap, after: SourceMap): SourceChange[] {
  return [...new Set([...after.sources, ...before.sources])]
    .filter((source) => before.content(source) !== after.content(source))
    .map((source) => ({ place: source, lines: [] }));
}
