/** The calls of the trade table: data, of which the routes and their description are made. */
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import type { GuaranteeMoveName, MoveName } from "../../core/protocol/schemas.ts";
import { transitions } from "../../engines/trades/trades.ts";
import type { CallerKind } from "../../storage/identity/identity.ts";

/** All who may be a party to a trade: the engine says whether the caller is one to this trade, and in which role. */
export const parties: readonly CallerKind[] = [
  "shop",
  "carrier",
  "provider",
  "operator",
  "member",
  "guest",
  "recipient",
];

interface Call {
  summary: string;
  kinds: readonly CallerKind[];
  /** Beside those of the table of states. */
  refusals: ProblemCode[];
}

/** A guest acts on the pages only. */
const acceptors: readonly CallerKind[] = parties.filter((kind) => kind !== "guest");
const buyerSide: readonly CallerKind[] = ["member", "operator"];

/** Those who see neither price nor payer. */
export const paysNothing: readonly CallerKind[] = ["carrier", "provider", "recipient"];

const unfit: ProblemCode[] = ["not_an_acceptor", "quantity_exceeds_open"];

/** The calls that move a trade: what each does, who may make it, and how it may be refused. */
export const calls: Record<MoveName, Call> = {
  approve: {
    summary: "The buyer agrees and chooses how to pay; the amount is frozen",
    kinds: buyerSide,
    refusals: [
      "insufficient_funds",
      "credit_limit_exceeded",
      "shop_limit_exceeded",
      "method_required",
      "already_reserved",
    ],
  },
  revise: {
    summary: "Change lines, amount or means before delivery, and reserve again",
    kinds: ["shop", ...buyerSide],
    refusals: [
      "insufficient_funds",
      "mandate_limit_exceeded",
      "shop_limit_exceeded",
      "amount_mismatch",
      "already_shipped",
      "reference_in_use",
      "not_allowed",
    ],
  },
  ship: {
    summary: "The goods are on their way; no acceptance clock starts",
    kinds: ["shop", "carrier", "operator"],
    refusals: ["quantity_exceeds_open", "already_shipped", "trade_not_open"],
  },
  deliver: {
    summary: "Delivery evidence; starts the acceptance clock where the word counts, else says shipped",
    kinds: acceptors,
    refusals: ["quantity_exceeds_open", "trade_not_open"],
  },
  "at-door": {
    summary: "At the door: for ten minutes buyer or recipient can give a code that accepts the goods",
    kinds: ["carrier", "provider"],
    refusals: ["not_an_acceptor", "already_accepted", "trade_not_open"],
  },
  accept: {
    summary: "Confirm goods by line and quantity; what is accepted is paid",
    kinds: acceptors,
    refusals: [
      ...unfit,
      "door_code_invalid",
      "too_many_requests",
      "already_accepted",
      "already_cancelled",
      "already_expired",
    ],
  },
  reject: {
    summary: "Goods that are wrong, missing or never came; their part stays frozen until that is settled",
    kinds: acceptors,
    refusals: [...unfit, "already_rejected", "not_due_yet", "already_received"],
  },
  "send-back": {
    summary: "Rejected or withdrawn goods are on their way back",
    kinds: ["member", "recipient", "carrier", "operator"],
    refusals: ["nothing_to_return", "quantity_exceeds_open"],
  },
  withdraw: {
    summary: "Within cooling-off: the goods go back, then the money",
    kinds: buyerSide,
    refusals: ["cooling_off_over", "already_withdrawn", "quantity_exceeds_open"],
  },
  return: {
    summary: "Goods are back, or agreed never to have come; their part goes to the buyer",
    kinds: ["shop", "carrier", "operator"],
    refusals: ["nothing_to_return", "quantity_exceeds_open"],
  },
  dispute: {
    summary: "Stop the clocks of payment; or, by the shop, contest what came back or never came",
    kinds: ["shop", ...buyerSide],
    refusals: ["trade_not_open", "trade_disputed", "already_disputed"],
  },
  answer: {
    summary: "The other side of a dispute is heard",
    kinds: ["shop", ...buyerSide],
    refusals: ["trade_not_open", "already_answered"],
  },
  say: {
    summary: "Add to a dispute that is open; the other side and operators read it",
    kinds: ["shop", ...buyerSide],
    refusals: ["trade_not_open", "too_many_words"],
  },
  offer: {
    summary: "How one side would divide what is frozen",
    kinds: ["shop", ...buyerSide],
    refusals: ["amount_mismatch", "amount_exceeds_settled", "trade_not_open"],
  },
  "offer/accept": {
    summary: "The other side takes the offer",
    kinds: ["shop", ...buyerSide],
    refusals: ["no_offer", "not_allowed"],
  },
  resolve: {
    summary: "Decide a dispute: settle, release, split, order goods back, or resume",
    kinds: ["operator"],
    refusals: ["trade_not_open", "amount_exceeds_hold", "still_running"],
  },
  cancel: {
    summary: "Before acceptance; what is frozen is released",
    kinds: ["shop", ...buyerSide],
    refusals: [
      "quantity_exceeds_open",
      "already_shipped",
      "already_accepted",
      "already_settled",
      "already_cancelled",
      "already_expired",
      "already_disputed",
    ],
  },
  extend: {
    summary: "Move the acceptance clock, or the reservation",
    kinds: ["shop", ...buyerSide],
    refusals: ["extension_refused"],
  },
  refund: {
    summary: "Give back what was settled; what the shop's account lacks stands as due",
    kinds: ["shop", "operator"],
    refusals: ["amount_exceeds_settled"],
  },
  advance: {
    summary: "Be paid early against the claim; settlement then goes to who has paid",
    kinds: ["shop", "operator"],
    refusals: [
      "already_advanced",
      "nothing_to_advance",
      "not_seen_shipped",
      "advance_limit_exceeded",
      "trade_not_open",
    ],
  },
};

