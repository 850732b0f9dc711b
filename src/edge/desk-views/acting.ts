/** What operators do to a trade for a caller: each act with what its form asks. */
import type { AcceptorRole, TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import { acceptableOf, hasLeft, isOver, type Now, unshippedOf } from "../parts/parts.ts";
import { actsOffered, rejectableOf, type TradeAct, withdrawableOf } from "../trade-views/trade-views.ts";

/** What a form asks beside who has called. */
export type Asked =
  | "quantities"
  | "final"
  | "kind"
  | "reason"
  | "parcel"
  | "reference"
  | "statement"
  | "words"
  | "pay"
  | "refund"
  | "amount"
  | "until"
  | "method"
  | "terms"
  | "prices";

/**
 * Acts that are no form of a person's, or ask an operator otherwise. Nobody but who is at the door says that they are there:
 * `at-door` has no form here.
 */
type OwnAct = "approve" | "revise" | "advance" | "release" | "claim";
export type DeskAct = Exclude<TradeAct, "at-door"> | OwnAct;

export const askedBy: Readonly<Record<DeskAct, readonly Asked[]>> = {
  approve: ["method", "terms"],
  revise: ["prices"],
  "accept-offer": [],
  accept: ["quantities", "final", "reference"],
  deliver: ["parcel", "reference"],
  ship: ["parcel"],
  reject: ["quantities", "kind", "reason"],
  "not-come": [],
  "send-back": ["parcel"],
  return: ["parcel", "reference"],
  withdraw: ["quantities", "reason"],
  answer: ["statement", "reference"],
  say: ["words"],
  offer: ["pay", "refund"],
  extend: ["until"],
  refund: ["amount", "reason"],
  advance: [],
  release: [],
  claim: [],
  dispute: ["reason"],
  cancel: ["quantities", "reason"],
};

export const deskActs = Object.keys(askedBy) as DeskAct[];

/** How many pieces of a line an act can be about. */
export function openOf(
  act: DeskAct,
  { trade, role, now }: { trade: TradeView; role: AcceptorRole; now: Now },
): (line: TradeLineView) => number {
  switch (act) {
    case "accept":
      return (line) => acceptableOf(trade, role, line);
    case "reject":
      return ({ line }) => rejectableOf(trade, line, { kind: undefined, now });
    case "withdraw":
      return ({ line }) => withdrawableOf(trade, line, now);
    case "cancel":
      return ({ line }) => unshippedOf(trade, line);
    default:
      return () => 0;
  }
}

/** Who takes part in a trade, as far as somebody can call for them. */
function partiesOf({ acceptance, carrier, provider }: TradeView): AcceptorRole[] {
  return [
    "buyer",
    "shop",
    ...(acceptance.by.includes("recipient") ? (["recipient"] as const) : []),
    ...(carrier === null ? [] : (["carrier"] as const)),
    ...(provider === null ? [] : (["provider"] as const)),
  ];
}

/** Whether an act is offered that no form of a person's is for. */
const ofOperators: Readonly<
  Record<Exclude<OwnAct, "approve">, (trade: TradeView, now: Now) => readonly AcceptorRole[]>
> = {
  revise: (trade) =>
    ["proposed", "refused", "reserved"].includes(trade.state) && !hasLeft(trade) ? ["buyer", "shop"] : [],
  advance: ({ state, guarantee }) =>
    ["reserved", "delivered", "accepted"].includes(state) && guarantee === undefined ? ["shop"] : [],
  release: ({ guarantee, settled }) => (guarantee?.state === "open" && (settled ?? 0) > 0 ? ["shop"] : []),
  claim: ({ guarantee }, now) =>
    guarantee?.state === "open" && guarantee.due > 0 && isOver(guarantee.claimFrom, now) ? ["shop"] : [],
};

/**
 * What can be done to a trade now, and whose word each could be. A page offers what the machine takes of that side; the server
 * decides anew when it is sent.
 */
export function deskOffers(trade: TradeView, now: Now): ReadonlyMap<DeskAct, readonly AcceptorRole[]> {
  const offers = new Map<DeskAct, readonly AcceptorRole[]>();
  if (trade.pending !== null) return offers;
  for (const role of partiesOf(trade)) {
    for (const act of actsOffered(trade, role, now)) {
      if (act !== "at-door") offers.set(act, [...(offers.get(act) ?? []), role]);
    }
  }
  for (const [act, rolesOf] of Object.entries(ofOperators)) {
    const roles = rolesOf(trade, now);
    if (roles.length > 0) offers.set(act as keyof typeof ofOperators, roles);
  }
  return new Map(deskActs.flatMap((act) => (offers.has(act) ? [[act, offers.get(act) ?? []] as const] : [])));
}
