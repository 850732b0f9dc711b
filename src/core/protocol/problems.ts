/**
 * Every way in which a server of Kenshu says no. The list is closed: `docs/problems.md` documents each
 * code and a test compares the two both ways. `transient` tells a caller whether the same request, sent
 * again unchanged, may get another answer. The wire form is RFC 9457 (application/problem+json).
 */
const registry = {
  // The request itself.
  malformed_request: [400, false, "The request cannot be read"],
  invalid_field: [422, false, "A field of the request is not acceptable"],
  body_too_large: [413, false, "The body is larger than this call takes"],
  headers_too_large: [431, false, "The headers are larger than the server takes"],
  unsupported_media_type: [415, false, "This call takes application/json"],
  idempotency_key_invalid: [400, false, "The Idempotency-Key is not 1 to 255 visible ASCII characters"],
  idempotency_key_reused: [422, false, "The Idempotency-Key was used for another request"],
  command_id_reused: [409, false, "The id was used for another command"],
  // Who is asking.
  not_authenticated: [401, false, "The caller is not known"],
  signature_invalid: [401, false, "The message is not signed as messages between servers have to be"],
  sign_in_failed: [401, false, "Email or password is wrong"],
  password_wrong: [403, false, "This is not the password"],
  not_allowed: [403, false, "The caller may not do this"],
  cross_site_request: [403, false, "The request came from another site"],
  shop_not_approved: [403, false, "The shop has not been approved"],
  shop_suspended: [403, false, "The shop is suspended and may not open new trades"],
  member_not_approved: [403, false, "The member has not been approved"],
  not_an_acceptor: [403, false, "The caller is not among those who may accept this trade"],
  door_code_invalid: [403, false, "The acceptance code does not hold here and now"],
  recipient_code_invalid: [403, false, "The recipient's link and code do not belong together"],
  guest_code_invalid: [403, false, "The code is not the one that was sent for this browser"],
  email_code_invalid: [403, false, "The code is not the one that was sent to the new address"],
  admission_code_invalid: [403, false, "Number, code and what else was typed do not belong together"],
  passkey_refused: [403, false, "The passkey does not prove this here and now"],
  proof_required: [403, false, "Whoever does this proves that it is them, now"],
  four_eyes_required: [403, false, "A second operator must confirm this"],
  // What is asked about.
  not_found: [404, false, "There is no such thing, or it is not yours to see"],
  method_not_allowed: [405, false, "This address does not take that method"],
  already_exists: [409, false, "It exists already"],
  sign_in_changed_lately: [409, true, "The sign-in was changed lately, so it gives no right yet"],
  reference_in_use: [409, false, "Another trade of the shop has this reference"],
  name_looks_alike: [409, false, "The name looks like another's"],
  // Numbers, money, lines.
  wrong_check_digit: [422, false, "The check digit of the number is wrong"],
  amount_mismatch: [422, false, "The lines do not add up to the amount"],
  currency_mismatch: [422, false, "The currency is not that of the trade or the account"],
  unknown_currency: [422, false, "The currency is not an ISO 4217 code"],
  unknown_line: [422, false, "The trade has no such line"],
  date_out_of_range: [422, false, "The date or duration is not acceptable here"],
  card_number_refused: [422, false, "Card numbers are not accepted anywhere"],
  // Payment.
  bill_overdue: [402, true, "A bill for this credit line was not paid in time"],
  insufficient_funds: [402, true, "The account does not hold enough that is free"],
  credit_limit_exceeded: [402, true, "The credit line does not leave enough"],
  mandate_not_valid: [402, false, "The mandate is not valid for this trade"],
  mandate_limit_exceeded: [402, true, "The mandate does not leave enough"],
  method_required: [402, false, "A means of payment has to be chosen"],
  method_not_usable: [402, true, "The means of payment cannot be used"],
  consent_not_valid: [402, false, "The owner of the account has not agreed to this, or no longer does"],
  consent_limit_exceeded: [402, true, "The owner of the account has agreed to less than this"],
  account_not_tied: [409, true, "Who is to be paid has no account tied where the buyer's money is"],
  confirmation_awaited: [409, true, "The owner of the account has been asked to confirm this payment"],
  settlement_refused: [
    409,
    false,
    "The institution has refused this payment for good, since the owner objected",
  ],
  institution_refused: [402, false, "The institution has refused this with a code that is not known here"],
  amount_not_told: [409, true, "The shop has not told the institution what this trade costs"],
  account_closed: [409, false, "The account is closed"],
  not_payable_yet: [409, true, "The money cannot be taken out yet: buyers may still ask it back"],
  bank_account_required: [409, true, "No account at a bank has been named to which this could be paid out"],
  bank_account_named_lately: [409, true, "The account at a bank was named lately, so nothing goes there yet"],
  payout_not_open: [409, false, "The payout or its file is not in a state that allows this"],
  nothing_to_pay_out: [409, true, "No payout waits for a file"],
  bank_file_refused: [422, false, "The bank's message cannot be taken as it is"],
  payee_insufficient_funds: [409, true, "The payee's account does not hold enough for this"],
  amount_exceeds_hold: [409, false, "The amount is more than is still frozen"],
  amount_exceeds_settled: [409, false, "The amount is more than was settled and not yet refunded"],
  hold_ended: [409, false, "The hold has ended"],
  credit_already_asked: [409, false, "Credit for this trade was asked for already"],
  lent_line_exceeded: [409, true, "The line that was lent does not leave enough"],
  credit_request_over: [409, false, "The request of credit was decided, or its time is over"],
  nothing_kept: [409, false, "Not so much is kept for return under this number"],
  collector_limit_exceeded: [409, true, "The collector has to hand in money before it takes more"],
  bill_not_open: [409, false, "The bill was paid, or the debt was given up"],
  // The trade machine.
  shop_limit_exceeded: [409, true, "No more may be frozen for the shop at this time"],
  member_limit_exceeded: [409, true, "No more is stood for this member at this time"],
  day_limit_exceeded: [409, true, "No more is stood for the shop on this day"],
  already_reserved: [409, false, "The trade is reserved already"],
  trade_not_open: [409, false, "The trade is not in a state that allows this"],
  order_to_follow: [409, true, "The shop has still to put its order under this number"],
  order_to_be_seen: [409, true, "The buyer still has time to look at the order"],
  already_shipped: [409, false, "The goods have left the shop"],
  already_received: [409, false, "The buyer has said that these goods have come"],
  already_disputed: [409, false, "This side has opened its dispute of this trade already"],
  photo_refused: [422, false, "This is not a photo that is taken"],
  too_many_photos: [409, true, "No more photos are taken here for now"],
  too_many_words: [409, false, "Nothing more can be added to this dispute"],
  already_answered: [409, false, "Nobody waits for this answer any more"],
  already_withdrawn: [409, false, "These goods have been withdrawn from before"],
  not_due_yet: [409, true, "It is too early for this"],
  still_running: [409, true, "A deadline still runs, so this is not decided yet"],
  no_offer: [409, false, "There is no such offer, or it has been overtaken"],
  already_accepted: [409, false, "It has been accepted already"],
  already_cancelled: [409, false, "The trade was cancelled already"],
  already_rejected: [409, false, "It has been rejected already"],
  already_expired: [409, false, "The reservation has expired"],
  already_settled: [409, false, "The trade has been settled already"],
  trade_disputed: [409, false, "The trade is in dispute"],
  quantity_exceeds_open: [409, false, "The quantity is more than is still open on the line"],
  nothing_to_accept: [409, false, "Nothing is left to accept"],
  nothing_to_release: [409, false, "Nothing was collected whose guarantee could end"],
  nothing_to_claim: [409, false, "Nothing is due that could be claimed"],
  amount_exceeds_due: [409, false, "The amount is more than is due"],
  nothing_due: [409, false, "Nothing is due on this number"],
  nothing_to_return: [409, false, "No rejected goods are waiting to come back"],
  cooling_off_over: [409, false, "The cooling-off period is over"],
  extension_refused: [409, false, "The deadline cannot be moved like this"],
  offer_over: [409, false, "The offer is not open any more"],
  already_advanced: [409, false, "The shop has been paid early on this trade already"],
  nothing_to_advance: [409, false, "There is no claim that could be paid early"],
  not_seen_shipped: [409, true, "Nobody but the shop has seen the goods leave yet"],
  advance_limit_exceeded: [409, true, "The shop has been paid early as much as this server lets it"],
  trade_changed: [409, false, "The trade has changed since you looked at it"],
  look_first: [409, false, "Look first at where money or a sign-in goes by this"],
  bank_account_changed: [409, false, "Another account at a bank is named by now"],
  break_changed: [409, false, "The break is not as you have seen it, or it is closed"],
  approval_required: [409, false, "The buyer has to approve this first"],
  not_sealed_yet: [409, true, "What happened is not in the log yet, so there is no receipt for it"],
  log_halted: [409, true, "The log cannot prove anything until operators have begun a new epoch"],
  trade_busy: [409, true, "An earlier step of the trade still waits for its answer"],
  person_has_open_trades: [409, true, "The person cannot be erased while a trade is open"],
  person_has_money: [409, true, "The person cannot be erased while they have money"],
  money_not_forfeit: [409, true, "The money is still its owner's"],
  // Webhooks.
  webhook_url_refused: [422, false, "Webhooks are not sent to this address"],
  webhook_endpoint_ended: [409, false, "The endpoint takes no more messages"],
  // The server.
  too_many_requests: [429, true, "Too many requests"],
  request_timeout: [408, true, "The request did not arrive in time"],
  unavailable: [503, true, "The server cannot reach what it needs; nothing was done"],
  overloaded: [503, true, "The server has more to do than it can take"],
  outcome_unknown: [503, true, "It is not known whether this was done; ask again with the same key"],
  internal_error: [500, true, "The server failed"],
} as const satisfies Record<string, readonly [status: number, transient: boolean, title: string]>;

