/**
 * What stands on accounts here leaves for banks: named accounts at banks, payouts asked for or by a
 * schedule, files that two operators approve, and what comes back. No file leaves that was not approved byte for byte.
 */
export { auditPayouts } from "./audit.ts";
export { askPayout, cancelPayout, comesBackWithout, payableAccount, rulesOf } from "./asking.ts";
export { listFiles, type PayoutFile, readDownloads, readFile } from "./file-store.ts";
export { approveFile, dropFile, type FileForm, gatherFile, takeFile } from "./gathering.ts";
export {
  type CameBack,
  type Owner,
  ownerOfAccount,
  paidOutIn,
  type PayoutGround,
  type PayoutRules,
} from "./ground.ts";
export {
  detailsOf,
  keepAsked,
  nameAccount,
  nameAsked,
  takeAwayAccount,
} from "./naming.ts";
export { checkPayable, payableOf } from "./payable.ts";
export { enterPayBack, keepReturnAccount, readReturnAccount } from "./paying-back.ts";
export {
  countWaiting,
  listPayouts,
  listWaiting,
  type Payout,
  readPayout,
  readPayoutsOfFile,
} from "./payout-store.ts";
export {
  bookReport,
  completeFile,
  countContradicted,
  lookAtReport,
  type ReportBooking,
  returnPayout,
} from "./returning.ts";
export { deleteSchedule, readSchedule, type ScheduleRow, writeSchedule } from "./schedule-store.ts";
export { firstDue, forgetOldBankAccounts, payoutSweeper } from "./scheduling.ts";
