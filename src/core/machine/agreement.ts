/** Moves about the agreement: propose, reserve, refuse, revise, assign, cancel (S501-S506; paragraphs 0063-0067). */
import {
  type Act,
  after,
  type ChosenMethod,
  clockOf,
  decided,
  type Decision,
  draftOf,
  freshGuarantee,
  giveUp,
  isPayable,
  paymentDateRefused,
  paymentInstant,
  release,
  settleUp,
  speakerOf,
  checkLines,
  pick,
  type Picked,
  quantitiesOf,
  unshippedGoods,
  unshippedOf,
  freshProgress,
  type Lot,
  type Progress,
  type RevisionAsked,
  type TermLine,
  type Terms,
  linesWithout,
  totalOf,
  type Trade,
} from "../trade/trade.ts";
import type { AcceptorRole, Refused } from "../protocol/protocol.ts";
import type { Cancel } from "../protocol/schemas.ts";
import { openDispute } from "./disputes.ts";
import { goodsToBuyer } from "./verdict.ts";

export interface Proposal {
  number: bigint;
  shop: string;
  buyer: string | null;
  member: bigint | null;
  carrier: string | null;
  provider: string | null;
  currency: string;
  terms: Terms;
}

/** A new trade, proposed: shop and buyer agree, nothing is frozen (仮合意, S501). */
export function propose(proposal: Proposal, act: Act): Decision {
  const { terms } = proposal;
  // Written out: a literal made of spread objects of this size is several times slower to make and to read.
  const next: Trade = {
    number: proposal.number,
    shop: proposal.shop,
    chain: null,
    buyer: proposal.buyer,
    member: proposal.member,
    carrier: proposal.carrier,
    provider: proposal.provider,
    currency: proposal.currency,
    id: act.id,
    state: "proposed",
    version: 0,
    amount: totalOf(terms.lines),
    frozen: 0n,
    settled: 0n,
    released: 0n,
    refunded: 0n,
    method: null,
    account: null,
    hold: null,
    mandate: null,
    terms,
    progress: freshProgress(terms.lines),
    approveBy: after(act.now, terms.approveWithin),
    reservedUntil: null,
    shipBy: null,
    acceptBy: null,
    paymentDate: null,
    coolingOffUntil: null,
    wakeAt: null,
    createdAt: act.now,
    updatedAt: act.now,
  };
  return { next, effects: [], events: [{ type: "trade.proposed", data: { amount: Number(next.amount) } }] };
}

export interface ReserveCommand {
  chosen: ChosenMethod;
  payment?: Terms["payment"] | undefined;
  /** The acceptors the buyer chose. Left out, the proposed ones stay, but the shop only with `shopAgreed`. */
  acceptors?: AcceptorRole[] | undefined;
  shopAgreed: boolean;
  /** The buyer lets the shop's word of a delivery start the acceptance clock. */
  shopWord?: true | undefined;
  /** Nobody has asked the buyer: the money is frozen no longer than it was, and the shop has no more time to ship. */
  notAfter?: Date | undefined;
  shipBefore?: Date | undefined;
}

/** The terms with what the buyer has chosen about payment and acceptors. */
export function chosenTerms(
  terms: Terms,
  chosen: Omit<ReserveCommand, "chosen" | "notAfter" | "shipBefore">,
): Terms {
  const payment = chosen.payment ?? terms.payment;
  const kept = chosen.acceptors ?? terms.acceptance.by.filter((role) => role !== "shop" || chosen.shopAgreed);
  const by = kept.length === 0 ? (["buyer"] as AcceptorRole[]) : kept;
  const need = Math.min(terms.acceptance.need, by.length);
  const word = chosen.shopWord === true ? { shopWord: true as const } : {};
  return { ...terms, payment, acceptance: { ...terms.acceptance, by, need, ...word } };
}

/**
 * Freezes the amount (S505, S506). The means of payment may still refuse; then the engine moves the trade by `refuse`.
 * The shop is an acceptor only where the buyer agreed to that.
 */
