/**
 * Amounts of money for shops: `bigint` of minor units inside, a JSON integer on the wire, text for people. `amounts.ts` is
 * a copy of the servers' own file, byte for byte; a test compares them.
 */
import { exponentOf, fromWire } from "./amounts.ts";

export {
  type Currency,
  exponentOf,
  formatMoney,
  fromWire,
  isCurrency,
  parseMoney,
  toWire,
} from "./amounts.ts";

/* Amounts as decimal text, as shop systems keep them: text all the way, with no floating-point number in between. */

const decimalForm = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/**
 * The integer of minor units for decimal text: `"12.34"` and `"12.3400"` in USD are 1234. Throws RangeError where the text is
 * no such number, says a part of a minor unit, or goes beyond 2^53-1; TypeError for anything but text.
 */
export function toMinor(decimal: string, currency: string): number {
  if (typeof decimal !== "string")
    throw new TypeError("toMinor takes decimal text: a number has been rounded before it comes here.");
  const exponent = exponentOf(currency);
  const [, sign = "", whole, fraction = ""] = decimalForm.exec(decimal) ?? [];
  if (whole === undefined)
    throw new RangeError(`${JSON.stringify(decimal)} is no decimal number, such as "12.34".`);
  if (/[1-9]/.test(fraction.slice(exponent)))
    throw new RangeError(`${decimal} ${currency} has a part of a minor unit: say how it is rounded first.`);
  const minor = BigInt(sign + whole + fraction.slice(0, exponent).padEnd(exponent, "0"));
  const amount = Number(minor);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${decimal} ${currency} is more than 2^53-1.`);
  // There is no negative nothing on the wire.
  return amount === 0 ? 0 : amount;
}

/** The decimal text for an integer of minor units: 1234 in USD is `"12.34"`. Throws RangeError for what is none. */
export function fromMinor(amount: number, currency: string): string {
  const exponent = exponentOf(currency);
  const minor = fromWire(amount);
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  return `${minor < 0n ? "-" : ""}${whole}${exponent === 0 ? "" : `.${digits.slice(-exponent)}`}`;
}
