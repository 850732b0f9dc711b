/** Orders: from a cart to a proposal, what may be done about an order when, and whether its trade is what was ordered. */
import { type Kenshu, kenshu } from "@kenshu/sdk";
import {
  type Client,
  type Database,
  randomDigits,
  randomToken,
  uuidv7,
} from "../../storage/database/database.ts";
import { toWire } from "../../core/money/money.ts";
import { type AcceptorRole, dammAppend, type TradeView } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import { type Shop, sha256, type Till } from "./context.ts";
import {
  type Call,
  type CallName,
  callsOf,
  type DueCall,
  formIsKnown,
  insertCall,
  insertLines,
  insertOrder,
  listOrders,
  lockOrder,
  mirrorTrade,
  type Order,
  type OrderLine,
  orderByToken,
  type Recipient,
} from "./orders-store.ts";
import type { TillOptions } from "./shop-server.ts";
import { type CartLine, cartLines, emptyCart, lockCart } from "./store.ts";

/** Sending costs this much, and nothing for larger orders. Minor units of JPY, tax included. */
export const shipping = { amount: 600n, freeFrom: 10_000n };

export interface Wishes {
  name: string;
  address: string;
  email: string | null;
  phone: string | null;
  /** Where somebody else receives the goods. */
  recipient: Recipient | null;
  member: string | null;
  /** The buyer lets this shop confirm acceptance for them, when they say so here. */
  shopMayAccept: boolean;
  till: Till;
}

/** The lines of an order, shipping among them, and what they come to. */
export function linesOfCart(cart: readonly CartLine[]): { lines: OrderLine[]; total: bigint } {
  const goods = cart.map(({ name, quantity, price }) => ({ name, quantity, unitAmount: price }));
  const value = goods.reduce((sum, line) => sum + line.unitAmount * BigInt(line.quantity), 0n);
  if (goods.length === 0 || value >= shipping.freeFrom) return { lines: goods, total: value };
  const sending = { name: "Shipping", quantity: 1, unitAmount: shipping.amount };
  return { lines: [...goods, sending], total: value + shipping.amount };
}

function proposal(order: { number: string; currency: string; lines: OrderLine[]; wishes: Wishes }): Propose {
  const { wishes } = order;
  const { carrier } = wishes.till;
  const by: AcceptorRole[] = ["buyer"];
  if (wishes.recipient !== null) by.push("recipient");
  if (wishes.shopMayAccept) by.push("shop");
  const receives = wishes.recipient ?? (carrier === undefined ? null : receiverOf(wishes));
  return {
    currency: order.currency,
    lines: order.lines.map((line) => ({ ...line, unitAmount: toWire(line.unitAmount) })),
    reference: order.number,
    reserveFor: "P60D",
    shipWithin: "P14D",
    coolingOff: "P8D",
    acceptance: { by, need: 1, autoAfter: "P7D" },
    ...(wishes.member === null ? {} : { buyer: { member: wishes.member } }),
    ...(receives === null ? {} : { recipient: receives }),
    ...(carrier === undefined ? {} : { carrier }),
  };
}

function receiverOf({ name, address, email, phone }: Wishes): Recipient {
  const contact = { ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }) };
  return { name, address, contact };
}

/** The token in the address of an order's page. It comes from the form's key, so the same form finds the same order. */
export function orderToken(formKey: string): string {
  return sha256(`order ${formKey}`).toString("base64url");
}

/** What was written down, and the calls that the writer is to send at once. */
export interface Written {
  orderId: string;
  held: DueCall[];
}

/**
 * Writes the order for what lies in a cart, with the proposal that is to be sent and its key, and empties the cart.
 * A form that was sent before finds its order. Undefined where the cart is empty.
 */
