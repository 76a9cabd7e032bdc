// The fixed parts of an Arrow IPC file (Feather v2):
//
//   "ARROW1\0\0" | schema message | batch message, body | … | end mark | footer | its length | "ARROW1"

/** Begins and ends every file. */
export const ARROW_MAGIC = 'ARROW1';

/** Bytes in front of a message: a marker and the message's length. */
export const MESSAGE_PREFIX_BYTES = 8;

/** Bytes after the footer: its length and the magic. */
export const TRAILER_BYTES = 10;
