/** The way back: send back, take back, and what the clock does when one of them does not happen. */
import {
  type Act,
  after,
  amountUnknown,
  decided,
  type Decision,
  draftOf,
  expectInspection,
  expectReturn,
  isIndependent,
  isUntold,
  owe,
  refundAgain,
  refundOf,
  release,
  settleUp,
  speakerOf,
  awaitsInspection,
  awaitsSending,
  basisOf,
  isExpected,
  isNamed,
  isOver,
  isPaid,
  pick,
  progressOf,
  put,
  quantitiesOf,
  unmark,
  type Lot,
  type Trade,
  unaccepted,
  waitsForNotice,
  worthOf,
} from "../trade/trade.ts";
import type { Refused, Tracking } from "../protocol/protocol.ts";
import type { Return, SendBack } from "../protocol/schemas.ts";
import { openDispute } from "./disputes.ts";
import { nameParcel } from "./shipping.ts";
import { countWithdrawal, lapse } from "./withdrawals.ts";

/**
 * Rejected or withdrawn goods are on their way back, as the sender says or an independent carrier has seen. Where such a
 * carrier brings shipped goods back, refused at the door or undeliverable, that is a rejection by itself.
 */
export function sendBack(trade: Trade, command: SendBack, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const { lines, tracking } = command;
  const speaker = speakerOf(act);
  const sees = isIndependent(next, speaker);
  if (isOver(next, tracking)) return { refused: "nothing_to_return" };
  // What a carrier says again of a parcel that is back would else be said of these goods.
  if (
    tracking !== undefined &&
    next.progress.lots.some((lot) => lot.back === tracking.number && cameBack(lot))
  )
    return {
      refused: "nothing_to_return",
      detail: "A parcel with this number is back already; another one has another number.",
    };
  // What a carrier sees of that parcel would else be seen of these goods.
  const comes = (lot: Lot) => isExpected(lot) && lot.parcel === tracking?.number;
  if (!sees && tracking !== undefined && next.progress.lots.some(comes))
    return { refused: "invalid_field", detail: "This parcel is still on its way to the buyer." };
  const isParcel = parcelBack(next, tracking);
  const ranks: ((lot: Lot) => boolean)[] = sees
    ? [
        (lot) => awaitsInspection(lot) && lot.home === "said" && isParcel(lot),
        (lot) => awaitsSending(lot) && isParcel(lot),
        (lot) => isUndelivered(lot) && (tracking === undefined || lot.parcel === tracking.number),
      ]
    : [awaitsSending];
  const meant = next.progress.lots.filter((lot) => ranks.some((isMeant) => isMeant(lot)));
  if (sees && lines === undefined && new Set(meant.map(wayOf)).size > 1) {
    const named = meant.filter((lot) => lot.back === tracking?.number || lot.parcel === tracking?.number);
    if (tracking === undefined || named.length === 0)
      return {
        refused: "invalid_field",
        detail: "Several parcels are under way: say which, by `tracking` or `lines`.",
      };
    ranks.splice(0, ranks.length, (lot) => named.includes(lot));
  }
  const picked = pick(next, { lines, ranks });
  if ("refused" in picked) return picked;
  if (picked.lots.length === 0) return { refused: "nothing_to_return" };
  const decision = decided(next);
  for (const lot of picked.lots) {
    if (lot.at === "shipped") progressOf(next, lot.line).rejected += lot.quantity;
    const { contested: _, ...known } = lot;
    const story = isUndelivered(lot) ? { ...known, at: "rejected" as const, kind: "wrong" as const } : known;
    const back = tracking?.number ?? lot.back;
    put(next, { ...story, ...(back === undefined ? {} : { back }), home: sees ? "picked_up" : "said" });
  }
  nameParcel(next, command);
  expectReturn(decision, act.now);
  const goods = quantitiesOf(picked.lots);
  const { evidence, claimedAt } = command;
  decision.events.push({
    type: "trade.sent_back",
    data: { by: speaker, lines: goods, tracking, evidence, claimedAt },
  });
  settleUp(decision, act);
  return decision;
}

