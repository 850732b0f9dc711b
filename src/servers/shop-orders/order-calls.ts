/**
 * What the institution is told about an order and what it answers: each call is sent under the key with which it was
 * written down, so sending it again does nothing twice.
 */
import {
  type AcceptOffer,
  type AnswerDispute,
  type Say,
  type Dispute,
  type Extend,
  type Kenshu,
  type Offer,
  ReadFailure,
  type Refund,
  type Revise,
  type TradeEventView,
  type TradeOutcome,
} from "@kenshu/sdk";
import type { Problem, ProblemCode, TradeView } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import { openBody } from "./customers.ts";
import { isPending } from "./order-acts.ts";
import type { UnderNumber } from "./order-placement.ts";
import {
  answerCall,
  claimCalls,
  claimCheck,
  dropWaitingCalls,
  type DueCall,
  lockOrder,
  mirrorTrade,
  noteTrade,
  type Order,
  postponeCall,
} from "./orders-store.ts";
import { type OrderContext, type Pace, tillOf } from "./tills.ts";

export type { TradeEventView };

/** Which of a till's clients: the watcher is patient, somebody waits for a page. */
type Hand = "patient" | "hurried";

function clientFor(shop: OrderContext, hand: Hand, order: { till: string }): Kenshu | undefined {
  const till = tillOf(shop, order);
  if (till === undefined)
    shop.log.error({ till: order.till }, "an order is paid at a till that is not in the configuration");
  return till?.[hand];
}

async function tell(
  { keyring }: OrderContext,
  client: Kenshu,
  call: DueCall,
  signal?: AbortSignal,
): Promise<TradeOutcome> {
  const options = { key: call.key, sentBefore: call.inDoubt, ...(signal === undefined ? {} : { signal }) };
  const { kek, wrapped } = call;
  const body: unknown = JSON.parse(
    openBody(keyring, { id: call.orderId, kek, wrapped }, call.seq, call.body),
  );
  if (call.call === "propose") {
    const asked = body as Propose | UnderNumber;
    return "under" in asked
      ? client.order(asked.under, asked.order, options)
      : client.propose(asked, options);
  }
  const { trade } = call;
  if (trade === null) throw new Error(`The ${call.call} of order ${call.orderId} came before its proposal.`);
  switch (call.call) {
    case "refund":
      return client.refund(trade, body as Refund, options);
    case "dispute":
      return client.dispute(trade, body as Dispute, options);
    case "extend":
      return client.extend(trade, body as Extend, options);
    case "answer":
      return client.answer(trade, body as AnswerDispute, options);
    case "revise":
      return client.revise(trade, body as Revise, options);
    case "say":
      return client.say(trade, body as Say, options);
    case "offer":
      return client.offer(trade, body as Offer, options);
    case "acceptOffer":
      return client.acceptOffer(trade, body as AcceptOffer, options);
    case "release":
    case "claim":
      return client.guarantees[call.call](trade, body as object, options);
    default:
      return client[call.call](trade, body as object, options);
  }
}

/** Whether a call puts an order under the number of an amount that was reserved before. */
function goesUnder(
  { keyring }: OrderContext,
  { call, orderId: id, kek, wrapped, seq, body }: DueCall,
): boolean {
  return (
    call === "propose" &&
    "under" in (JSON.parse(openBody(keyring, { id, kek, wrapped }, seq, body)) as object)
  );
}

/** How much of the record is read for a page. */
const mostEvents = 200;

/** What the parties have said about an order's trade, oldest first; undefined where the till does not tell. */
export async function recordOf(shop: OrderContext, order: Order): Promise<TradeEventView[] | undefined> {
  const client = clientFor(shop, "hurried", order);
  if (client === undefined || order.trade === null) return undefined;
  const events: TradeEventView[] = [];
  try {
    for await (const event of client.events(order.trade, { limit: mostEvents })) {
      events.push(event);
      if (events.length >= mostEvents) break;
    }
    return events;
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    shop.log.warn(
      { order: order.id, why: error.message },
      "the institution did not tell the record of a trade",
    );
    return undefined;
  }
}

/** The code of a present's recipient, which goes into the parcel; undefined where there is none, or the till does not tell it now. */
export async function parcelCodeOf(shop: OrderContext, order: Order): Promise<string | undefined> {
  const client = clientFor(shop, "hurried", order);
  const receives = order.view?.acceptance.by.includes("recipient") === true;
  if (client === undefined || order.trade === null || !receives) return undefined;
  const found = await client.recipientSecret(order.trade);
  return found.outcome === "done" ? (found.secret.code ?? undefined) : undefined;
}

/** Refusals that pass without the order having changed: the call waits until they are over. */
const passing: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "overloaded",
  "too_many_requests",
  "request_timeout",
  "not_authenticated",
  "trade_busy",
]);

/** When to ask about a trade again; null where nothing can happen any more. */
function nextCheck(view: TradeView, pace: Pace): { minMs: number; maxMs: number } | null {
  if (isPending(view)) return { minMs: pace.checkMinMs, maxMs: pace.checkMinMs };
  const stands = view.state === "settled" && view.guarantee?.state === "open";
  const waits = stands || view.lots.length > 0 || (view.refundDue ?? 0) > 0;
  const ended =
    !waits && (view.state === "settled" || view.state === "cancelled" || view.state === "expired");
  const over = ended || (view.state === "rejected" && (view.frozen ?? 0) === 0);
  if (!over) return { minMs: pace.quietMs, maxMs: pace.checkMaxMs };
  const { coolingOffUntil } = view.deadlines;
  if (view.state !== "settled" || coolingOffUntil === null) return null;
  // The institution's own clock stands in what it shows; this shop's may differ.
  const open = Date.parse(coolingOffUntil) > Date.parse(view.updatedAt);
  const paidBack = (view.refunded ?? 0) >= (view.settled ?? 0);
  return open && !paidBack ? { minMs: pace.coolingMs, maxMs: pace.coolingMs } : null;
}

