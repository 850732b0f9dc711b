/**
 * What was committed, put into lists some moments later: the events of each party's trades, in an order that loses none, and
 * by what trades are found.
 */
export { createFeed, type Feed, lookAtGuarantees } from "./ordering.ts";
export {
  countOfTodos,
  findByAmount,
  findByReference,
  findTodos,
  findTrades,
  findTradesOfBuyer,
  listFedEvents,
  type Sought,
  todosCounted,
  type TradeFilter,
} from "./finding.ts";
export { latestRefunds, moneyRows, openSumsOf, summedMost } from "./money.ts";
export type { MoneyRow } from "./money.ts";