export function reserve(trade: Trade, command: ReserveCommand, act: Act, hold: string): Refused | Decision {
  const next = draftOf(trade);
  next.terms = chosenTerms(next.terms, command);
  const { payment, shipWithin } = next.terms;
  if (!isPayable(payment, act.now)) return paymentDateRefused;
  const paymentDate = paymentInstant(payment);
  const until = earlier(after(act.now, next.terms.reserveFor), command.notAfter);
  next.progress.reservedAt ??= act.now.toISOString();
  if (payment.on === "collection") next.progress.guarantee = freshGuarantee(command.chosen.lent);
  Object.assign(next, {
    state: "reserved",
    method: command.chosen.method,
    account: command.chosen.account,
    mandate: command.chosen.mandate,
    hold,
    frozen: next.amount,
    settled: 0n,
    released: 0n,
    paymentDate,
    reservedUntil: paymentDate !== null && paymentDate > until ? paymentDate : until,
    shipBy: shipWithin === null ? null : earlier(after(act.now, shipWithin), command.shipBefore),
    approveBy: null,
  } satisfies Partial<Trade>);
  next.progress.refusal = null;
  const decision = decided(next);
  if (command.chosen.mandate !== null) {
    // The payment date is the shop's word here: it keeps no money frozen for goods that have not left.
    if (paymentDate !== null && paymentDate > until) next.progress.unshippedUntil = until.toISOString();
    decision.effects.push({ do: "use mandate", mandate: command.chosen.mandate, amount: next.amount });
  }
  decision.effects.push({
    do: "reserve",
    hold,
    account: command.chosen.account,
    currency: next.currency,
    amount: next.amount,
    until: next.reservedUntil ?? until,
  });
  decision.events.push({
    type: "trade.reserved",
    data: { amount: Number(next.amount), until: next.reservedUntil?.toISOString() },
  });
  return decision;
}

const earlier = (at: Date, most: Date | undefined): Date => (most !== undefined && most < at ? most : at);

/**
 * The means of payment refused. The trade goes on: it can be revised and reserved again (S504). The trade remembers the
 * method and the mandate that were tried, because the buyer's consent to them covers a smaller trade as well.
 */
export function refuse(
  trade: Trade,
  code: string,
  tried: Pick<ChosenMethod, "mandate"> & { method: string | null },
): Decision {
  const next = draftOf(trade);
  next.method = tried.method;
  next.mandate = tried.mandate;
  next.state = "refused";
  next.progress.refusal = code;
  return { next, effects: [], events: [{ type: "trade.refused", data: { code } }] };
}

export interface Revision {
  lines?: TermLine[] | undefined;
  payment?: Terms["payment"] | undefined;
  /** Nobody has agreed to it: of a reserved trade it is a wish, and what is reserved stands. */
  asks?: true | undefined;
  /** The buyer keeps what was agreed: the wish is over. */
  decline?: true | undefined;
}

/** What the shop would like instead of what is reserved, while the buyer can agree to it and nothing has left. */
export function standingRevision(trade: Trade): RevisionAsked | undefined {
  return trade.state === "reserved" && !hasLeft(trade) ? trade.progress.revisionAsked : undefined;
}

/** The shop's wish for other terms is kept, in place of one that it had before; no deadline moves by it. */
function askRevision(trade: Trade, revision: Revision, act: Act): Decision {
  const next = draftOf(trade);
  const lines = revision.lines ?? linesLeft(trade);
  const payment = revision.payment ?? next.terms.payment;
  const until = earlier(after(act.now, next.terms.approveWithin), next.reservedUntil ?? undefined);
  next.progress.revisionAsked = { lines, payment, until: until.toISOString() };
  const decision = decided(next);
  const data = { amount: Number(totalOf(lines)), lines: lines.length, until: until.toISOString() };
  decision.events.push({ type: "trade.revised", data });
  return decision;
}

