/** Rows as lines: CSV as RFC 4180 has it, safe to open in a spreadsheet, or a line of JSON for each. Pure. */
import { exponentOf } from "../../core/money/money.ts";
import type { Columns, ColumnType } from "./tables.ts";

export type Format = "csv" | "jsonl";
export type Row = Readonly<Record<string, unknown>>;

/** A cell: `text` may be anything that somebody wrote, the others are the program's own. */
interface Cell {
  name: string;
  is: "text" | "plain" | "number" | "json";
  value: string | null;
}

/** Minor units as plain decimal digits, as in `-12.05`, exact at any size. */
function decimalOf(amount: bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, "0");
  const [whole, fraction] = [
    digits.slice(0, digits.length - exponent),
    digits.slice(digits.length - exponent),
  ];
  return `${amount < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

const isText = (type: ColumnType): boolean => type === "text";

/** The cells of a row, in the order of its columns. Without a row, their names alone. */
function cellsOf(columns: Columns, row: Row | undefined): Cell[] {
  return Object.entries(columns).flatMap(([name, type]): Cell[] => {
    const value = row?.[name] ?? null;
    if (type !== "money") return [{ name, is: kindOf(type), value: textOf(type, value) }];
    const amount = value === null ? undefined : BigInt(value as bigint);
    const currency = String(row?.["currency"]);
    return [
      { name, is: "plain", value: amount === undefined ? null : decimalOf(amount, currency) },
      { name: `${name}Minor`, is: "number", value: amount === undefined ? null : String(amount) },
    ];
  });
}

function kindOf(type: ColumnType): Cell["is"] {
  if (isText(type)) return "text";
  if (type === "json") return "json";
  return type === "time" ? "plain" : "number";
}

function textOf(type: ColumnType, value: unknown): string | null {
  if (value === null) return null;
  if (type === "json") return JSON.stringify(value);
  return value instanceof Date ? value.toISOString() : `${value as string | number | bigint | boolean}`;
}

/** Spreadsheets take a cell that begins so for a formula, and would run it; an apostrophe makes it text. */
const formula = /^[=+\-@\t\r\n]/;

function csvCell({ is, value }: Cell): string {
  if (value === null) return "";
  const safe = is === "text" && formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvLine = (cells: readonly string[]): string => `${cells.join(",")}\r\n`;

/** What stands above the lines. */
export function headOf(format: Format, columns: Columns): string {
  return format === "csv" ? csvLine(cellsOf(columns, undefined).map(({ name }) => name)) : "";
}

export function lineOf(format: Format, columns: Columns, row: Row): string {
  const cells = cellsOf(columns, row);
  if (format === "csv") return csvLine(cells.map(csvCell));
  // Written by hand where it is a number: an amount stays exact whatever its size.
  const fields = cells.map(({ name, is, value }) => {
    const isBare = value === null || is === "number" || is === "json";
    return `${JSON.stringify(name)}:${isBare ? String(value) : JSON.stringify(value)}`;
  });
  return `{${fields.join(",")}}\n`;
}
