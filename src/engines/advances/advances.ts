/**
 * What shops have been paid early (paragraph 0094): how much of it is under way, how much they owe, and how much more a
 * server lets them have. The trade machine decides what a step means for it; here it is added up under a lock.
 */
export {
  type AdvanceChange,
  type AdvancePrices,
  type AdvanceRules,
  begun,
  beyondLimit,
  changed,
  countsAtOnce,
  countsWhenPaid,
} from "./advance-accounts.ts";
export {
  accountKey,
  type AdvanceAccount,
  type AdvanceRow,
  listAdvances,
  lockAdvanceAccounts,
  openAdvanceAccounts,
  readAdvanceAccounts,
  readDebtAt,
  writeAdvanceAccounts,
  writeAdvances,
} from "./store.ts";
