/** What may be done about an order, and when, and what the institution is then told. */
import { toWire } from "../../core/money/money.ts";
import type { ContestReason, LotView, TradeView } from "../../core/protocol/protocol.ts";
import { acceptableOf, countOf, hasLeft, openWorthOf, unshippedOf } from "../../edge/parts/parts.ts";
import { lookUntilAt } from "../shop-finding/shop-finding.ts";
import { shopWordsIn } from "../shop-words/shop-words.ts";
import { sealBody } from "./customers.ts";
import { freshKey, type Written } from "./order-placement.ts";
import {
  type Call,
  type CallName,
  callsOf,
  clockOf,
  formIsKnown,
  insertCall,
  lockOrder,
  type Order,
} from "./orders-store.ts";
import type { OrderContext } from "./tills.ts";
import { sha256 } from "./tills.ts";

/** What people do about an order: the buyer cancels and confirms, the staff do the rest. */
export const acts = [
  "cancel",
  "confirm",
  "answer",
  "say",
  "takeOffer",
  "ship",
  "handOver",
  "claim",
  "takeBack",
  "contest",
  "offer",
  "refund",
  "extend",
  "dispute",
  "giveUp",
  "callOff",
  "endGuarantee",
  "claimGuarantee",
  "revise",
  "advance",
] as const;
export type Act = (typeof acts)[number];

type Pieces = { line: number; quantity: number }[];

/** The words, goods and amounts that come with an act. Amounts are minor units. */
export interface Particulars {
  /** Number of a receipt or a parcel, as evidence. */
  reference?: string | undefined;
  reason?: string | undefined;
  amount?: bigint | undefined;
  lines?: Pieces | undefined;
  /** The parcel that is sent out, or that is meant. */
  tracking?: { carrier?: string; number: string; url?: string } | undefined;
  contest?: ContestReason | undefined;
  /** What the shop would keep of the price of goods that have lost value. */
  deduct?: bigint | undefined;
  pay?: bigint | undefined;
  /** Until when the money is to stay frozen, RFC 3339. */
  until?: string | undefined;
  refund?: bigint | undefined;
  /** The lines of the order as they shall be: each with how many, and what one costs; none of what is left out. */
  terms?: { line: number; quantity: number; unitAmount: bigint }[] | undefined;
}

/** The form by which an act was asked for: its key, and the version of the trade that it showed, 1 where there was none yet. */
export interface Form {
  key: string;
  seen: number;
  /** What was typed into it: pressed again with other words it is another form, though the page was kept and its key is the same. */
  said?: string;
  /** Who of the staff has pressed, by the name they sign in with; left out where it was a customer. */
  by?: string;
}

function waits(calls: readonly Call[], ...names: CallName[]): boolean {
  return calls.some((call) => call.state === "waiting" && names.includes(call.call));
}

/** What the shop has been paid and neither has paid back nor is to pay back, in minor units. */
export function refundable({ settled, refunded, refundDue }: TradeView): bigint {
  return BigInt(settled ?? 0) - BigInt(refunded ?? 0) - BigInt(refundDue ?? 0);
}

/** What is frozen and neither accepted nor given back, in minor units: what an offer divides. */
export function undivided({ lines }: TradeView): bigint {
  return lines.reduce((sum, line) => sum + (openWorthOf(line) ?? 0n), 0n);
}

/** Whether a step of the trade still waits for another server's answer. Servers of before do not say. */
export function isPending(view: TradeView | null): boolean {
  return (view?.pending ?? null) !== null;
}

/** Whether that is a person: the owner of the account, whom the institution has asked, and who may take days. */
export function awaitsHolder(view: TradeView): boolean {
  return view.pending?.awaits === "account_holder";
}

/** Rejected or withdrawn goods: those that come back, and those that are said to be missing. */
export const isBack = ({ at }: LotView): boolean => at === "rejected" || at === "withdrawn";
const isOnTheWay = ({ at }: LotView): boolean => at === "shipped";

/** How many pieces of each line are in lots of which something holds. */
function piecesOf({ lines, lots }: TradeView, holds: (lot: LotView) => boolean): Pieces {
  return lines.flatMap(({ line }) => {
    const quantity = countOf(lots, line, holds);
    return quantity > 0 ? [{ line, quantity }] : [];
  });
}