const cameBack = ({ home }: Lot): boolean => home === "back";
const isUndelivered = (lot: Lot): boolean => lot.at === "shipped" || lot.kind === "never_came";
const wayOf = (lot: Lot): string => `${lot.back ?? ""} ${lot.back === undefined ? (lot.parcel ?? "") : ""}`;

/** What the shop takes back first: what it can have looked at. */
const nearest: readonly ((lot: Lot) => boolean)[] = [
  (lot) => lot.home === "back" && lot.contested === undefined,
  (lot) => lot.home === "back",
  (lot) => lot.home === "picked_up",
  (lot) => lot.home === "said",
  (lot) => lot.at === "rejected" || lot.at === "withdrawn",
];

/**
 * The shop has goods back, or agrees that they never came: the money for them is given back. Where it would keep a part,
 * that is an offer. The word of a carrier only starts the time in which the shop looks at them.
 */
export function takeBack(trade: Trade, command: Return, act: Act): Refused | Decision {
  const speaker = speakerOf(act);
  if (speaker !== "shop" && speaker !== "operator") return seenBack(trade, command, act);
  if (command.notTaken !== undefined) return notSeen;
  const next = draftOf(trade);
  const { lines, tracking, evidence } = command;
  const isParcel = (lot: Lot) => tracking === undefined || lot.back === tracking.number;
  const isBack = (lot: Lot) => (lot.at === "rejected" || lot.at === "withdrawn") && isParcel(lot);
  const picked = pick(next, { lines, ranks: nearest.map((isNear) => (lot) => isBack(lot) && isNear(lot)) });
  if ("refused" in picked) return picked;
  if (picked.lots.length === 0) return { refused: "nothing_to_return" };
  if (command.deduct !== undefined) return deduct(next, picked.lots, command.deduct, act);
  const decision = decided(next);
  const goods = quantitiesOf(picked.lots);
  const amount = givenBack(next, picked.lots);
  decision.events.push({
    type: "trade.returned",
    data: { lines: goods, amount: Number(amount), tracking, evidence },
  });
  giveBackLots(decision, picked.lots);
  settleUp(decision, act);
  return decision;
}

/** What goods on their way back are worth to the buyer: what is frozen for them, and what was paid. */
function givenBack(next: Trade, lots: readonly Lot[]): bigint {
  return (
    worthOf(
      next,
      lots.filter((lot) => !isPaid(lot)),
    ) + refundOf(next, lots.filter(isPaid))
  );
}

/** The money for goods on their way back goes to the buyer: what is frozen is released, what was paid is refunded. */
export function giveBackLots(decision: Decision, lots: readonly Lot[]): void {
  const { next } = decision;
  const paid = lots.filter(isPaid);
  const frozen = lots.filter((lot) => !isPaid(lot));
  const [worth, refund] = [worthOf(next, frozen), refundOf(next, paid)];
  for (const { line, quantity } of frozen) progressOf(next, line).returned += quantity;
  for (const goods of paid) {
    const { line, quantity } = goods;
    next.progress.refundedLines[line - 1] = (next.progress.refundedLines[line - 1] ?? 0) + quantity;
    countWithdrawal(next, "refunded", goods);
  }
  const most = unaccepted(next);
  release(decision, worth < most ? worth : most);
  if (paid.length > 0) owe(decision, refund);
}

