// Values of columns of type number as text that says which they were: an integer of more digits than are exact in a
// number is a bigint where it is written in digits, and a number where it has an exponent.

/** Writes a number or bigint such that the same is read. */
export function exactNumberText(value: number | bigint): string {
  if (Object.is(value, -0)) return '-0';
  const isLong = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLong ? Number(value).toExponential() : String(value);
}