/** How many pieces of each line have not left the shop. */
function unshipped(view: TradeView): Pieces {
  return view.lines.flatMap(({ line }) => {
    const quantity = unshippedOf(view, line);
    return quantity > 0 ? [{ line, quantity }] : [];
  });
}

/** Goods on the way that can be given up: of the same line nothing is left here, which would be meant first. */
export const isLosable =
  (view: TradeView) =>
  (lot: LotView): boolean =>
    isOnTheWay(lot) && unshippedOf(view, lot.line) === 0;

/** A line of goods with a price for each piece, which the shop can change. */
export const isPriced = ({ kind = "goods", unitAmount }: TradeView["lines"][number]): boolean =>
  kind === "goods" && unitAmount != null;

/** The lines of a trade with other quantities and prices, as the server is told them; what has none left is left out. */
function revisedLines(view: TradeView, terms: NonNullable<Particulars["terms"]>): object[] {
  return view.lines.flatMap(({ line, id, kind, name, quantity, unitAmount, amount, sku, taxRate, image }) => {
    const wish = terms.find((each) => each.line === line);
    if (wish?.quantity === 0) return [];
    const price =
      wish === undefined
        ? unitAmount == null
          ? { amount }
          : { unitAmount }
        : { unitAmount: toWire(wish.unitAmount) };
    return [said({ id, kind, name, quantity: wish?.quantity ?? quantity, ...price, sku, taxRate, image })];
  });
}

type Rule = (view: TradeView, calls: readonly Call[]) => boolean;

const isOpen = ({ state }: TradeView): boolean =>
  state === "reserved" || state === "delivered" || state === "disputed";
/** In a dispute about goods that were paid for, nothing is frozen that could be given up. */
const mayEnd = (view: TradeView): boolean =>
  isOpen(view) && !(view.state === "disputed" && view.frozen === 0);
/** What is accepted for good is owed and not disputed; each side opens one dispute of its own. */
const mayDispute = ({ state, lots, disputedBy = [] }: TradeView): boolean =>
  !disputedBy.includes("shop") &&
  (state === "reserved" ||
    state === "delivered" ||
    ((state === "rejected" || state === "accepted" || state === "settled") && lots.length > 0));
const isUnfrozen = ({ state }: TradeView): boolean => state === "proposed" || state === "refused";
const shopAccepts: Rule = (view, calls) =>
  (view.state === "reserved" || view.state === "delivered") &&
  view.acceptance.by.includes("shop") &&
  view.lines.some((line) => acceptableOf(view, "shop", line) > 0) &&
  !waits(calls, "accept", "cancel");
/** Before anything has left: then calling it off costs nobody anything. */
const isHereWhole: Rule = (view, calls) =>
  (isUnfrozen(view) || (view.state === "reserved" && !hasLeft(view))) &&
  !waits(calls, "ship", "deliver", "accept", "cancel");

