import pg from "pg";

// Numbers of the types in PostgreSQL's catalogue; they never change.
const int8 = 20;
const int8Array = 1016;
const numeric = 1700;
const numericArray = 1231;
const date = 1082;
const dateArray = 1182;

/** Sums of bigint columns come back as numeric. They are whole numbers; anything else would be a float in disguise. */
function wholeNumber(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new Error(`The database gave ${text} where a whole number was expected.`);
  return BigInt(text);
}

/** One-dimensional arrays of plain numbers or dates: no quotes and no commas inside the elements. */
function arrayOf<T>(parse: (text: string) => T): (text: string) => (T | null)[] {
  return (text) => {
    const inside = text.slice(1, -1);
    return inside === "" ? [] : inside.split(",").map((part) => (part === "NULL" ? null : parse(part)));
  };
}

const parsers = new Map<number, (text: string) => unknown>([
  [int8, BigInt],
  [int8Array, arrayOf(BigInt)],
  [numeric, wholeNumber],
  [numericArray, arrayOf(wholeNumber)],
  // A calendar date has no time zone; as a JavaScript Date it would move with that of the machine.
  [date, String],
  [dateArray, arrayOf(String)],
]);

/**
 * How answers become values: int8 and whole numeric as bigint, date as "YYYY-MM-DD", timestamptz as Date (milliseconds:
 * the microseconds are cut off), json and jsonb parsed. Belongs to a pool; the driver's global table is left alone.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") => {
    const parser = format === "binary" ? undefined : parsers.get(oid);
    return parser ?? pg.types.getTypeParser(oid, format);
  },
};
