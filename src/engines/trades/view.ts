import { type EventPart, fieldParts } from "../../core/log/log.ts";
import {
  type AgreedPayment,
  dueOf,
  follows,
  freshLine,
  guaranteeState,
  type Lot,
  type OperatorAct,
  type TermLine,
  totalOf,
  type Trade,
} from "../../core/trade/trade.ts";
import { earmarkState } from "../../core/earmarks/earmarks.ts";
import { standingOffer, standingRevision, withdrawable } from "../../core/machine/machine.ts";
import {
  type ActorRole,
  type AgreedLineView,
  type FedEventView,
  type LotView,
  type OfferView,
  type PaymentTerms,
  type Topology,
  type TradeEventView,
  type TradeLineView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import type { Actor, EventRow, KeptTrade } from "../steps/steps.ts";

export interface ViewContext {
  topology: Topology;
  approveUrl: (number: string) => string;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** A trade as a role may see it: those who only carry, serve or receive see neither price nor payer. */
export function viewOf(trade: KeptTrade, role: ActorRole, context: ViewContext): TradeView {
  const whole = seesMoney(role);
  const { terms, progress } = trade;
  const view: TradeView = {
    number: String(trade.number),
    state: trade.state,
    topology: context.topology,
    shop: trade.shop,
    shopName: terms.shopName,
    reference: terms.reference,
    lines: linesOf(trade, whole),
    acceptance: terms.acceptance,
    independent: terms.independent,
    lots: progress.lots.map(shownLot),
    parcels: progress.parcels ?? [],
    dispute: disputeOf(trade),
    carrier: trade.carrier,
    provider: trade.provider,
    deadlines: {
      approveBy: iso(trade.approveBy),
      reservedUntil: iso(trade.reservedUntil),
      shipBy: iso(trade.shipBy),
      deliverBy: progress.clocks.deliverBy ?? null,
      acceptBy: iso(trade.acceptBy),
      returnBy: progress.clocks.returnBy ?? null,
      inspectBy: progress.clocks.inspectBy ?? null,
      answerBy: progress.disputed?.answerBy ?? null,
      decideBy: progress.disputed?.decideBy ?? null,
      paymentDate: iso(trade.paymentDate),
      coolingOffUntil: iso(trade.coolingOffUntil),
      payBy: progress.guarantee?.payBy ?? null,
      claimFrom: progress.guarantee?.claimFrom ?? null,
    },
    refusal: whole ? progress.refusal : null,
    pending: pendingOf(trade),
    version: trade.version,
    createdAt: trade.createdAt.toISOString(),
    updatedAt: trade.updatedAt.toISOString(),
  };
  // Assigned one by one: a literal made of spread objects is several times slower to make and to write as JSON.
  if (trade.chain !== null) view.chain = trade.chain;
  if (terms.acceptance.need > 1) view.confirmed = progress.confirmed;
  addEarmark(view, trade);
  addTaking(view, trade, role, whole);
  if (whole) addMoney(view, trade, role, context);
  return view;
}

/** The lines of a trade. Shipping, taxes and discounts tell of the price, so they are for those who may see it. */
function linesOf(trade: Trade, whole: boolean): TradeLineView[] {
  const shown: TradeLineView[] = [];
  for (const [index, line] of trade.terms.lines.entries())
    if (whole || !follows(line)) shown.push(lineOf(trade, line, index, whole));
  return shown;
}

function lineOf({ terms, progress }: Trade, of: TermLine, index: number, whole: boolean): TradeLineView {
  const line = progress.lines[index] ?? freshLine();
  const shown: TradeLineView = {
    line: index + 1,
    name: of.name,
    quantity: of.quantity,
    shipped: line.shipped,
    delivered: line.delivered,
    accepted: line.accepted,
    rejected: line.rejected,
    returned: line.returned,
    withdrawn: line.withdrawn,
    ended: line.ended,
  };
  if (of.id !== undefined) shown.id = of.id;
  if (of.kind !== undefined) shown.kind = of.kind;
  if (of.sku !== undefined) shown.sku = of.sku;
  if (of.image !== undefined) shown.image = of.image;
  if (whole) addPrice(shown, of, terms.private === true);
  return shown;
}

function addPrice(shown: TradeLineView, of: TermLine, isPrivate: boolean): void {
  if (isPrivate) shown.unitAmount = null;
  else if (of.unitAmount !== undefined) shown.unitAmount = of.unitAmount;
  if (of.amount !== undefined) shown.amount = of.amount;
  if (of.worth !== undefined) shown.worth = of.worth;
  if (of.taxRate !== undefined) shown.taxRate = of.taxRate;
}

function disputeOf({ progress: { disputed } }: Trade): TradeView["dispute"] {
  return disputed === null ? null : { by: disputed.by, since: disputed.at, asked: disputed.asked };
}

/** A lot without what only the machine needs to know. */
function shownLot(lot: Lot): LotView {
  const shown: Lot = { ...lot };
  delete shown.unpaid;
  delete shown.offered;
  return shown;
}

function addMoney(view: TradeView, trade: Trade, role: ActorRole, context: ViewContext): void {
  const { terms, progress } = trade;
  // A guest who has approved comes back by a link of their own; the one to approve, which the shop has, is over.
  const open = (trade.state === "proposed" || trade.state === "refused") && !isGuests(trade);
  const known = (amount: bigint) => (terms.private === true ? null : Number(amount));
  view.buyer = payerOf(trade);
  view.currency = trade.currency;
  view.amount = known(trade.amount);
  view.frozen = known(trade.frozen);
  view.settled = known(trade.settled);
  view.released = known(trade.released);
  view.refunded = known(trade.refunded);
  view.payment = paymentOf(terms.payment);
  view.coolingOff = terms.coolingOff;
  addGuarantee(view, trade);
  view.offer = offerOf(trade);
  view.withdrawable = withdrawable(trade);
  view.refundDue = known(BigInt(progress.refundDue?.amount ?? 0));
  view.extensionAsked = progress.extensionAsked ?? null;
  view.revisionAsked = revisionOf(trade);
  view.returnUrl = terms.returnUrl ?? null;
  view.unshippedUntil = progress.unshippedUntil ?? null;
  view.extendedByBuyer = progress.extendedByBuyer;
  view.disputedBy = (progress.disputesOf ?? []).filter((of) => of !== "operator");
  view.approveUrl =
    open || (view.revisionAsked !== null && !isGuests(trade))
      ? context.approveUrl(String(trade.number))
      : null;
  // What is between the shop and this server is none of the buyer's business.
  if (role === "buyer") return;
  view.metadata = terms.metadata ?? {};
  view.fee = terms.private === true ? null : progress.feeTaken - progress.feeReturned;
  view.advance = advanceOf(trade);
}

function addGuarantee(view: TradeView, trade: Trade): void {
  const state = guaranteeState(trade);
  if (state === undefined) return;
  const { payBy, claimFrom } = view.deadlines;
  const due = Number(dueOf(trade)) - (trade.progress.guarantee?.collected ?? 0);
  view.guarantee = { state, due, payBy, claimFrom };
}

/** What its carrier said to have taken at the door. To them it is their own, also where they see no price. */
function addTaking(
  view: TradeView,
  { progress, carrier, currency }: Trade,
  role: ActorRole,
  whole: boolean,
): void {
  const { taking } = progress.guarantee ?? {};
  if (taking === undefined || !(whole || (role === "carrier" && taking.by === carrier))) return;
  const { state, amount, code } = taking;
  view.taking = { state, amount, currency, ...(code === undefined ? {} : { code }) };
}

function addEarmark(view: TradeView, trade: Trade): void {
  const state = earmarkState(trade);
  if (state !== undefined) view.earmark = { state, objectBy: trade.progress.ordered?.objectBy ?? null };
}

const isGuests = ({ buyer, member }: Trade) => buyer !== null && member === null;

function payerOf({ buyer, member }: Trade): NonNullable<TradeView["buyer"]> | null {
  if (buyer === null) return null;
  return member === null ? { guest: true } : { member: String(member) };
}

function offerOf(trade: Trade): OfferView | null {
  const offer = standingOffer(trade);
  if (offer === undefined) return null;
  const { by, release, pay, refund, version } = offer;
  return { by, release, pay, refund, version };
}

function revisionOf(trade: Trade): TradeView["revisionAsked"] & (object | null) {
  const asked = standingRevision(trade);
  if (asked === undefined) return null;
  const known = trade.terms.private !== true;
  const lines = asked.lines.map((line) => {
    const shown: AgreedLineView = { ...line, ...(known ? {} : { unitAmount: null }) };
    if ("worth" in shown) delete shown.worth;
    return shown;
  });
  return {
    lines,
    amount: known ? Number(totalOf(asked.lines)) : null,
    payment: paymentOf(asked.payment),
    until: asked.until,
  };
}

/** A date as it was said; from which instant on it counts is among the deadlines. */
const paymentOf = (payment: AgreedPayment): PaymentTerms =>
  payment.on === "date" ? { on: payment.on, date: payment.date } : payment;

function advanceOf({ progress, terms }: Trade): NonNullable<TradeView["advance"]> | null {
  if (progress.advance === undefined || terms.private === true) return null;
  const { amount, price, paid, recovered, owed } = progress.advance;
  return { amount, price, paid, recovered, owed };
}

function pendingOf({ pending }: KeptTrade): TradeView["pending"] {
  if (pending === null) return null;
  const { step, act, awaits } = pending;
  return { step, since: act.at, ...(awaits === undefined ? {} : { awaits }) };
}

const seesMoney = (role: ActorRole) => role === "shop" || role === "buyer" || role === "operator";

/** Which operator it was is for operators; who the buyer is, for those who have to do with the money. */
function mayKnow(who: ActorRole, asks: ActorRole): boolean {
  if (who === "operator") return asks === "operator";
  return who !== "buyer" || seesMoney(asks);
}

/** What tells of the price, or of the payer's purse; and what is between a shop and who pays it early. */
const moneyFields: ReadonlySet<string> = new Set(fieldParts.keys());
/** What in the record of a settlement concerns the shop's advances; the buyer has nothing to do with those. */
const advanceFields = fieldsOf("advance");

function fieldsOf(part: EventPart): ReadonlySet<string> {
  return new Set([...fieldParts].filter(([, of]) => of === part).map(([field]) => field));
}

function dataFor(role: ActorRole, type: string, data: Record<string, unknown>): Record<string, unknown> {
  if (role === "shop" || role === "operator") return data;
  if (type === "trade.advanced" || type === "trade.recourse") return {};
  const hidden = seesMoney(role) ? advanceFields : moneyFields;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !hidden.has(name)));
}

