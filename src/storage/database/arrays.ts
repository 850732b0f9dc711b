/**
 * Arrays as parameters, on the hot path: whole columns of rows go to the server as one value each.
 *
 * Texts, bytes, instants, UUIDs and whole numbers go in PostgreSQL's binary form: elements are preceded by their length, so
 * that nothing has to be escaped, split or parsed. For a kilobyte of JSON that is a fifth of the time it takes as text. The
 * form is that of `array_recv` and of the receive functions of the element types; it has not changed since PostgreSQL 8.4.
 */

/** Numbers of the element types in `pg_type`. */
const elementTypes = {
  bytea: 17,
  bigint: 20,
  integer: 23,
  text: 25,
  json: 114,
  timestamptz: 1184,
  uuid: 2950,
} as const;

/** One dimension, whether there are nulls, the type of the elements, how many there are, and that they count from 1. */
const headerBytes = 20;
const lengthBytes = 4;
const isNull = -1;

function header(array: Buffer, type: keyof typeof elementTypes, count: number, nulls: boolean): void {
  array.writeInt32BE(1, 0);
  array.writeInt32BE(nulls ? 1 : 0, 4);
  array.writeInt32BE(elementTypes[type], 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
}

function texts(type: "text" | "json", values: readonly (string | null)[]): Buffer {
  let bytes = headerBytes;
  const lengths = values.map((value) => {
    const length = value === null ? isNull : Buffer.byteLength(value);
    bytes += lengthBytes + Math.max(length, 0);
    return length;
  });
  const array = Buffer.allocUnsafe(bytes);
  header(array, type, values.length, values.includes(null));
  let at = headerBytes;
  for (const [index, value] of values.entries()) {
    at = array.writeInt32BE(lengths[index] ?? isNull, at);
    if (value !== null) at += array.write(value, at);
  }
  return array;
}

/** Texts, for `$1::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return texts("text", values);
}

/** JSON texts, for `$1::json[]`. */
export function jsonArray(values: readonly (string | null)[]): Buffer {
  return texts("json", values);
}

/** Bytes, for `$1::bytea[]`. */
export function byteArray(values: readonly Buffer[]): Buffer {
  const bytes = values.reduce((sum, { length }) => sum + lengthBytes + length, headerBytes);
  const array = Buffer.allocUnsafe(bytes);
  header(array, "bytea", values.length, false);
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(value.length, at);
    at += value.copy(array, at);
  }
  return array;
}

/** Elements of one length, `bytes`, each of which `write` puts where it belongs. */
function elements<Element>(
  type: keyof typeof elementTypes,
  bytes: number,
  values: readonly (Element | null)[],
  write: (array: Buffer, value: Element, at: number) => void,
): Buffer {
  const array = Buffer.allocUnsafe(headerBytes + values.length * (lengthBytes + bytes));
  header(array, type, values.length, values.includes(null));
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(value === null ? isNull : bytes, at);
    if (value === null) continue;
    write(array, value, at);
    at += bytes;
  }
  return array.subarray(0, at);
}

/** PostgreSQL counts microseconds from the year 2000. */
const epoch = Date.UTC(2000, 0, 1);
const wordSize = 2 ** 32;

/** Instants to the millisecond, for `$1::timestamptz[]`. Throws RangeError where one is none. */
export function timeArray(values: readonly (Date | null)[]): Buffer {
  return elements("timestamptz", 8, values, writeTime);
}

function writeTime(array: Buffer, value: Date, at: number): void {
  const passed = value.getTime() - epoch;
  if (Number.isNaN(passed)) throw new RangeError("PostgreSQL keeps no such instant.");
  // Microseconds may be too many for a number to hold exactly, so each word of them is counted by itself.
  const upper = Math.floor(passed / wordSize);
  const lower = (passed - upper * wordSize) * 1000;
  array.writeInt32BE(upper * 1000 + Math.floor(lower / wordSize), at);
  array.writeUInt32BE(lower % wordSize, at + 4);
}

/** Whole numbers, for `$1::bigint[]`. Throws RangeError where one is none, or has more than 64 bits. */
export function bigintArray(values: readonly (bigint | number | null)[]): Buffer {
  return elements("bigint", 8, values, (array, value, at) => array.writeBigInt64BE(BigInt(value), at));
}

/** Whole numbers, for `$1::integer[]`. Throws RangeError where one is none, or has more than 32 bits. */
export function intArray(values: readonly (number | null)[]): Buffer {
  return elements("integer", 4, values, writeInt);
}

function writeInt(array: Buffer, value: number, at: number): void {
  // Node would cut off what is behind the point, and write nothing that is a number as 0.
  if (!Number.isInteger(value)) throw new RangeError("This is no whole number.");
  array.writeInt32BE(value, at);
}

const uuidForm = "00000000-0000-0000-0000-000000000000";
const dashesAt = [...uuidForm.matchAll(/-/g)].map(({ index }) => index);
/** Where the first of the two digits of each byte stands in a UUID as text. */
const digitsAt = [...uuidForm.matchAll(/00/g)].map(({ index }) => index);
const noDigit = 0xff;
const digits = new Uint8Array(128).fill(noDigit);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}

/** UUIDs, for `$1::uuid[]`. Throws RangeError where one is none. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  return elements("uuid", digitsAt.length, values, writeUuid);
}

function writeUuid(array: Buffer, value: string, from: number): void {
  let at = from;
  let wrong = value.length - uuidForm.length;
  for (const index of dashesAt) if (value[index] !== "-") wrong = 1;
  for (const index of digitsAt) {
    const upper = digits[value.charCodeAt(index)] ?? noDigit;
    const lower = digits[value.charCodeAt(index + 1)] ?? noDigit;
    wrong |= (upper | lower) & 0xf0;
    array[at++] = (upper << 4) | lower;
  }
  if (wrong !== 0) throw new RangeError("This is no UUID.");
}

/** Of other values without quotes, commas, braces or spaces: words of closed lists, days, decimals. */
export function plainArray(values: readonly (string | bigint | number | null)[]): string {
  return `{${values.map((value) => value ?? "null").join()}}`;
}
