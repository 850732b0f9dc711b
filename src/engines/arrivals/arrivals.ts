/**
 * What arrives at the institution's own bank (paragraphs 0069-0071): statements that operators bring, each entry booked once, and what
 * it pays. What names no due, or not what is due, waits for two operators, who assign it or return it.
 */
export {
  type Arrival,
  arrivalsOf,
  countArrivals,
  listBankStatements,
  type MoveRow,
  movesOf,
  readArrivals,
  readBankStatement,
  type Reason,
  reasons,
  type StatementRow,
  sumWaiting,
  waitingArrivals,
} from "./arrival-store.ts";
export { auditArrivals } from "./audit.ts";
export {
  assignArrivals,
  dismissArrival,
  keepCameBack,
  membersAccount,
  returnArrival,
  returnKept,
  type ReturnWish,
} from "./disposing.ts";
export type { ArrivalGround, OwnAccount } from "./ground.ts";
export { arrivalSweeper, toldOf } from "./matching.ts";
export { type PayingIn, payingIn, payingInOrRefuse } from "./paying-in.ts";
export { bookStatement, forgetOld, lookAtStatement, type StatementWish } from "./statements.ts";