/** The shop has the goods and would keep a part of their price: it contests, and offers the rest. */
function deduct(
  next: Trade,
  lots: readonly Lot[],
  wish: NonNullable<Return["deduct"]>,
  act: Act,
): Refused | Decision {
  if (next.terms.private === true) return amountUnknown;
  const paid = lots.filter(isPaid);
  if (paid.length > 0 && paid.length < lots.length)
    return {
      refused: "invalid_field",
      detail: "Name goods that are paid for and goods that are not each for itself.",
    };
  const worth = Number(givenBack(next, lots));
  if (wish.amount >= worth) return { refused: "invalid_field", detail: `The goods are worth ${worth}.` };
  const rest = worth - wish.amount;
  const decision = decided(next);
  unmark(next);
  for (const lot of lots) put(next, { ...lot, home: "back", contested: "used", offered: true });
  expectInspection(decision, act.now);
  openDispute(decision, act, { by: "shop", reason: wish.reason, contest: "used", lines: quantitiesOf(lots) });
  const money =
    paid.length > 0 ? { release: 0, pay: 0, refund: rest } : { release: rest, pay: wish.amount, refund: 0 };
  const version = next.version + decision.events.length + 1;
  next.progress.offer = { by: "shop", ...money, version, of: "offered", ...basisOf(next, lots) };
  decision.events.push({ type: "trade.offered", data: { by: "shop", ...money, version } });
  return decision;
}

/**
 * Whether goods can be in a parcel on its way back: it was named for them, or it is the one in which they came. One of which
 * nobody has spoken is that of goods which were sent without a name.
 */
function parcelBack(next: Trade, tracking: Tracking | undefined): (lot: Lot) => boolean {
  if (tracking === undefined) return () => true;
  const isNew = !isNamed(next, tracking);
  const { number } = tracking;
  return ({ back, parcel }) => back === number || (back === undefined && (isNew || parcel === number));
}

/** What can come back in a parcel; goods that nobody has sent are meant only where no others are on their way. */
function whatComes(next: Trade, lines: Return["lines"], tracking: Return["tracking"]): (lot: Lot) => boolean {
  const isParcel = parcelBack(next, tracking);
  const isUnder = ({ home }: Lot) => home !== undefined && home !== "back";
  const comes = (lot: Lot) => (awaitsSending(lot) || isUnder(lot)) && isParcel(lot);
  const named = lines !== undefined || !next.progress.lots.some((lot) => comes(lot) && isUnder(lot));
  return named ? comes : (lot) => comes(lot) && isUnder(lot);
}

/**
 * Somebody who brings goods back says that they are there. What the shop does not take at its door counts as back; what could
 * not be brought there is with the buyer again, and nobody knows yet by whose doing: that is a dispute. It is sent again where
 * an operator orders it, so that a wrong address does not keep the money frozen again and again.
 */
function seenBack(trade: Trade, command: Return, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const { lines, tracking, evidence, notTaken } = command;
  const speaker = speakerOf(act);
  const sees = isIndependent(next, speaker);
  if (notTaken !== undefined && !sees) return notSeen;
  const isAstray = notTaken === "undeliverable";
  const mayCome = whatComes(next, lines, tracking);
  const comes = (lot: Lot) => mayCome(lot) && !(isAstray && lot.home === "undeliverable");
  const ranks = [
    (lot: Lot) => comes(lot) && lot.home === "picked_up",
    (lot: Lot) => comes(lot) && lot.home === "said",
    comes,
  ];
  const meant = next.progress.lots.filter(comes);
  if (lines === undefined && tracking === undefined && new Set(meant.map(({ back }) => back)).size > 1)
    return {
      refused: "invalid_field",
      detail: "Several parcels are under way: say which, by `tracking` or `lines`.",
    };
  const picked = pick(next, { lines, ranks });
  if ("refused" in picked) return picked;
  if (picked.lots.length === 0) return { refused: "nothing_to_return" };
  const decision = decided(next);
  const back = tracking === undefined ? {} : { back: tracking.number };
  for (const { refused: _, ...lot } of picked.lots) {
    const home = !sees ? (lot.home ?? "said") : isAstray ? "undeliverable" : "back";
    put(next, { ...lot, ...back, home, ...(notTaken === "refused" ? { refused: true } : {}) });
  }
  const goods = quantitiesOf(picked.lots);
  const data = {
    by: speaker,
    lines: goods,
    arrived: isAstray ? undefined : true,
    notTaken,
    tracking,
    evidence,
  };
  decision.events.push({ type: "trade.sent_back", data });
  if (isAstray) {
    const reason = "What was sent back could not be brought to the shop.";
    openDispute(decision, act, { by: "clock", reason, lines: goods });
  } else if (sees) expectInspection(decision, act.now);
  else expectReturn(decision, act.now);
  settleUp(decision, act);
  return decision;
}

