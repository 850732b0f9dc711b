/**
 * Array parameters written as PostgreSQL's array literals. The driver's own encoding looks at every element
 * for what it might be; on the hot path the kind is known, and this costs a third of it.
 */

/** Of values without quotes, commas, braces or spaces: numbers, UUIDs, words of closed lists. */
export function plainArray(values: readonly (string | bigint | number | null)[]): string {
  return `{${values.map((value) => value ?? "null").join()}}`;
}

/** Of any text, JSON included. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "null" : `"${value.replaceAll(/["\\]/g, "\\$&")}"`)).join()}}`;
}

/** Of instants, to the millisecond. */
export function timeArray(values: readonly (Date | null)[]): string {
  return `{${values.map((value) => (value === null ? "null" : `"${value.toISOString()}"`)).join()}}`;
}

/** Of bytes. */
export function byteArray(values: readonly Buffer[]): string {
  return `{${values.map((value) => `"\\\\x${value.toString("hex")}"`).join()}}`;
}
