/** What a shop's people, and members, see of their accounts: where they are paid out to, what was, entries and statements. Data in, HTML out. */
export { AccountPage, type AccountShown, type SureShown } from "./account-page.tsx";
export type { BankShown } from "./bank-part.tsx";
export { EntriesPage, type EntryShown } from "./entries-page.tsx";
export {
  type AccountAct,
  accountActs,
  type AccountPlace,
  placeOfMembers,
  placeOfShops,
} from "./account-parts.tsx";
export { type NoticeShown, StandingPage, type StandingShown } from "./standing-page.tsx";
export type { PayoutShown } from "./payout-part.tsx";