/** The codes by which a move may be refused: those of the table of states, of its call, and of any move. */
export function refusalsOfMove(name: MoveName | GuaranteeMoveName): ProblemCode[] {
  // To approve is to reserve, as the table has it.
  const move = name === "approve" ? "reserve" : name;
  const byState = Object.values(transitions).flatMap((row): ProblemCode[] => {
    const cell = row[move];
    return typeof cell === "string" ? [cell] : [];
  });
  const reserves = move === "reserve" || move === "revise" ? [...ofReserving, ...ofProving] : [];
  return [...new Set([...ofAnyMove, ...reserves, ...byState, ...ofCall(name)])];
}

function ofCall(name: MoveName | GuaranteeMoveName): readonly ProblemCode[] {
  if (name === "release") return ["nothing_to_release"];
  if (name === "claim") return ["nothing_to_claim", "not_due_yet"];
  return name === "accept" ? [...calls[name].refusals, ...ofTaking] : calls[name].refusals;
}

/** What is said to be taken at the door with an acceptance, and could not be. */
const ofTaking = ["nothing_due", "currency_mismatch"] as const satisfies readonly ProblemCode[];

/** Of a member who agrees to so much. */
const ofProving = ["proof_required", "sign_in_changed_lately"] as const satisfies readonly ProblemCode[];

const ofAnyMove = [
  "wrong_check_digit",
  "not_found",
  "trade_changed",
  "trade_busy",
  // An amount that was reserved before ordering.
  "order_to_follow",
  "order_to_be_seen",
  "unknown_line",
  "amount_mismatch",
  // Money that moves with it, or what an institution says to that.
  "hold_ended",
  "amount_exceeds_hold",
  "amount_exceeds_settled",
  "account_closed",
  "account_not_tied",
  "consent_not_valid",
  "consent_limit_exceeded",
  "confirmation_awaited",
  "settlement_refused",
  "institution_refused",
  "payee_insufficient_funds",
  "not_payable_yet",
  "date_out_of_range",
] as const satisfies readonly ProblemCode[];

/** How a reservation may be refused: of a proposal, an approval, a revision. */
export const ofReserving: readonly ProblemCode[] = [
  "insufficient_funds",
  "credit_limit_exceeded",
  "shop_limit_exceeded",
  "member_limit_exceeded",
  "day_limit_exceeded",
  "mandate_not_valid",
  "mandate_limit_exceeded",
  "method_required",
  "method_not_usable",
  "bill_overdue",
  "consent_not_valid",
  "consent_limit_exceeded",
  "account_not_tied",
  "account_closed",
  "amount_not_told",
  "institution_refused",
  "currency_mismatch",
  "unknown_currency",
  "date_out_of_range",
  "member_not_approved",
  "shop_not_approved",
  "shop_suspended",
  "not_found",
];