export async function placeOrder(
  shop: Shop,
  cart: Buffer,
  formKey: string,
  wishes: Wishes,
): Promise<Written | undefined> {
  const tokenHash = sha256(orderToken(formKey));
  return shop.database.transaction(async (client) => {
    await lockCart(client, cart);
    const known = await orderByToken(client, tokenHash);
    if (known !== undefined) return { orderId: known.id, held: [] };
    const goods = await cartLines(client, cart);
    const { lines, total } = linesOfCart(goods);
    const currency = goods[0]?.currency;
    if (currency === undefined) return undefined;
    const till = wishes.till.id;
    const order = { ...wishes, id: uuidv7(), till, tokenHash, currency, amount: total };
    const number = await insertNumbered(client, order);
    if (number === undefined) {
      // Nobody else can have this token but the same form, sent at the same moment with another cart's cookie.
      const other = await orderByToken(client, tokenHash);
      return other === undefined ? undefined : { orderId: other.id, held: [] };
    }
    await insertLines(client, order.id, lines);
    const body = JSON.stringify(proposal({ number, currency, lines, wishes }));
    const call = {
      orderId: order.id,
      till,
      seq: 1,
      call: "propose" as const,
      key: freshKey(),
      body,
      trade: null,
    };
    const held = await insertCall(client, call, null, shop.pace.leaseMs);
    await emptyCart(client, cart);
    return { orderId: order.id, held: [held] };
  });
}

function freshKey(): string {
  return `shop-${randomToken(18)}`;
}

/** Tries numbers until one is free; undefined where it is the token that is taken. */
async function insertNumbered(
  client: Client,
  order: Omit<Parameters<typeof insertOrder>[1], "number">,
): Promise<string | undefined> {
  for (let tries = 1; tries <= 8; tries += 1) {
    const number = dammAppend(randomDigits(9));
    if (await insertOrder(client, { ...order, number })) return number;
    if ((await orderByToken(client, order.tokenHash)) !== undefined) return undefined;
  }
  throw new Error("No free order number was found.");
}

/** What people do about an order: the buyer cancels and confirms, the staff do the rest. */
export const acts = ["cancel", "confirm", "ship", "handOver", "takeBack", "refund", "withdraw"] as const;
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
  shop: Shop,
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

export interface OrderBreak {
  order: string;
  trade: string;
  what: string;
  here: string;
  there: string;
}

export interface ShopReconciliation {
  compared: number;
  breaks: OrderBreak[];
  /** Ids of tills that could not be asked about everything. */
  unreachable: string[];
}

const pageSize = 200;
/** When the watcher asks next about an order that was brought up to date (milliseconds). */
const askedAgain = { minMs: 2_000, maxMs: 300_000 };

/** Compares all orders with their trades. What was only old here is brought up to date and is no break. */
export async function reconcileShop(options: {
  database: Database;
  tills: readonly TillOptions[];
  onProgress?: (line: string) => void;
}): Promise<ShopReconciliation> {
  const clients = new Map(options.tills.map(({ id, url, key }) => [id, kenshu({ url, key })]));
  const result: ShopReconciliation = { compared: 0, breaks: [], unreachable: [] };
  let before: string | undefined;
  for (;;) {
    const orders = await listOrders(options.database, before, pageSize);
    for (const order of orders) await compare(options.database, clients.get(order.till), order, result);
    options.onProgress?.(`shop: ${result.compared} orders compared, ${result.breaks.length} breaks`);
    before = orders.at(-1)?.id;
    if (orders.length < pageSize || before === undefined) return result;
  }
}

async function compare(
  database: Database,
  client: Kenshu | undefined,
  order: Order,
  result: ShopReconciliation,
): Promise<void> {
  const { trade } = order;
  if (trade === null) return;
  const say = (what: string, here: string, there: string) =>
    result.breaks.push({ order: order.number, trade, what, here, there });
  result.compared += 1;
  const answer = await client?.get(trade);
  if (answer === undefined || answer.outcome === "unknown") {
    if (!result.unreachable.includes(order.till)) result.unreachable.push(order.till);
    return;
  }
  if (answer.outcome === "refused") {
    say("trade", "known", answer.problem.code);
    return;
  }
  const view = answer.trade;
  if (view.currency !== order.currency) say("currency", order.currency, String(view.currency));
  if (view.version === 1 && BigInt(view.amount ?? 0) !== order.amount)
    say("amount", String(order.amount), String(view.amount));
  const known = order.view;
  if (known !== null && known.version > view.version)
    say("version", String(known.version), String(view.version));
  if (known !== null && known.version === view.version) {
    for (const field of ["state", "frozen", "settled", "released", "refunded"] as const) {
      if (known[field] !== view[field]) say(field, String(known[field]), String(view[field]));
    }
  }
  if (known === null || known.version < view.version) await mirrorTrade(database, order.id, view, askedAgain);
}
