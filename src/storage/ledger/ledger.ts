/**
 * The only code that moves money: accounts, holds and entries in double entry (docs/decisions/0009-ledger.md).
 * A batch locks its rows with `openBooks`, posts commands in memory, and sends the result with `writeBooks`.
 */
export { audit } from "./audit.ts";
export { Books, open, type Posted } from "./books.ts";
export * from "./commands.ts";
export { feeAccountOf, houseAccount, keptAccountOf, openHouse } from "./house.ts";
export { postOne, writeSealed } from "./post.ts";
export {
  clearPayoutLocks,
  type PayoutLock,
  readPayoutLocks,
  sumPayoutLocks,
  writePayoutLocks,
} from "./payout-store.ts";
export {
  closeAccounts,
  lastMoved,
  mayComeBack,
  type NewAccount,
  openAccounts,
  openBooks,
  owedSince,
  currenciesWithMoney,
  readAccounts,
  movedFrom,
  readHold,
  readStatement,
  setFloor,
  stopAtUsed,
  sumFrom,
  sumTransferred,
  type StatementCursor,
  writeBooks,
} from "./store.ts";
