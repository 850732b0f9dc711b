/** How a server says no: RFC 9457 (application/problem+json), with codes of a closed list. docs/problems.md explains each. */

/** Every refusal there is. A newer server may know more, so a `switch` over it wants a default. */
export type ProblemCode =
  // The request itself.
  | "malformed_request"
  | "invalid_field"
  | "body_too_large"
  | "headers_too_large"
  | "unsupported_media_type"
  | "idempotency_key_invalid"
  | "idempotency_key_reused"
  | "command_id_reused"
  // Who is asking.
  | "not_authenticated"
  | "signature_invalid"
  | "sign_in_failed"
  | "password_wrong"
  | "not_allowed"
  | "cross_site_request"
  | "shop_not_approved"
  | "shop_suspended"
  | "member_not_approved"
  | "not_an_acceptor"
  | "door_code_invalid"
  | "recipient_code_invalid"
  | "guest_code_invalid"
  | "email_code_invalid"
  | "admission_code_invalid"
  | "passkey_refused"
  | "proof_required"
  | "four_eyes_required"
  // What is asked about.
  | "not_found"
  | "method_not_allowed"
  | "already_exists"
  | "sign_in_changed_lately"
  | "reference_in_use"
  | "name_looks_alike"
  // Numbers, money, lines.
  | "wrong_check_digit"
  | "amount_mismatch"
  | "currency_mismatch"
  | "unknown_currency"
  | "unknown_line"
  | "date_out_of_range"
  | "card_number_refused"
  // Payment.
  | "bill_overdue"
  | "insufficient_funds"
  | "credit_limit_exceeded"
  | "mandate_not_valid"
  | "mandate_limit_exceeded"
  | "method_required"
  | "method_not_usable"
  | "consent_not_valid"
  | "consent_limit_exceeded"
  | "account_not_tied"
  | "confirmation_awaited"
  | "settlement_refused"
  | "institution_refused"
  | "amount_not_told"
  | "account_closed"
  | "not_payable_yet"
  | "bank_account_required"
  | "bank_account_named_lately"
  | "payout_not_open"
  | "nothing_to_pay_out"
  | "bank_file_refused"
  | "payee_insufficient_funds"
  | "amount_exceeds_hold"
  | "amount_exceeds_settled"
  | "hold_ended"
  | "credit_already_asked"
  | "lent_line_exceeded"
  | "credit_request_over"
  | "nothing_kept"
  | "collector_limit_exceeded"
  | "bill_not_open"
  // The trade.
  | "shop_limit_exceeded"
  | "member_limit_exceeded"
  | "day_limit_exceeded"
  | "already_reserved"
  | "trade_not_open"
  | "order_to_follow"
  | "order_to_be_seen"
  | "already_shipped"
  | "already_received"
  | "already_disputed"
  | "photo_refused"
  | "too_many_photos"
  | "too_many_words"
  | "already_answered"
  | "already_withdrawn"
  | "not_due_yet"
  | "still_running"
  | "no_offer"
  | "already_accepted"
  | "already_cancelled"
  | "already_rejected"
  | "already_expired"
  | "already_settled"
  | "trade_disputed"
  | "quantity_exceeds_open"
  | "nothing_to_accept"
  | "nothing_to_release"
  | "nothing_to_claim"
  | "amount_exceeds_due"
  | "nothing_due"
  | "nothing_to_return"
  | "cooling_off_over"
  | "extension_refused"
  | "offer_over"
  | "already_advanced"
  | "nothing_to_advance"
  | "not_seen_shipped"
  | "advance_limit_exceeded"
  | "trade_changed"
  | "bank_account_changed"
  | "break_changed"
  | "look_first"
  | "approval_required"
  | "not_sealed_yet"
  | "log_halted"
  | "trade_busy"
  | "person_has_open_trades"
  | "person_has_money"
  | "money_not_forfeit"
  // Webhooks.
  | "webhook_url_refused"
  | "webhook_endpoint_ended"
  // The server.
  | "too_many_requests"
  | "request_timeout"
  | "unavailable"
  | "overloaded"
  | "outcome_unknown"
  | "internal_error";

/** One finding about one field; `pointer` is an RFC 6901 JSON pointer into the body. */
export interface FieldError {
  pointer: string;
  message: string;
}

/** A refusal. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** A sentence about this one case, for people. */
  detail: string;
  code: ProblemCode;
  /** Whether the same request, sent again unchanged, may get another answer. */
  transient: boolean;
  errors?: FieldError[];
  /** The number of the trade that is concerned. */
  trade?: string;
  /** The id of an operator's act that waits for a second operator. */
  act?: string;
}