async function recordDone(shop: OrderContext, call: DueCall, view: TradeView): Promise<void> {
  await shop.database.transaction(async (client) => {
    await lockOrder(client, call.orderId);
    await answerCall(client, call, "done", null, null);
    await mirrorTrade(client, call.orderId, view, nextCheck(view, shop.pace));
  });
}

/** `ofTrade`: the number of the trade that the order came to, refused as it is. */
async function recordRefusal(
  shop: OrderContext,
  call: DueCall,
  refused: Problem,
  ofTrade: string | undefined,
): Promise<void> {
  await shop.database.transaction(async (client) => {
    await lockOrder(client, call.orderId);
    await answerCall(client, call, "refused", refused.code, refused.detail);
    // What was to follow was decided on the same picture of the trade, and that was wrong.
    if (refused.code === "trade_changed") await dropWaitingCalls(client, call.orderId, refused.code);
    if (call.call !== "propose") return;
    if (ofTrade === undefined) await dropWaitingCalls(client, call.orderId, "trade_not_open");
    else await noteTrade(client, call.orderId, ofTrade);
  });
}

const longestWaitMs = 60_000;

/** How long a call waits that has had no answer, by how often it was sent. */
function pauseAfter({ attempts }: DueCall): number {
  return Math.min(longestWaitMs, 500 * 2 ** Math.min(attempts, 7));
}

/** Sends a call that this process holds, and writes down what came back. Answers whether what is to follow may be sent now. */
export async function sendCall(
  shop: OrderContext,
  hand: Hand,
  call: DueCall,
  signal?: AbortSignal,
): Promise<boolean> {
  const by = clientFor(shop, hand, call);
  const facts = { order: call.orderId, call: call.call, attempts: call.attempts };
  if (by === undefined) {
    await postponeCall(shop.database, call, call.inDoubt, pauseAfter(call));
    return false;
  }
  const outcome = await tell(shop, by, call, signal);
  if (outcome.outcome === "done" && isPending(outcome.trade)) {
    // Taken, and not decided yet: the same key gets the decision later.
    await learned(shop, call.orderId, outcome.trade);
    await postponeCall(shop.database, call, true, shop.pace.checkMinMs);
    return false;
  }
  if (outcome.outcome === "done") {
    await recordDone(shop, call, outcome.trade);
    return true;
  }
  if (outcome.outcome === "refused" && !passing.has(outcome.problem.code)) {
    shop.log.warn({ ...facts, code: outcome.problem.code }, "the institution refused a call");
    // A number under which the order was not taken is not this order's: it may be that of another one.
    const ofTrade = goesUnder(shop, call) ? undefined : outcome.problem.trade;
    await recordRefusal(shop, call, outcome.problem, ofTrade);
    // What it refuses tells that the trade is not what this shop took it for.
    const trade = ofTrade ?? call.trade;
    if (trade !== null && trade !== undefined)
      await learn(shop, hand, { id: call.orderId, till: call.till, trade }, signal);
    return outcome.problem.code !== "trade_changed";
  }
  const inDoubt = outcome.outcome === "unknown";
  const why = inDoubt ? outcome.reason : outcome.problem.code;
  shop.log.warn({ ...facts, why }, "a call has no answer yet; it will be sent again with its key");
  await postponeCall(shop.database, call, inDoubt, pauseAfter(call));
  return false;
}

/** Writes down what a till shows of an order's trade. */
async function learned(shop: OrderContext, orderId: string, trade: TradeView): Promise<void> {
  await shop.database.transaction(async (client) => {
    await lockOrder(client, orderId);
    await mirrorTrade(client, orderId, trade, nextCheck(trade, shop.pace));
  });
}

/** Asks the till what became of a trade. No answer changes nothing: the lease runs out, and it is asked again. */
export async function learn(
  shop: OrderContext,
  hand: Hand,
  order: { id: string; till: string; trade: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const by = clientFor(shop, hand, order);
  if (by === undefined) return false;
  const answer = await by.get(order.trade, signal === undefined ? {} : { signal });
  if (answer.outcome !== "done") {
    const why = answer.outcome === "refused" ? answer.problem.code : answer.reason;
    shop.log.warn({ order: order.id, why }, "the institution did not tell about a trade");
    return false;
  }
  await learned(shop, order.id, answer.trade);
  return true;
}

/**
 * Sends the calls that their writer has kept for itself, while somebody waits for the page; else what else waits for
 * the order. What gets no answer is left to the watcher.
 */
export async function sendHeld(shop: OrderContext, orderId: string, held: readonly DueCall[]): Promise<void> {
  for (const call of held) {
    if (!(await sendCall(shop, "hurried", call))) return;
  }
  if (held.length > 0) return;
  const [call] = await claimCalls(shop.database, orderId, 1, shop.pace.leaseMs);
  if (call !== undefined) await sendCall(shop, "hurried", call);
}

/** A page that is opened again sooner than this shows what is known. */
const freshMs = 200;

/** Learns about one order before its page is shown, unless that was done a moment ago. */
export async function refreshOrder(
  shop: OrderContext,
  order: { id: string; till: string; trade: string | null },
): Promise<void> {
  if (order.trade === null) return;
  const { id, till, trade } = order;
  if (await claimCheck(shop.database, id, freshMs, shop.pace.leaseMs))
    await learn(shop, "hurried", { id, till, trade });
}
