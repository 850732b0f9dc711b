/**
 * What members owe on credit lines (paragraphs 0040, 0074 and 0085): a bill for each, paid under its number as a trade is,
 * with reminders, dunning, instalments, and the end of it where nobody pays. See docs/decisions/0049-debts.md.
 */
export { askInstalments, grantInstalments, partsMost, writeOff } from "./acts.ts";
export { auditDebts } from "./audit.ts";
export {
  askedOf,
  type Bill,
  billStates,
  dueOf,
  nextStepOf,
  type Part,
  payByOf,
} from "./bill.ts";
export {
  countOverdue,
  listBills,
  listBillsThere,
  listOverdue,
  openBillsOf,
  readBill,
  readBillsThere,
} from "./bill-store.ts";
export { createDebts, type Debts } from "./clerk.ts";
export type { Counter, CounterWord, DebtGround } from "./ground.ts";
export { listMovements, listNews, paidFromLine, readNews } from "./news-store.ts";
export { type BillRules, usualBills } from "./rules.ts";