export type ProblemCode = keyof typeof registry;

export interface ProblemEntry {
  status: number;
  transient: boolean;
  title: string;
}

/** The registry in a form to look things up in. */
export const problemCodes = Object.keys(registry) as ProblemCode[];

/** What the registry says of one code. */
export function problemEntry(code: ProblemCode): ProblemEntry {
  const [status, transient, title] = registry[code];
  return { status, transient, title };
}

/** One finding about one field; `pointer` is an RFC 6901 JSON pointer into the body. */
export interface FieldError {
  pointer: string;
  message: string;
}

/** What goes over the wire when the answer is no. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  transient: boolean;
  errors?: FieldError[];
  /** The number of the trade that is concerned. */
  trade?: string;
  /** The id of an operator's act that waits for a second operator. */
  act?: string;
}

/** Where each server explains its refusals: a reference relative to the answer, as RFC 9457 (section 3.1.1) has it. */
const problemsAddress = "/docs/problems";

/** Makes a problem from its code; `detail` is a sentence for the reader of this one case. */
export function problem(
  code: ProblemCode,
  detail?: string,
  extra: { errors?: FieldError[]; trade?: string; act?: string; status?: number } = {},
): Problem {
  const { status, transient, title } = problemEntry(code);
  return {
    type: `${problemsAddress}#${code}`,
    title,
    status,
    detail: detail ?? `${title}.`,
    code,
    transient,
    ...extra,
  };
}

/** Why something is not done, as a value. */
export interface Refused {
  refused: ProblemCode;
  detail?: string;
  /** Where this case is answered by another status than the code's own. */
  status?: number;
}

export const isRefused = (result: Refused | object): result is Refused => "refused" in result;

/** A refusal on its way to the caller, for places that cannot return it as a value. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(refused: Problem) {
    super(refused.detail);
    this.name = "Refusal";
    this.problem = refused;
  }
}

/** Refuses what is being done: shorthand for throwing a Refusal at the edge of a server. */
export function refuse(
  code: ProblemCode,
  detail?: string,
  extra?: { errors?: FieldError[]; trade?: string },
): never {
  throw new Refusal(problem(code, detail, extra));
}
