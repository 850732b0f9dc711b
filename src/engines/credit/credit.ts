/** Credit that members ask for with one trade, and how much a server stands for (docs/decisions/0045-credit.md). */
export { factsOfBuyer, factsOfShop, type TradeFacts } from "./facts-store.ts";
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
