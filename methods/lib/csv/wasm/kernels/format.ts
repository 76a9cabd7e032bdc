// The bytes that give a CSV file its form, set once before anything is read. Shared by all kernels of this module.

/** Equal to no byte: there is no such character in this format. */
export const NONE: i32 = -1;

/** The same as `newline` where lines are not separated into fields. */
export let separator: i32 = 44;
export let newline: i32 = 10;
export let quote: i32 = NONE;
export let comment: i32 = NONE;
/** Lines end with LF or CRLF: a carriage return before a line feed belongs to the line end. */
export let isCrlf: bool = true;
/** Quoted fields may hold line ends. */
export let isMultiline: bool = true;

export function configure(
  separatorByte: i32,
  newlineByte: i32,
  quoteByte: i32,
  commentByte: i32,
  crlf: bool,
  multiline: bool,
): void {
  newline = newlineByte;
  separator = separatorByte == NONE ? newlineByte : separatorByte;
  quote = quoteByte;
  comment = commentByte;
  isCrlf = crlf;
  isMultiline = multiline;
}
