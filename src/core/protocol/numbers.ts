/**
 * Trade and member numbers: digits that are spoken on the phone and typed at a counter, the last one a
 * check digit after Damm (2004), which finds every single wrong digit and every swap of neighbours.
 */
const quasigroup = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
] as const;

function interim(digits: string): number {
  let state = 0;
  for (const digit of digits) state = Number(quasigroup[state]?.[Number(digit)] ?? -1);
  return state;
}

/** Appends the check digit to a run of digits. */
export function dammAppend(digits: string): string {
  if (!/^[0-9]+$/.test(digits)) throw new RangeError("Only digits can carry a check digit.");
  return digits + String(interim(digits));
}

/** True where the last digit is the right check digit of those before it. */
export function dammValid(digits: string): boolean {
  return /^[0-9]{2,}$/.test(digits) && interim(digits) === 0;
}

/** Digits of a trade number and of a member number, the check digit included. */
export const tradeNumberLength = 14;
export const memberNumberLength = 10;
