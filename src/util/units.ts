// Numbers with a name that several rooms know.

/** Milliseconds of a day. */
export const MS_PER_DAY = 86_400_000;

/** Microseconds of a day. */
export const MICROSECONDS_PER_DAY = 86_400_000_000;

/** What the upper of two 32-bit words counts for. */
export const WORD = 4_294_967_296;
