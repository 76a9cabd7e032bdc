// Reads a source map: from a place in a bundle back to the place in the source it was made from.
// Knows nothing of files: it is given the texts of both.

/** A place in a source. */
export interface OriginalPlace {
  /** As the source map names it, which for acc's bundles is relative to `sourceRoot`. */
  readonly source: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
}

/** A stretch of the bundle that came from one place. */
export interface SourcePiece extends OriginalPlace {
  /** The bundle's text up to the next piece. */
  readonly code: string;
}

/** A place in a source and the offset in the bundle at which it begins. */
interface Mapping extends OriginalPlace {
  readonly offset: number;
}

/** The members of a source map that are read here. */
interface StoredMap {
  readonly sourceRoot?: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly mappings: string;
}

/** A bundle with its source map. Offsets count UTF-16 units, as strings do. */
export class SourceMap {
  /** What the names of the sources are relative to; empty when the map does not say. */
  readonly sourceRoot: string;
  /** Names of all sources. */
  readonly sources: readonly string[];
  readonly #bundle: string;
  readonly #stored: StoredMap;
  readonly #lineStarts: readonly number[];
  /** By offset, ascending. */
  readonly #mappings: readonly Mapping[];

  /** Reads the map, given as JSON, of the bundle. */
  constructor(bundle: string, map: string) {
    this.#stored = JSON.parse(map) as StoredMap;
    this.sourceRoot = this.#stored.sourceRoot ?? '';
    this.sources = this.#stored.sources;
    this.#bundle = bundle;
    this.#lineStarts = lineStarts(bundle);
    this.#mappings = decodeMappings(this.#stored, this.#lineStarts);
  }

  /** Returns where the code at an offset of the bundle comes from; `undefined` for code of the bundler's own. */
  at(offset: number): OriginalPlace | undefined {
    return this.#mappings[this.#firstAfter(offset) - 1];
  }

  /** Does the same for a line and column of the bundle, both counted from 1 as in stack traces. */
  atPosition(line: number, column: number): OriginalPlace | undefined {
    const start = this.#lineStarts[line - 1];
    return start === undefined ? undefined : this.at(start + column - 1);
  }

  /** Cuts the bundle into pieces, in its own order; what comes before the first one is left out. */
  pieces(): readonly SourcePiece[] {
    const starts = this.#mappings.filter((mapping, index) => {
      // Inside a template literal each line of the bundle maps to the literal's beginning.
      const before = this.#mappings[index - 1];
      return before?.source !== mapping.source || !samePosition(before, mapping);
    });
    return starts.map(({ offset, source, line, column }, index) => {
      const end = starts[index + 1]?.offset ?? this.#bundle.length;
      return { source, line, column, code: this.#bundle.slice(offset, end) };
    });
  }

  /** Returns the text of a source; `undefined` when the map does not hold it. */
  content(source: string): string | undefined {
    return this.#stored.sourcesContent?.[this.sources.indexOf(source)] ?? undefined;
  }

  /** Index of the first mapping that begins after `offset`. */
  #firstAfter(offset: number): number {
    let low = 0;
    let high = this.#mappings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#mappings[middle]?.offset ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function samePosition(a: OriginalPlace, b: OriginalPlace): boolean {
  return a.line === b.line && a.column === b.column;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}

/**
 * Decodes the map's `mappings`: lines divided by `;`, segments by `,`, each of one, four or five numbers.
 * All numbers but the column in the bundle are relative to the segment before, across lines.
 */
function decodeMappings(map: StoredMap, starts: readonly number[]): Mapping[] {
  const mappings: Mapping[] = [];
  let [source, line, column] = [0, 0, 0];
  for (const [index, text] of map.mappings.split(';').entries()) {
    let offset = starts[index] ?? 0;
    for (const segment of text.split(',')) {
      const [bundleColumn = 0, sourceStep, lineStep = 0, columnStep = 0] = decodeNumbers(segment);
      offset += bundleColumn;
      if (sourceStep === undefined) continue;
      source += sourceStep;
      line += lineStep;
      column += columnStep;
      const name = map.sources[source];
      if (name === undefined) continue;
      mappings.push({ offset, source: name, line: line + 1, column: column + 1 });
    }
  }
  return mappings;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Decodes base-64 numbers of variable length: five bits a character, the lowest bit of all is the sign. */
function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const bits = BASE64.indexOf(character);
    value += (bits & 31) << shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
