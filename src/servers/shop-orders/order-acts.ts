/** What may be done about an order, and when, and what the institution is then told. */
import { toWire } from "../../core/money/money.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { freshKey, type Written } from "./order-placement.ts";
import {
  type Call,
  type CallName,
  callsOf,
  formIsKnown,
  insertCall,
  lockOrder,
  type Order,
} from "./orders-store.ts";
import type { OrderContext } from "./tills.ts";
import { sha256 } from "./tokens.ts";

/** What people do about an order: the buyer cancels and confirms, the staff do the rest. */
const acts = ["cancel", "confirm", "ship", "handOver", "takeBack", "refund", "withdraw"] as const;

export type Act = (typeof acts)[number];

/** The words and amounts that come with an act. */
export interface Particulars {
  /** Number of a parcel or a receipt. */
  reference?: string | undefined;
  reason?: string | undefined;
  amount?: bigint | undefined;
}

function said(calls: readonly Call[], ...names: CallName[]): boolean {
  return calls.some((call) => names.includes(call.call) && call.state !== "refused");
}

function waits(calls: readonly Call[], name: CallName): boolean {
  return calls.some((call) => call.call === name && call.state === "waiting");
}

function awaitsReturn(view: TradeView): boolean {
  return view.lines.some((line) => line.rejected > line.returned);
}

/** What the shop has been paid and has not paid back, in minor units. */
export function refundable(view: TradeView): bigint {
  return BigInt(view.settled ?? 0) - BigInt(view.refunded ?? 0);
}

/** Whether a step of the trade still waits for another server's answer. Servers of before do not say. */
export function isPending(view: TradeView | null): boolean {
  return (view?.pending ?? null) !== null;
}

/** Whether an act makes sense for an order as far as this shop knows. The institution has the last word. */
export function mayDo(act: Act, order: Pick<Order, "view">, calls: readonly Call[]): boolean {
  const { view } = order;
  // Until the proposal is answered all that can be done is to call it off, behind it.
  if (view === null) return act === "cancel" && waits(calls, "propose") && !said(calls, "cancel");
  const { state } = view;
  const shopAccepts = view.acceptance.by.includes("shop") && !said(calls, "accept", "cancel");
  switch (act) {
    case "cancel":
      return (
        (state === "proposed" || state === "refused" || state === "reserved") &&
        !said(calls, "deliver", "accept", "cancel")
      );
    case "withdraw":
      return (
        (state === "proposed" || state === "refused" || state === "reserved" || state === "delivered") &&
        !said(calls, "accept") &&
        !waits(calls, "cancel")
      );
    case "ship":
      return state === "reserved" && !said(calls, "deliver", "accept", "cancel");
    case "handOver":
      return (state === "reserved" || state === "delivered") && shopAccepts;
    case "confirm":
      return (state === "delivered" || (state === "reserved" && said(calls, "deliver"))) && shopAccepts;
    case "takeBack":
      return awaitsReturn(view) && !waits(calls, "return");
    case "refund":
      return refundable(view) > 0n && !waits(calls, "refund");
  }
}

function evidence(kind: string, reference: string | undefined): { evidence?: object } {
  return reference === undefined ? {} : { evidence: { kind, reference } };
}

/** What the institution is to be told about an act, in order. */
function callsFor(
  act: Act,
  order: Order,
  calls: readonly Call[],
  given: Particulars,
): { call: CallName; body: object }[] {
  const { reference, reason, amount } = given;
  const delivered = said(calls, "deliver") || order.view?.state === "delivered";
  switch (act) {
    case "cancel":
      return [{ call: "cancel", body: { reason: reason ?? "The buyer cancelled before shipping." } }];
    case "withdraw":
      return [{ call: "cancel", body: { reason: reason ?? "The shop cannot fulfil the order." } }];
    case "ship":
      return [{ call: "deliver", body: evidence("parcel", reference) }];
    case "handOver":
      return [
        ...(delivered ? [] : [{ call: "deliver" as const, body: evidence("receipt", reference) }]),
        { call: "accept", body: evidence("receipt", reference) },
      ];
    case "confirm":
      return [{ call: "accept", body: evidence("buyer at the shop", order.number) }];
    case "takeBack":
      return [{ call: "return", body: evidence("parcel", reference) }];
    case "refund":
      return [
        {
          call: "refund",
          body: {
            reason: reason ?? "Refund by the shop.",
            ...(amount === undefined ? {} : { amount: toWire(amount) }),
          },
        },
      ];
  }
}

/**
 * Writes down what the institution is to be told about an act. The same form sent again writes nothing more;
 * undefined where the act does not fit the order any more.
 */
export async function decideAct(
  shop: OrderContext,
  orderId: string,
  act: Act,
  formKey: string,
  given: Particulars = {},
): Promise<Written | undefined> {
  const formHash = sha256(`act ${formKey}`);
  return shop.database.transaction(async (client) => {
    const order = await lockOrder(client, orderId);
    if (order === undefined) return undefined;
    const written: Written = { orderId, held: [] };
    if (await formIsKnown(client, formHash)) return written;
    const calls = await callsOf(client, orderId);
    if (!mayDo(act, order, calls)) return undefined;
    // Behind a call that still waits, nobody may send before it has been answered.
    const leaseMs = calls.some(({ state }) => state === "waiting") ? 0 : shop.pace.leaseMs;
    const { till, trade } = order;
    const begin = calls.at(-1)?.seq ?? 0;
    let seq = begin;
    for (const { call, body } of callsFor(act, order, calls, given)) {
      seq += 1;
      const row = { orderId, till, seq, call, key: freshKey(), body: JSON.stringify(body), trade };
      const held = await insertCall(client, row, seq === begin + 1 ? formHash : null, leaseMs);
      if (leaseMs > 0) written.held.push(held);
    }
    return written;
  });
}