function declineRevision(trade: Trade, act: Act): Refused | Decision {
  if (standingRevision(trade) === undefined)
    return { refused: "no_offer", detail: "The shop has not asked for other terms." };
  const next = draftOf(trade);
  delete next.progress.revisionAsked;
  const decision = decided(next);
  decision.events.push({ type: "trade.revised", data: { by: speakerOf(act), amount: Number(next.amount) } });
  return decision;
}

/**
 * Changes what was agreed before anything was delivered; without lines, what was ended stays ended. What was frozen for the
 * old terms is released; the caller reserves again in the same step, since somebody's consent covers the new terms. Where
 * nobody's does, a reserved trade stays as it is.
 */
export function revise(trade: Trade, revision: Revision, act: Act): Refused | Decision {
  if (revision.decline === true) return declineRevision(trade, act);
  if (trade.progress.advance !== undefined)
    return { refused: "already_advanced", detail: "The shop has been paid early against these terms." };
  if (hasLeft(trade)) return { refused: "already_shipped" };
  if (revision.asks === true && trade.state === "reserved") return askRevision(trade, revision, act);
  const next = draftOf(trade);
  const lines = revision.lines ?? linesLeft(trade);
  if (totalOf(lines) <= 0n)
    return { refused: "invalid_field", detail: "What is left of the lines costs nothing: name lines." };
  next.terms = { ...next.terms, lines, payment: revision.payment ?? next.terms.payment };
  const decision = decided(next);
  release(decision, next.frozen);
  Object.assign(next, {
    state: "proposed",
    amount: totalOf(lines),
    frozen: 0n,
    settled: 0n,
    released: 0n,
    // Method and mandate go with the reservation: left here, they would look like the buyer's consent to the new terms.
    method: null,
    account: null,
    mandate: null,
    hold: null,
    progress: { ...freshProgress(lines), ...staying(trade) },
    approveBy: after(act.now, next.terms.approveWithin),
    reservedUntil: null,
    shipBy: null,
    paymentDate: null,
  } satisfies Partial<Trade>);
  decision.events.push({ type: "trade.revised", data: { amount: Number(next.amount), lines: lines.length } });
  return decision;
}

/** True where goods have left the shop, as far as anybody has said. */
function hasLeft(trade: Trade): boolean {
  return (
    trade.progress.lots.length > 0 ||
    trade.progress.lines.some(({ shipped, delivered }) => shipped + delivered > 0)
  );
}

/** The lines as they are still agreed: what was ended of them is not. */
export function linesLeft({ terms, progress }: Trade): TermLine[] {
  return linesWithout(terms.lines, (index) => progress.lines[index]?.ended ?? 0);
}

/**
 * What a revision does not begin anew: since when the money has been frozen without a pause, who has disputed, and which
 * operators have acted for a side.
 */
function staying({ state, progress }: Trade): Pick<Progress, "reservedAt" | "disputesOf" | "spokeFor"> {
  const { reservedAt, disputesOf, spokeFor } = progress;
  return {
    reservedAt: state === "reserved" ? reservedAt : null,
    ...(disputesOf === undefined ? {} : { disputesOf }),
    ...(spokeFor === undefined ? {} : { spokeFor }),
  };
}

/** The store of a chain that takes an order, with its account and its fee. */
export interface Assignment {
  store: string;
  shopName: string;
  shopAccount: string;
  fee: Terms["fee"];
}

/**
 * A store takes an order that the head of its chain has made (paragraph 0026): it becomes the shop of the trade and its
 * payee. The buyer's reservation stays as it is. A trade is assigned once, and not after an advance was paid on it.
 */
export function assign(trade: Trade, { store, ...payee }: Assignment): Refused | Decision {
  if (trade.chain !== null || trade.hold === null) return { refused: "offer_over" };
  if (trade.progress.advance !== undefined) return { refused: "already_advanced" };
  if (hasLeft(trade)) return { refused: "already_shipped" };
  const next = draftOf(trade);
  next.chain = trade.shop;
  next.shop = store;
  next.terms = { ...next.terms, ...payee };
  // What the head would have liked is not the store's wish.
  delete next.progress.revisionAsked;
  const decision = decided(next);
  decision.effects.push({ do: "assign", hold: trade.hold, account: payee.shopAccount });
  decision.events.push({ type: "trade.assigned", data: { chain: trade.shop, store } });
  return decision;
}

