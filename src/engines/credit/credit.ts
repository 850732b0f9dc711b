/** Credit that members ask for with one trade, and how much a server stands for (docs/decisions/0045-credit.md). */
export { billsOfBuyer, factsOfBuyer, factsOfShop, type TradeFacts } from "./facts-store.ts";
export {
  closeLine,
  type CreditRequest,
  insertRequest,
  listAsked,
  lockRequest,
  moveRequest,
  readDue,
  readOpenLines,
  readRequest,
  readRequestsOf,
  requestStates,
} from "./request-store.ts";
export { listStandLimits, readDay, type StandKind, writeStandLimit } from "./stand-store.ts";
export {
  beyondStanding,
  countStanding,
  openStandingFor,
  type StandingFor,
  type StandLimits,
  type Wanted,
  writeStanding,
} from "./standing-for.ts";