/** When an act makes sense, as far as this shop knows. */
const rules: Record<Act, Rule> = {
  cancel: isHereWhole,
  confirm: (view, calls) => shopAccepts(view, calls) && (hasLeft(view) || waits(calls, "ship", "deliver")),
  answer: ({ dispute }, calls) => dispute?.asked.includes("shop") === true && !waits(calls, "answer"),
  say: ({ dispute }, calls) => dispute !== null && !waits(calls, "say"),
  takeOffer: ({ offer }, calls) => offer?.by === "buyer" && !waits(calls, "acceptOffer"),
  ship: (view, calls) =>
    isOpen(view) && unshipped(view).length > 0 && !waits(calls, "ship", "deliver", "accept", "cancel"),
  handOver: shopAccepts,
  claim: (view, calls) =>
    isOpen(view) &&
    view.lots.some((lot) => isOnTheWay(lot) && lot.claimed !== true) &&
    !waits(calls, "deliver"),
  takeBack: (view, calls) => view.lots.some(isBack) && !waits(calls, "return"),
  contest: (view, calls) =>
    view.lots.some((lot) => isBack(lot) && lot.contested === undefined) && !waits(calls, "return", "dispute"),
  offer: (view, calls) =>
    view.state !== "accepted" &&
    (view.dispute !== null || view.lots.some(isBack)) &&
    (undivided(view) > 0n || refundable(view) > 0n) &&
    !waits(calls, "offer", "acceptOffer"),
  refund: (view, calls) =>
    view.state !== "accepted" &&
    view.state !== "reserved" &&
    refundable(view) > 0n &&
    !waits(calls, "refund"),
  // Once goods have left, their own deadlines hold, and the buyer could not agree any more.
  extend: (view, calls) =>
    view.state === "reserved" &&
    !hasLeft(view) &&
    !waits(calls, "extend", "ship", "deliver", "accept", "cancel"),
  dispute: (view, calls) => mayDispute(view) && !waits(calls, "dispute"),
  giveUp: (view, calls) => mayEnd(view) && view.lots.some(isLosable(view)) && !waits(calls, "cancel"),
  endGuarantee: ({ guarantee, settled, frozen }, calls) =>
    guarantee?.state === "open" && (settled ?? 0) > 0 && (frozen ?? 0) === 0 && !waits(calls, "release"),
  claimGuarantee: ({ guarantee, state }, calls) =>
    guarantee !== undefined && guarantee.due > 0 && state !== "disputed" && !waits(calls, "claim"),
  // Of what is paid already, or whose lines have no price for each piece, nothing is left to change.
  revise: (view, calls) =>
    isHereWhole(view, calls) && view.lines.some(isPriced) && !waits(calls, "revise", "extend"),
  // Each server says itself whether it pays early, and at what price.
  advance: (view, calls) =>
    view.topology === "facilitated" &&
    view.advance == null &&
    view.guarantee === undefined &&
    (view.frozen ?? 0) > 0 &&
    (view.state === "accepted" ||
      ((view.state === "reserved" || view.state === "delivered") && hasLeft(view))) &&
    !waits(calls, "advance", "cancel"),
  callOff: (view, calls) =>
    isHereWhole(view, calls) ||
    (mayEnd(view) && unshipped(view).length > 0 && !waits(calls, "ship", "accept", "cancel")),
};

/** What waits while the buyer may still look at an order that came under what they had reserved. */
const behindTheLook: ReadonlySet<Act> = new Set<Act>([
  "confirm",
  "ship",
  "handOver",
  "claim",
  "contest",
  "dispute",
  "advance",
]);

/** Whether an act makes sense for an order at an instant, as far as this shop knows. The institution has the last word. */
export function mayDo(act: Act, order: Pick<Order, "view">, calls: readonly Call[], now: Date): boolean {
  const { view } = order;
  // While no order stands under what a buyer has reserved there are no goods.
  if (view?.earmark?.state === "open" && act !== "cancel") return false;
  if (view !== null && behindTheLook.has(act) && lookUntilAt(view, now) !== undefined) return false;
  if (view !== null) return rules[act](view, calls);
  // Until the proposal is answered all that can be done is to call it off, behind it.
  const calledOff = calls.some(({ call, state }) => call === "cancel" && state !== "refused");
  return act === "cancel" && waits(calls, "propose") && !calledOff;
}

function evidence(kind: string, reference: string | undefined): { evidence?: object } {
  return reference === undefined ? {} : { evidence: { kind, reference } };
}