/**
 * Ends a trade before acceptance, or some of its goods, and releases what is frozen for them. Goods that have left belong to
 * the buyer's whim no more: late, the buyer's cancel is a dispute. The shop may give them up.
 */
export function cancel(trade: Trade, { lines, reason }: Cancel, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const decision = decided(next);
  // What was wished for was another trade.
  delete next.progress.revisionAsked;
  const byShop = speakerOf(act) === "shop";
  const told = { type: "trade.cancelled" as const, data: { by: speakerOf(act), reason, lines } };
  // In a dispute about goods that were paid for, nothing is frozen that could be given up.
  if (next.progress.disputed !== null && (!byShop || next.frozen === 0n))
    return { refused: "trade_disputed" };
  if (next.hold === null) {
    if (lines !== undefined)
      return { refused: "trade_not_open", detail: "Nothing is frozen yet: cancel it whole, or revise it." };
    next.state = "cancelled";
    decision.events.push({ ...told, data: { ...told.data, released: 0 } });
    return decision;
  }
  const before = next.released;
  if (lines === undefined && !byShop && hasLeft(next)) return cancelShipped(decision, act);
  if (lines === undefined && byShop) giveUp(decision);
  else {
    const ranks = byShop ? [(lot: Lot) => lot.at === "shipped", () => true] : [];
    const unshipped = endsUnshipped(next, lines, ranks);
    if ("refused" in unshipped) return unshipped;
    goodsToBuyer(decision, unshipped);
  }
  decision.events.unshift({ ...told, data: { ...told.data, released: Number(next.released - before) } });
  settleUp(decision, act);
  return decision;
}

/** The goods that are ended: first those that have not left the shop, then those that the shop gives up. */
function endsUnshipped(
  next: Trade,
  lines: Cancel["lines"],
  ranks: ((lot: Lot) => boolean)[],
): Refused | Picked {
  const goods = lines ?? unshippedGoods(next);
  const here = goods.flatMap(({ line, quantity }) => {
    const unshipped = Math.min(quantity, Math.max(0, unshippedOf(next, line - 1)));
    return unshipped > 0 ? [{ line, quantity: unshipped }] : [];
  });
  const left = goods.flatMap(({ line, quantity }) => {
    const rest = quantity - (here.find((each) => each.line === line)?.quantity ?? 0);
    return rest > 0 ? [{ line, quantity: rest }] : [];
  });
  const refused = checkLines(next.terms.lines, goods);
  if (refused !== undefined) return refused;
  const picked = pick(next, { lines: left, ranks });
  return "refused" in picked ? picked : { lots: picked.lots, unshipped: here };
}

/**
 * What should have come and has not: the buyer does not have the money back by a word, but an operator looks. Once in a trade:
 * where the operator has let it go on, the buyer says that it never came.
 */
function cancelShipped(decision: Decision, act: Act): Refused | Decision {
  const { next } = decision;
  const by = clockOf(next, "deliverBy");
  const missing = next.progress.lots.filter((lot) => lot.at === "shipped");
  if (missing.length === 0 || by === null || by > act.now) {
    return {
      refused: "already_shipped",
      detail:
        "Goods have left the shop: accept them, or reject and return them. What has not left is cancelled by `lines`.",
    };
  }
  const opened = next.progress.disputesOf ?? [];
  if (opened.includes("late")) return { refused: "already_disputed" };
  next.progress.disputesOf = [...opened, "late"];
  openDispute(decision, act, {
    by: "buyer",
    reason: "The goods have not come in time.",
    lines: quantitiesOf(missing),
  });
  return decision;
}
