// Takes a row of each slice of a dataset in turn, dataset by dataset: the order in which rows were dealt to slices.
// A slice that has ended is passed over. Rows that are not wanted keep their turn: order is by row, then by slice.

import type { Int64Form } from './fill-values.ts';
import { PieceDecoder } from './piece-decoder.ts';
import { RUN_ROWS, runArrays } from './run-decoder.ts';
import type { RunDecoder } from './run-decoder.ts';
import { byDataset } from './scan-plan.ts';
import type { ScanSegment } from './scan-plan.ts';
import { BatchSource } from './scan.ts';
import type { ReadPosition, ScanRequest } from './scan.ts';

/** One slice of the present dataset. */
class Lane {
  readonly values: unknown[][];
  readonly decoder: PieceDecoder;
  /** Row within the slice of the next row; infinite at the end. */
  row = Infinity;
  index = 0;
  #count = 0;

  constructor(decoder: PieceDecoder, columns: number) {
    this.decoder = decoder;
    this.values = runArrays(columns);
    this.#look();
  }

  advance(): void {
    this.index++;
    this.#look();
  }

  #look(): void {
    while (this.index === this.#count) {
      this.index = 0;
      this.#count = Math.max(0, this.#decode());
      if (this.row === Infinity) return;
    }
    this.row = this.decoder.rowAt(this.index);
  }

  #decode(): number {
    const count = this.decoder.decode(this.values);
    this.row = count < 0 ? Infinity : 0;
    return count;
  }
}

/** The rows of datasets, from all slices in turn. */
export class RoundRobinDecoder implements RunDecoder {
  readonly #request: ScanRequest;
  readonly #forms: readonly Int64Form[];
  readonly #datasets: readonly (readonly ScanSegment[])[];
  /** Where the rows of the run come from. */
  readonly #slices = new Int32Array(RUN_ROWS);
  readonly #rows = new Float64Array(RUN_ROWS);
  #next = 0;
  #dataset: number | undefined;
  #present: readonly ScanSegment[] = [];
  #lanes: readonly Lane[] = [];
  /** The turn, and the slice whose turn it is. */
  #turn = 0;
  #place = 0;
  #isStopped = false;

  constructor(request: ScanRequest, segments: readonly ScanSegment[], forms: readonly Int64Form[]) {
    this.#request = request;
    this.#datasets = byDataset(segments);
    this.#forms = forms;
  }

  decode(values: readonly unknown[][]): number {
    let count = 0;
    while (count < RUN_ROWS) {
      const lane = this.#nextLane();
      if (lane === undefined) break;
      for (let i = 0; i < values.length; i++) {
        const column = values[i];
        if (column !== undefined) column[count] = lane.values[i]?.[lane.index];
      }
      this.#slices[count] = this.#place;
      this.#rows[count] = lane.row;
      count++;
      this.#place++;
      lane.advance();
    }
    return count === 0 && !this.#openDataset() ? -1 : count;
  }

  position(index: number): ReadPosition | undefined {
    const segment = this.#present[this.#slices[index] ?? 0];
    if (segment === undefined) return undefined;
    return { dataset: segment.spec, sliceno: segment.sliceno, row: this.#rows[index] ?? 0 };
  }

  /** The slice that has a row in this turn, or in the next one that has any. */
  #nextLane(): Lane | undefined {
    for (;;) {
      for (; this.#place < this.#lanes.length; this.#place++) {
        const lane = this.#lanes[this.#place];
        if (lane?.row === this.#turn) return lane;
      }
      const turn = Math.min(Infinity, ...this.#lanes.map(({ row }) => row));
      if (turn === Infinity) return undefined;
      this.#place = 0;
      this.#turn = turn;
    }
  }

  /** Goes to the next dataset that is not skipped; false at the end. */
  #openDataset(): boolean {
    this.#closeDataset();
    while (!this.#isStopped) {
      const segments = this.#datasets[this.#next++];
      if (segments === undefined) return false;
      const entered = this.#enter(segments);
      if (entered === undefined) continue;
      this.#dataset = segments[0]?.dataset;
      this.#present = entered;
      this.#lanes = entered.map((segment) => this.#lane(segment));
      this.#place = 0;
      this.#turn = 0;
      return true;
    }
    return false;
  }

  #lane(segment: ScanSegment): Lane {
    const batches = new BatchSource({ ...this.#request, callbacks: undefined }, [segment]);
    return new Lane(new PieceDecoder(batches, this.#forms), this.#request.columns.length);
  }

  /** Returns the slices that are not skipped; `undefined` when the dataset is. */
  #enter(segments: readonly ScanSegment[]): readonly ScanSegment[] | undefined {
    const { callbacks } = this.#request;
    if (callbacks === undefined) return segments;
    const dataset = segments[0]?.dataset ?? 0;
    const answer = callbacks.enterDataset(dataset);
    if (answer === 'stop') this.#isStopped = true;
    if (answer !== 'go') return undefined;
    const entered: ScanSegment[] = [];
    for (const segment of segments) {
      const step = callbacks.enterSlice(dataset, segment.sliceno);
      if (step === 'stop') this.#isStopped = true;
      if (step === 'stop' || step === 'skip_dataset') return undefined;
      if (step === 'go') entered.push(segment);
    }
    return entered;
  }

  #closeDataset(): void {
    const { callbacks } = this.#request;
    const dataset = this.#dataset;
    const slices = this.#present.map(({ sliceno }) => sliceno);
    this.#lanes = [];
    this.#present = [];
    this.#dataset = undefined;
    if (callbacks === undefined || dataset === undefined) return;
    const isStopped =
      slices.some((sliceno) => callbacks.leaveSlice(dataset, sliceno) === 'stop') ||
      callbacks.leaveDataset(dataset) === 'stop';
    this.#isStopped = isStopped;
  }
}
