/** What an order asks of the shop next, read from what the server shows of its trade, and when that is over. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import { lookUntilOf, unshippedOf } from "../../edge/parts/parts.ts";

/** In the order of a day's work. `waiting`: the buyer or another server has still to say something. */
export const queues = [
  "ship",
  "disputed",
  "back",
  "delivered",
  "way",
  "accepted",
  "waiting",
  "ended",
] as const;
export type Queue = (typeof queues)[number];

/** Where an order stands in the staff's lists. */
export interface Place {
  queue: Queue;
  /** When its time there is over; null where nothing runs. RFC 3339. */
  due: string | null;
  /** Whether it is the shop that has to do something. */
  todo: boolean;
}

const isReturned = ({ at }: TradeView["lots"][number]): boolean => at === "rejected" || at === "withdrawn";

/**
 * Until when nothing is shipped, since the buyer may still look at the order: by this shop's clock, or by the server's where a step
 * of the trade is known to be later. Undefined where nothing is awaited.
 */
export const lookUntilAt = (view: TradeView, now: Date): string | undefined =>
  lookUntilOf(view, { at: new Date(Math.max(now.getTime(), Date.parse(view.updatedAt))).toISOString() });

/** What is reserved, or partly decided, by where its goods are. */
function underWay(view: TradeView, now: Date): Place {
  const { deadlines, lines, lots, unshippedUntil } = view;
  const isHere = lines.some(({ line }) => unshippedOf(view, line) > 0);
  const look = isHere && !lots.some(({ at }) => at === "delivered") ? lookUntilAt(view, now) : undefined;
  if (look !== undefined) return { queue: "waiting", due: look, todo: false };
  if (isHere && !lots.some(({ at }) => at === "delivered"))
    return { queue: "ship", due: deadlines.shipBy ?? unshippedUntil ?? deadlines.reservedUntil, todo: true };
  if (lots.some(({ at }) => at === "delivered"))
    return { queue: "delivered", due: deadlines.acceptBy, todo: isHere };
  return { queue: "way", due: deadlines.deliverBy, todo: false };
}

/** Where an order stands at an instant: a dispute before a return, a return before what is still to be sent. */
export function placeOf(view: TradeView | null, now: Date): Place {
  if (view === null || view.earmark?.state === "open") return { queue: "waiting", due: null, todo: false };
  const { state, deadlines, dispute, guarantee, lots } = view;
  if (state === "proposed" || state === "refused")
    return { queue: "waiting", due: deadlines.approveBy, todo: false };
  if (state === "disputed") {
    const asked = dispute?.asked.includes("shop") === true;
    return { queue: "disputed", due: asked ? deadlines.answerBy : deadlines.decideBy, todo: asked };
  }
  if (lots.some(isReturned)) {
    const looks = deadlines.inspectBy !== null;
    return { queue: "back", due: deadlines.inspectBy ?? deadlines.returnBy, todo: looks };
  }
  if (state === "reserved" || state === "delivered") return underWay(view, now);
  if (state === "accepted") {
    const due = deadlines.claimFrom ?? deadlines.payBy ?? deadlines.paymentDate;
    return { queue: "accepted", due, todo: false };
  }
  const stands = state === "settled" && guarantee?.state === "open";
  return { queue: stands ? "accepted" : "ended", due: null, todo: stands };
}
