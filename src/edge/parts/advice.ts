/** What somebody can do about a problem. */
import type { Problem, ProblemCode } from "../../core/protocol/protocol.ts";
import { type Language, refusalIn, type WordKey, wordsIn } from "../words/words.ts";

/** What somebody can do about a problem: by its code where one advice fits, by its status otherwise. */
export function help(code: ProblemCode): WordKey {
  const byCode: Partial<Record<ProblemCode, WordKey>> = {
    not_authenticated: "help.authenticate",
    sign_in_failed: "help.input",
    not_found: "help.notFound",
    not_allowed: "help.notFound",
    insufficient_funds: "help.money",
    credit_limit_exceeded: "help.money",
    method_required: "help.money",
    method_not_usable: "help.money",
    account_closed: "help.money",
    too_many_requests: "help.wait",
    trade_busy: "help.wait",
    request_timeout: "help.wait",
    overloaded: "help.wait",
    outcome_unknown: "help.wait",
    internal_error: "help.wait",
    already_shipped: "help.shipped",
    not_due_yet: "help.late",
    already_disputed: "help.once",
    already_answered: "help.once",
    already_withdrawn: "help.once",
    already_received: "help.once",
    idempotency_key_reused: "help.again",
  };
  return (
    byCode[code] ??
    (stateCodes.has(code) ? "help.state" : inputCodes.has(code) ? "help.input" : "help.operator")
  );
}

const stateCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "trade_not_open",
  "trade_changed",
  "already_reserved",
  "already_accepted",
  "already_cancelled",
  "already_rejected",
  "already_expired",
  "already_settled",
  "trade_disputed",
  "hold_ended",
  "amount_exceeds_hold",
  "amount_exceeds_settled",
  "quantity_exceeds_open",
  "nothing_to_accept",
  "nothing_to_return",
  "cooling_off_over",
  "extension_refused",
  "approval_required",
  "still_running",
  "no_offer",
]);

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

/** The detail of a refusal, where it is in people's words, in their language, and says more than the title. */
export function detailOf({ code, title, detail }: Problem, lang: Language): string | undefined {
  const says = lang === "en" && !plainCodes.has(code) && ownTitles[code] === undefined;
  return says && detail !== `${title}.` ? detail : undefined;
}

const inputCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "malformed_request",
  "admission_code_invalid",
  "guest_code_invalid",
  "invalid_field",
  "body_too_large",
  "wrong_check_digit",
  "amount_mismatch",
  "currency_mismatch",
  "unknown_currency",
  "unknown_line",
  "date_out_of_range",
  "card_number_refused",
]);