const amountFields = fieldsOf("amounts");

/** What a private trade counts as amounts are pieces of goods, and are not shown for money. */
function withoutPieces(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, amountFields.has(name) ? null : value]),
  );
}

/** How a caller proved who it is, and who the second operator was, stays among operators. */
function withoutDesk(data: Record<string, unknown>): Record<string, unknown> {
  if (data["operator"] === undefined) return data;
  const { proof: _, confirmedBy: __, ...operator } = data["operator"] as OperatorAct;
  return { ...data, operator };
}

/** Events of a trade as a role may see them; those who may not see the price see no amounts, nor who the buyer is. */
export function eventsOf(trade: Trade, rows: readonly EventRow[], role: ActorRole): TradeEventView[] {
  return rows.flatMap((row) =>
    row.types.map((type, index) => {
      const kept = row.data?.[index] ?? {};
      const data = trade.terms.private === true ? withoutPieces(kept) : kept;
      const shown = dataFor(role, type, data);
      return {
        seq: row.seq + index,
        version: row.seq + row.types.length - 1,
        type: type as TradeEventView["type"],
        at: row.at.toISOString(),
        actor: { role: row.role, id: mayKnow(row.role, role) ? row.actor : null },
        data: role === "operator" ? shown : withoutDesk(shown),
      };
    }),
  );
}

