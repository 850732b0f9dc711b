/** What moved for the orders of that shop, by day: newly frozen, paid, given free, paid back, and the fees. */
export { type MoneyKind, moneyKinds, type MoneyNow, movesBetween } from "./moves.ts";
export {
  type DayMoved,
  keepMoves,
  listMoved,
  type MoveMark,
  movedByDay,
  spanOfDay,
} from "./moves-store.ts";
