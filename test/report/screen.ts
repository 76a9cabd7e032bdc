// A terminal as an array of lines, good enough for what progress-live writes.

const ESCAPE = String.raw`\u001B\[([0-9;?]*)([A-Za-z])`;
const TOKEN = new RegExp(`${ESCAPE}|[^]`, 'gu');
const WHOLE_ESCAPE = new RegExp(`^${ESCAPE}$`, 'u');

/** Interprets text and escapes as a terminal does; long lines wrap. */
export class Screen {
  columns: number;
  rows: number;
  /** Every write, as it came. */
  readonly writes: string[] = [];
  cursorVisible = true;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.writes.push(text);
    for (const [token] of text.matchAll(TOKEN)) this.#take(token);
    return true;
  }

  /** What can be read, without blanks and empty lines at the ends. */
  get text(): string {
    return this.#lines
      .map((line) =>
        Array.from(line, (cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  /** Where the cursor stands, from 0. */
  get cursor(): { row: number; column: number } {
    return { row: this.#row, column: this.#column };
  }

  #take(token: string): void {
    const [, argument = '', command] = WHOLE_ESCAPE.exec(token) ?? [];
    if (token === '\n') this.#moveTo(this.#row + 1, 0);
    else if (token === '\r') this.#column = 0;
    else if (command === 'A') this.#row -= Number(argument === '' ? 1 : argument);
    else if (command === 'K') this.#line().length = Math.min(this.#line().length, this.#column);
    else if (command === 'J') {
      this.#line().length = Math.min(this.#line().length, this.#column);
      this.#lines.length = this.#row + 1;
    } else if (argument === '?25') this.cursorVisible = command === 'h';
    else if (command === undefined) this.#put(token);
  }

  #put(character: string): void {
    if (this.#column >= this.columns) this.#moveTo(this.#row + 1, 0);
    this.#line()[this.#column] = character;
    this.#column++;
  }

  #moveTo(row: number, column: number): void {
    this.#row = row;
    this.#column = column;
    this.#line();
  }

  #line(): string[] {
    for (let row = this.#lines.length; row <= this.#row; row++) this.#lines[row] = [];
    const line = this.#lines[this.#row];
    if (line === undefined) throw new Error(`The cursor left the screen at row ${this.#row}`);
    return line;
  }
}
