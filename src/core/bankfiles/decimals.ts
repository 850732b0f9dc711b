/** Amounts as messages between banks have them: decimal digits with a point, of which yen have none. */
import { exponentOf } from "../money/money.ts";

/** Minor units, not below zero, as decimal digits. */
export function digitsOf(amount: bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = amount.toString().padStart(exponent + 1, "0");
  const [whole, fraction] = [
    digits.slice(0, digits.length - exponent),
    digits.slice(digits.length - exponent),
  ];
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** Decimal digits as minor units; undefined where they are none, or a part of the smallest unit. */
export function unitsOf(digits: string | undefined, currency: string): bigint | undefined {
  const [, whole, fraction = ""] = /^([0-9]{1,18})(?:\.([0-9]{1,17}))?$/.exec(digits ?? "") ?? [];
  if (whole === undefined) return undefined;
  const exponent = exponentOf(currency);
  const shown = fraction.replace(/0+$/, "");
  if (shown.length > exponent) return undefined;
  return BigInt(whole + shown.padEnd(exponent, "0"));
}
