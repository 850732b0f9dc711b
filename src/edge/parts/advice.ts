/** What somebody can do about a problem. */
import type { Problem, ProblemCode } from "../../core/protocol/protocol.ts";
import { type Language, refusalIn, type WordKey, wordsIn } from "../words/words.ts";

/** What somebody can do about each problem. A new code does not compile without its own line. */
const advice: Readonly<Record<ProblemCode, WordKey>> = {
  malformed_request: "help.input",
  invalid_field: "help.input",
  body_too_large: "help.input",
  headers_too_large: "help.operator",
  unsupported_media_type: "help.operator",
  idempotency_key_invalid: "help.again",
  idempotency_key_reused: "help.again",
  command_id_reused: "help.again",
  not_authenticated: "help.authenticate",
  signature_invalid: "help.operator",
  sign_in_failed: "help.input",
  password_wrong: "help.input",
  not_allowed: "help.notFound",
  cross_site_request: "help.page",
  shop_not_approved: "help.admitted",
  shop_suspended: "help.operator",
  member_not_approved: "help.admitted",
  not_an_acceptor: "help.notFound",
  door_code_invalid: "help.doorCode",
  recipient_code_invalid: "help.recipientCode",
  guest_code_invalid: "help.sentCode",
  email_code_invalid: "help.sentCode",
  admission_code_invalid: "help.input",
  four_eyes_required: "help.operator",
  not_found: "help.notFound",
  method_not_allowed: "help.operator",
  already_exists: "help.taken",
  sign_in_changed_lately: "help.later",
  reference_in_use: "help.taken",
  name_looks_alike: "help.taken",
  wrong_check_digit: "help.input",
  amount_mismatch: "help.input",
  currency_mismatch: "help.input",
  unknown_currency: "help.input",
  unknown_line: "help.input",
  date_out_of_range: "help.input",
  card_number_refused: "help.input",
  bill_overdue: "help.bill",
  insufficient_funds: "help.money",
  credit_limit_exceeded: "help.money",
  mandate_not_valid: "help.mandate",
  mandate_limit_exceeded: "help.mandate",
  method_required: "help.money",
  method_not_usable: "help.money",
  consent_not_valid: "help.consent",
  consent_limit_exceeded: "help.consentLimit",
  account_not_tied: "help.shop",
  confirmation_awaited: "help.owner",
  settlement_refused: "help.operator",
  institution_refused: "help.operator",
  amount_not_told: "help.shop",
  account_closed: "help.money",
  not_payable_yet: "help.later",
  bank_account_required: "help.bank",
  bank_account_named_lately: "help.later",
  payout_not_open: "help.over",
  nothing_to_pay_out: "help.over",
  bank_file_refused: "help.input",
  payee_insufficient_funds: "help.shop",
  amount_exceeds_hold: "help.state",
  amount_exceeds_settled: "help.state",
  hold_ended: "help.state",
  credit_already_asked: "help.over",
  lent_line_exceeded: "help.operator",
  credit_request_over: "help.over",
  nothing_kept: "help.over",
  collector_limit_exceeded: "help.handIn",
  bill_not_open: "help.over",
  shop_limit_exceeded: "help.later",
  member_limit_exceeded: "help.later",
  day_limit_exceeded: "help.later",
  already_reserved: "help.state",
  trade_not_open: "help.state",
  order_to_follow: "help.shop",
  order_to_be_seen: "help.state",
  already_shipped: "help.shipped",
  already_received: "help.once",
  already_disputed: "help.once",
  already_answered: "help.once",
  already_withdrawn: "help.once",
  not_due_yet: "help.late",
  still_running: "help.state",
  no_offer: "help.state",
  already_accepted: "help.state",
  already_cancelled: "help.state",
  already_rejected: "help.state",
  already_expired: "help.state",
  already_settled: "help.state",
  trade_disputed: "help.state",
  quantity_exceeds_open: "help.state",
  nothing_to_accept: "help.state",
  nothing_to_release: "help.over",
  nothing_to_claim: "help.over",
  amount_exceeds_due: "help.over",
  nothing_due: "help.over",
  nothing_to_return: "help.state",
  cooling_off_over: "help.state",
  extension_refused: "help.state",
  offer_over: "help.over",
  already_advanced: "help.over",
  nothing_to_advance: "help.over",
  not_seen_shipped: "help.later",
  advance_limit_exceeded: "help.later",
  trade_changed: "help.state",
  approval_required: "help.state",
  not_sealed_yet: "help.later",
  log_halted: "help.operator",
  trade_busy: "help.wait",
  person_has_open_trades: "help.openTrades",
  person_has_money: "help.ownMoney",
  money_not_forfeit: "help.operator",
  webhook_url_refused: "help.input",
  webhook_endpoint_ended: "help.over",
  too_many_requests: "help.wait",
  request_timeout: "help.wait",
  unavailable: "help.wait",
  overloaded: "help.wait",
  outcome_unknown: "help.wait",
  too_many_words: "help.enough",
  internal_error: "help.wait",
};

/** What somebody can do about a problem. */
export const help = (code: ProblemCode): WordKey => advice[code];

/** Whether an operator is to be called, who wants to hear the code. */
export const codeIsAsked = (code: ProblemCode): boolean => advice[code] === "help.operator";

/** What a program is told of these says nothing to a person that their title does not. */
const plainCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "already_shipped",
  "already_received",
  "already_disputed",
  "already_answered",
  "already_withdrawn",
  "not_due_yet",
  "still_running",
  "no_offer",
  "already_accepted",
  "already_cancelled",
  "already_expired",
  "already_rejected",
  "already_reserved",
  "already_settled",
  "door_code_invalid",
  "recipient_code_invalid",
  "trade_changed",
  "trade_disputed",
  // Theirs name amounts in minor units.
  "amount_mismatch",
  "amount_exceeds_hold",
  "amount_exceeds_settled",
  "amount_exceeds_due",
]);

const ownTitles: Partial<Record<ProblemCode, WordKey>> = {
  idempotency_key_reused: "refused.again",
  not_allowed: "refused.notYours",
};

/** What a refusal is called to somebody who has pressed a button, where its own title is for those who write programs. */
export function titleOf(problem: Problem, lang: Language): string {
  const own = ownTitles[problem.code];
  return own === undefined ? refusalIn(lang, problem) : wordsIn(lang)(own);
}

const bare = (text: string): string => text.replace(/\.$/, "").toLowerCase();

/** The detail of a refusal, where it is in people's words, in their language, and says more than the title. */
export function detailOf({ code, title, detail }: Problem, lang: Language): string | undefined {
  const says = lang === "en" && !plainCodes.has(code) && ownTitles[code] === undefined;
  return says && bare(detail) !== bare(title) ? detail : undefined;
}
