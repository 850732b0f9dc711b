/**
 * Money is an integer number of minor units and an ISO 4217 code: `bigint` inside, a JSON integer on the wire,
 * text for people. There is no other form, and no floating-point number on the way between these.
 */
export { exponentOf, formatMoney, fromWire, isCurrency, parseMoney, toWire, typedMoney } from "./amounts.ts";
export { allocate, type Fee, feeOn, percentOf, shareOf, splitByBasisPoints } from "./splits.ts";