/** What is not said is left out. */
function said<T extends Record<string, unknown>>(wish: T): object {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

const wire = (amount: bigint | undefined) => (amount === undefined ? undefined : toWire(amount));

type Telling = { call: CallName; body: object }[];

/** A reason that nobody has given, in the language of who ordered: they read it. */
const usual = ({ language }: Order, why: "cancel" | "refund" | "lost" | "callOff"): string =>
  shopWordsIn(language)(`reason.${why}`);

/** What the institution is to be told about an act, in order. A view is there for all acts but a cancellation. */
export const tellings: Record<Act, (view: TradeView | null, given: Particulars, order: Order) => Telling> = {
  cancel: (_, { reason }, order) => [{ call: "cancel", body: { reason: reason ?? usual(order, "cancel") } }],
  confirm: (_, __, { number }) => [{ call: "accept", body: evidence("buyer at the shop", number) }],
  answer: (_, { reason, reference }) => [
    { call: "answer", body: { statement: reason, ...evidence("receipt", reference) } },
  ],
  say: (_, { reason }) => [{ call: "say", body: { words: reason } }],
  takeOffer: (view) => [{ call: "acceptOffer", body: { version: view?.offer?.version } }],
  ship: (_, { lines, tracking }) => [{ call: "ship", body: said({ lines, tracking }) }],
  handOver: (view, { reference }) => [
    ...(view !== null && view.state === "delivered" && unshipped(view).length === 0
      ? []
      : [{ call: "deliver" as const, body: evidence("receipt", reference) }]),
    { call: "accept", body: evidence("receipt", reference) },
  ],
  claim: (view, { reference }) => [
    {
      call: "deliver",
      body: {
        ...(view === null ? {} : { lines: piecesOf(view, isOnTheWay) }),
        ...evidence("receipt", reference),
      },
    },
  ],
  takeBack: (_, { lines, reference, deduct, reason, tracking }) => [
    {
      call: "return",
      body: said({
        lines,
        tracking,
        deduct: deduct === undefined ? undefined : { amount: toWire(deduct), reason },
        ...evidence("parcel", reference),
      }),
    },
  ],
  contest: (_, { contest, reason, tracking }) => [
    { call: "dispute", body: said({ contest, reason, tracking }) },
  ],
  offer: (view, { pay = 0n, refund }) => [
    {
      call: "offer",
      body: said({
        release: toWire((view === null ? 0n : undivided(view)) - pay),
        pay: toWire(pay),
        refund: wire(refund),
      }),
    },
  ],
  refund: (view, { reason, amount }, order) => [
    {
      call: "refund",
      body: {
        reason: reason ?? usual(order, "refund"),
        amount: wire(amount ?? (view === null ? 0n : refundable(view))),
      },
    },
  ],
  extend: (_, { until }) => [{ call: "extend", body: { until } }],
  dispute: (_, { reason }) => [{ call: "dispute", body: { reason } }],
  giveUp: (view, { reason, tracking }, order) => {
    if (view === null) return [];
    const isLost = isLosable(view);
    const lines = piecesOf(
      view,
      (lot) => isLost(lot) && (tracking === undefined || lot.parcel === tracking.number),
    );
    return [{ call: "cancel", body: { lines, reason: reason ?? usual(order, "lost") } }];
  },
  revise: (view, { terms = [] }) => [
    { call: "revise", body: { lines: view === null ? [] : revisedLines(view, terms) } },
  ],
  advance: () => [{ call: "advance", body: {} }],
  endGuarantee: () => [{ call: "release", body: {} }],
  claimGuarantee: () => [{ call: "claim", body: {} }],
  callOff: (view, { reason }, order) => [
    {
      call: "cancel",
      body: said({
        reason: reason ?? usual(order, "callOff"),
        lines: view !== null && hasLeft(view) ? unshipped(view) : undefined,
      }),
    },
  ],
};

/**
 * Writes down what the institution is to be told about an act. The same form sent again writes nothing more; undefined where
 * the act does not fit the order any more, or the order is not what the form showed. The institution is told the version that
 * was seen, for this shop's copy may be old. What follows another call cannot know it; a customer's cancellation names it all
 * the same, for it passes under the shop's key, and a shop may give up what has left.
 */
export async function decideAct(
  shop: OrderContext,
  orderId: string,
  act: Act,
  form: Form,
  given: Particulars = {},
): Promise<Written | undefined> {
  const formHash = sha256(`act ${JSON.stringify([form.key, orderId, act, form.seen, form.said ?? ""])}`);
  return shop.database.transaction(async (client) => {
    const order = await lockOrder(client, orderId);
    if (order === undefined) return undefined;
    const written: Written = { orderId, held: [] };
    if (await formIsKnown(client, formHash)) return written;
    const calls = await callsOf(client, orderId);
    if (form.seen !== (order.view?.version ?? 1) || !mayDo(act, order, calls, await clockOf(client)))
      return undefined;
    // Behind a call that still waits, nobody may send before it has been answered.
    const behind = calls.some(({ state }) => state === "waiting");
    const leaseMs = behind ? 0 : shop.pace.leaseMs;
    const { till, trade, kek, wrapped } = order;
    const begin = calls.at(-1)?.seq ?? 0;
    let seq = begin;
    for (const { call, body: wish } of tellings[act](order.view, given, order)) {
      seq += 1;
      const body =
        seq === begin + 1 && (!behind || act === "cancel") ? { version: form.seen, ...wish } : wish;
      const sealed = sealBody(shop.keyring, order, seq, JSON.stringify(body));
      const row = { orderId, till, seq, call, key: freshKey(), body: sealed, trade, kek, wrapped };
      const held = await insertCall(client, row, seq === begin + 1 ? formHash : null, leaseMs, form.by);
      if (leaseMs > 0) written.held.push(held);
    }
    return written;
  });
}
