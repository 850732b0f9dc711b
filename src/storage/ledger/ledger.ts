/**
 * The only code that moves money: accounts, holds and entries in double entry (design, section 5).
 * A batch locks its rows with `openBooks`, posts commands in memory, and sends the result with `writeBooks`.
 */
export { type Audit, type AuditOptions, audit, collector, type Difference, type Progress } from "./audit.ts";
export { type Finding, snapshot } from "./audit-store.ts";
export { Books, open, type Posted } from "./books.ts";
export * from "./commands.ts";
export { postOne } from "./post.ts";
export {
  closeAccounts,
  type NewAccount,
  openAccounts,
  openBooks,
  readAccounts,
  readClock,
  readHold,
  readStatement,
  setFloor,
  type StatementPlace,
  writeBooks,
} from "./store.ts";
