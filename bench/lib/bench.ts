// What a bench is: a name to ask for, and rows of figures with what is to be reached. Knows nothing of how to measure.

/** One line of a table. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** What is to be reached, in words; missing where a figure stands beside another one. */
  readonly reach?: string;
  /** Missing where nothing is to be reached. */
  readonly reached?: boolean;
}

/** A group of rows that are measured together. */
export interface Bench {
  /** Word for the command line; also marks the place of the rows in README.md. */
  readonly name: string;
  readonly measure: () => Promise<readonly Row[]> | readonly Row[];
}
