/**
 * Array parameters written as PostgreSQL's array literals. The driver's own encoding looks at every element
 * for what it might be; on the hot path the kind is known, and this costs a third of it.
 */

/** Of values without quotes, commas, braces or spaces: numbers, UUIDs, words of closed lists. */
export function plainArray(values: readonly (string | bigint | number | null)[]): string {
  return `{${values.map((value) => value ?? "null").join()}}`;
}

/**
 * Of texts that are not empty and hold no control character, JSON among them. It is taken apart by
 * `string_to_array($1, chr(31))`: nothing in it has to be escaped, which for JSON would be every other character.
 */
export function joinedTexts(values: readonly string[]): string {
  return values.join("\u001f");
}

/** Of instants, to the millisecond. */
export function timeArray(values: readonly (Date | null)[]): string {
  return `{${values.map((value) => (value === null ? "null" : `"${value.toISOString()}"`)).join()}}`;
}

/** Of bytes. */
export function byteArray(values: readonly Buffer[]): string {
  return `{${values.map((value) => `"\\\\x${value.toString("hex")}"`).join()}}`;
}
