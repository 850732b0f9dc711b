/**
 * Files that go to banks and come from them: 総合振込 as banks in Japan have it, pain.001, pain.002 and camt.053 of ISO 20022,
 * and what stands in them: names in kana, banks by their numbers, the days on which banks are open. Pure.
 */
export { findBranch } from "./banks.ts";
export {
  bankDayFrom,
  bankZone,
  dueAfter,
  isBankDay,
  isSchedule,
  type Rhythm,
  rhythms,
} from "./days.ts";
export {
  type AccountInFile,
  type Incoming,
  type IncomingForm,
  incomingForms,
  type IncomingStatement,
  numbersIn,
} from "./incoming.ts";
export { nameInFile } from "./kana.ts";
export { readIncoming } from "./read-incoming.ts";
export { pain001Of } from "./pain001.ts";
export { readReport, type Report, type Reported } from "./reports.ts";
export { camt053Of, closingOf, csvOf, type Statement } from "./statement.ts";
export {
  accountKinds,
  type BankAccount,
  type BankAccountKind,
  type BankTransfer,
  most,
  type Payer,
  type TransferFile,
  zenginOf,
} from "./zengin.ts";
