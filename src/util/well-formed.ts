// Text that UTF-8 can hold.

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Tells whether text holds no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}
