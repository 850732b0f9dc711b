/** What comes next in the search for a store: decided here from what is locked, and done by `offers.ts`. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import type { Offer } from "./store.ts";

/** When to look again at a trade that is not reserved yet, or whose store waits for an institution. */
const lookAgainMs = 2_000;

export function soonAfter(now: Date): Date {
  return new Date(now.getTime() + lookAgainMs);
}

/** Whether a store can still answer what it was asked. */
export function isStanding({ state, until }: Pick<Offer, "state" | "until">, now: Date): boolean {
  return state === "offered" && until > now;
}

/** `assign`: the trade's engine has not yet heard of what was taken. `lapsed`: the store that was asked is silent. */
export type Next =
  | { do: "assign" }
  | { do: "end" }
  | { do: "ask"; lapsed: boolean }
  | { do: "wait"; until: Date };

/** The next step of a search. `offer` is the one that is open, or was taken. */
export function nextOf(
  trade: Pick<TradeView, "state" | "chain" | "pending" | "lots"> | undefined,
  offer: Pick<Offer, "state" | "until"> | undefined,
  now: Date,
): Next {
  if (offer?.state === "taken") return { do: "assign" };
  if (trade === undefined || isBeyond(trade)) return { do: "end" };
  if (trade.state !== "reserved" || trade.pending !== null) return { do: "wait", until: soonAfter(now) };
  if (offer === undefined) return { do: "ask", lapsed: false };
  return offer.until <= now ? { do: "ask", lapsed: true } : { do: "wait", until: offer.until };
}

/** True once there is nothing left to place: the trade has ended, or goods are on their way. */
function isBeyond({ state, chain, lots }: Pick<TradeView, "state" | "chain" | "lots">): boolean {
  if (lots.length > 0) return true;
  return chain !== undefined || !(state === "proposed" || state === "refused" || state === "reserved");
}

/** What the trade's engine says of a store that has taken the order. */
export interface Said {
  status: number;
  /** The code of a refusal. */
  code: string | undefined;
  /** Another step of the trade stood in the way. */
  isBusy: boolean;
}

/**
 * What that means for the search: nothing yet, that it has found its store, that it is over, or that the next is asked.
 * `offer` is as it stands now: of several processes that have asked for one store, only the first to hear the refusal
 * asks the next, or that one would be passed over.
 */
export function meaningOf(
  { status, code, isBusy }: Said,
  offer: Pick<Offer, "state">,
): "nothing" | "placed" | "over" | "next" {
  if (status === 202 || status >= 500 || isBusy) return "nothing";
  if (status < 400) return "placed";
  if (offer.state !== "taken") return "nothing";
  return isPlaceless(code ?? "") ? "over" : "next";
}

/** Whether it was the trade that stood in the way, and not the store. */
function isPlaceless(code: string): boolean {
  return code === "offer_over" || code === "trade_not_open" || code.startsWith("already_");
}
