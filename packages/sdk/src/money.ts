/**
 * Amounts of money for shops: `bigint` of minor units inside, a JSON integer on the wire, text for people. `amounts.ts`
 * and `currencies.ts` are copies of the servers' own files, byte for byte; a test compares them.
 */
export {
  type Currency,
  exponentOf,
  formatMoney,
  fromWire,
  isCurrency,
  parseMoney,
  toWire,
} from "./amounts.ts";
export { fromMinor, toMinor } from "./minor.ts";
