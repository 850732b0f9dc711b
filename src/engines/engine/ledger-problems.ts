import type { LedgerRefusalCode } from "../../storage/ledger/ledger.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";

/** What the caller of a server is told when the books say no. */
export const problemOfLedger: Record<LedgerRefusalCode, ProblemCode> = {
  id_reused: "command_id_reused",
  amount_not_positive: "invalid_field",
  hold_not_found: "not_found",
  account_not_found: "not_found",
  account_closed: "account_closed",
  currency_differs: "currency_mismatch",
  same_account: "invalid_field",
  hold_ended: "hold_ended",
  until_not_later: "date_out_of_range",
  exceeds_hold: "amount_exceeds_hold",
  exceeds_settled: "amount_exceeds_settled",
  shares_do_not_add_up: "amount_mismatch",
  insufficient_funds: "insufficient_funds",
  credit_limit_exceeded: "credit_limit_exceeded",
  payee_insufficient_funds: "payee_insufficient_funds",
};
