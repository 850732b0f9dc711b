/** What moved for the orders of that shop, by day: newly frozen, paid, given free, paid back, and the fees. */
export { type MoneyKind, moneyKinds, movesBetween } from "./moves.ts";
export {
  keepMoves,
  listMoved,
  type MoveMark,
  movedByDay,
  spanOfDay,
} from "./moves-store.ts";