/** The events of a row in a party's list that it has not seen yet. */
export function fedEventsOf(
  trade: Trade,
  row: EventRow & { position: bigint; seen: number },
  role: ActorRole,
): FedEventView[] {
  const { terms } = trade;
  return eventsOf(trade, [row], role)
    .filter(({ seq }) => seq > row.seen)
    .map((event) => {
      const shown: FedEventView = {
        position: `${row.position}_${event.seq}`,
        trade: String(trade.number),
        reference: terms.reference,
        ...event,
      };
      if (role === "shop") shown.metadata = terms.metadata ?? {};
      return shown;
    });
}

/** The role in which somebody may move a trade; undefined where the trade is none of theirs. */
export function roleIn(trade: Trade, actor: Actor): ActorRole | undefined {
  if (actor.kind === "operator") return "operator";
  if (actor.kind === "person") {
    if (trade.buyer === actor.id) return "buyer";
    return trade.buyer === null && actor.opens === String(trade.number) ? "buyer" : undefined;
  }
  if (actor.kind === "recipient") {
    // Once the recipient is forgotten, and where the buyer has chosen other acceptors, the link opens nothing.
    const receives = trade.terms.acceptance.by.includes("recipient") && !trade.progress.erased;
    return receives && actor.opens === String(trade.number) ? "recipient" : undefined;
  }
  return trade[actor.kind] === actor.id ? actor.kind : undefined;
}

/** The role in which somebody may read a trade: the head of a chain reads also what a store of it has taken. */
export function readerOf(trade: Trade, actor: Actor): ActorRole | undefined {
  return roleIn(trade, actor) ?? (actor.kind === "shop" && trade.chain === actor.id ? "shop" : undefined);
}
