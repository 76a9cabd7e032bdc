// Reads tables of the FlatBuffers format: fields are numbered, absent ones have a default, and vectors, texts and
// tables are referred to by relative offsets. Anything out of bounds throws `RangeError`.

/** A table in a FlatBuffers message. */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;

  constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
  }

  /** The table that a whole message consists of. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Tells whether a field is there. */
  has(field: number): boolean {
    return this.#find(field) !== undefined;
  }

  /** The number in a field; 0 when absent. */
  uint8(field: number): number {
    const at = this.#find(field);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  int32(field: number): number {
    const at = this.#find(field);
    return at === undefined ? 0 : this.int32At(at);
  }

  /** Exact up to 2^53. */
  int64(field: number): number {
    const at = this.#find(field);
    return at === undefined ? 0 : this.int64At(at);
  }

  /** The text in a field; empty when absent. */
  text(field: number): string {
    const { start, length } = this.#vector(field);
    const { buffer, byteOffset } = this.#view;
    if (start + length > this.#view.byteLength) throw new RangeError('a text is cut off');
    return Buffer.from(buffer, byteOffset + start, length).toString('utf8');
  }

  /** The table in a field; throws when absent. */
  table(field: number): FlatTable {
    const at = this.#find(field);
    if (at === undefined) throw new RangeError(`field ${field} is missing`);
    return new FlatTable(this.#view, this.#follow(at));
  }

  /** The tables in a field. */
  tables(field: number): readonly FlatTable[] {
    const { start, length } = this.#vector(field);
    const places = placesFrom(start, length, 4, this.#view);
    return places.map((at) => new FlatTable(this.#view, this.#follow(at)));
  }

  /** Positions of the structs in a field, for `int32At` and `int64At`. */
  structs(field: number, sizeBytes: number): readonly number[] {
    const { start, length } = this.#vector(field);
    return placesFrom(start, length, sizeBytes, this.#view);
  }

  /** The number at a position in the message. */
  int32At(position: number): number {
    return this.#view.getInt32(position, true);
  }

  int64At(position: number): number {
    return Number(this.#view.getBigInt64(position, true));
  }

  /** Position of a field's value; `undefined` when the table does not have it. */
  #find(field: number): number | undefined {
    const layout = this.#position - this.#view.getInt32(this.#position, true);
    const entry = 4 + field * 2;
    if (entry >= this.#view.getUint16(layout, true)) return undefined;
    const offset = this.#view.getUint16(layout + entry, true);
    return offset === 0 ? undefined : this.#position + offset;
  }

  #follow(position: number): number {
    return position + this.#view.getUint32(position, true);
  }

  #vector(field: number): { readonly start: number; readonly length: number } {
    const at = this.#find(field);
    if (at === undefined) return { start: 0, length: 0 };
    const vector = this.#follow(at);
    return { start: vector + 4, length: this.#view.getUint32(vector, true) };
  }
}

function placesFrom(
  start: number,
  length: number,
  sizeBytes: number,
  view: DataView,
): readonly number[] {
  if (start + length * sizeBytes > view.byteLength) throw new RangeError('a list is cut off');
  return Array.from({ length }, (_, i) => start + i * sizeBytes);
}