const notSeen: Refused = {
  refused: "not_allowed",
  detail: "That a parcel was not taken is for a carrier to say who is independent of the shop.",
};

/** Goods that had to be sent back were not: a withdrawal lapses, a rejection becomes a dispute. */
export function notSentBack(trade: Trade, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const late = next.progress.lots.filter(awaitsSending);
  if (late.length === 0) return { refused: "nothing_to_return" };
  const decision = decided(next);
  const withdrawn = late.filter(({ at }) => at === "withdrawn");
  if (withdrawn.length > 0 && waitsForNotice(decision, act, "returnBy", ["buyer"])) return decision;
  delete next.progress.clocks.returnBy;
  const lapsed = isUntold(act, "buyer") ? [] : withdrawn;
  if (lapsed.length > 0) {
    next.progress.lots = next.progress.lots.filter((lot) => !lapsed.includes(lot));
    lapse(next, lapsed);
    decision.events.push({
      type: "trade.withdrawn",
      data: { by: "clock", lines: quantitiesOf(lapsed), lapsed: true },
    });
  }
  const rejected = late.filter((lot) => !lapsed.includes(lot));
  if (rejected.length > 0)
    openDispute(decision, act, {
      by: "clock",
      reason: "Rejected goods were not sent back in time.",
      lines: quantitiesOf(rejected),
    });
  settleUp(decision, act);
  return decision;
}

/**
 * The shop has not looked at goods in time. Its silence confirms, unless it has contested, or an independent party saw a
 * delivery that the buyer denies: that becomes a dispute.
 */
export function notInspected(trade: Trade, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const late = next.progress.lots.filter(awaitsInspection);
  if (late.length === 0) return { refused: "nothing_to_return" };
  const decision = decided(next);
  const denied = (lot: Lot) => lot.home === undefined && lot.seen === "delivered";
  const isStuck = (lot: Lot) => isUntold(act, "shop") || lot.contested !== undefined || denied(lot);
  const open = late.filter(isStuck);
  if (open.length < late.length && waitsForNotice(decision, act, "inspectBy", ["shop"])) return decision;
  delete next.progress.clocks.inspectBy;
  const confirmed = late.filter((lot) => !open.includes(lot));
  if (confirmed.length > 0) {
    next.progress.lots = next.progress.lots.filter((lot) => !confirmed.includes(lot));
    const lines = quantitiesOf(confirmed);
    const amount = Number(givenBack(next, confirmed));
    decision.events.push({ type: "trade.returned", data: { by: "clock", lines, amount } });
    giveBackLots(decision, confirmed);
  }
  if (open.length > 0)
    openDispute(decision, act, {
      by: "clock",
      reason: "What came back, or never came, is contested.",
      lines: quantitiesOf(open),
    });
  settleUp(decision, act);
  return decision;
}

/** A refund is due: first what the shop is paid is kept in its account for it, then it is tried, and tried again. */
export function repay(trade: Trade, act: Act): Refused | Decision {
  const due = trade.progress.refundDue;
  if (due === undefined) return { refused: "amount_exceeds_settled" };
  const next = draftOf(trade);
  const decision = decided(next);
  if (due.kept !== true || act.payeeShort === true) {
    const tryAt = due.kept === true ? after(act.now, refundAgain) : act.now;
    next.progress.refundDue = { amount: due.amount, tryAt: tryAt.toISOString(), kept: true };
    return decision;
  }
  delete next.progress.refundDue;
  owe(decision, BigInt(due.amount));
  return decision;
}
