/** How goods in dispute are divided: by an operator, or by silence, which says what independent parties saw. */
import {
  type Act,
  after,
  amountUnknown,
  clockOf,
  decided,
  type Decision,
  draftOf,
  endDispute,
  expectSending,
  isSilent,
  isUntold,
  keepFrozenUntil,
  owe,
  release,
  settleUp,
  startCoolingOff,
  stateOf,
  arrive,
  awaitsInspection,
  awaitsSending,
  isExpected,
  isPaid,
  pick,
  type Picked,
  progressOf,
  put,
  quantitiesOf,
  unshippedGoods,
  type LineQuantity,
  type Lot,
  type OpenDispute,
  type Side,
  type Trade,
  unaccepted,
  waitsForNotice,
  worthOf,
  decideWithin,
} from "../trade/trade.ts";
import type { Refused } from "../protocol/protocol.ts";
import type { Resolve } from "../protocol/schemas.ts";
import { giveBackLots } from "./returns.ts";
import { lapse } from "./withdrawals.ts";

/**
 * Until when deadlines of these goods run: what they are worth is not decided before the world has shown it. A contest ends
 * the wait, but not for a parcel that an independent party has seen on its way back.
 */
function waitsUntil(trade: Trade, lot: Lot): Date | null {
  const ends: (Date | null)[] = [];
  if (isExpected(lot)) ends.push(clockOf(trade, "deliverBy"));
  // What has just come is looked at before anybody decides about it.
  const lookBy = trade.progress.disputed?.lookBy;
  if (lot.at === "delivered") ends.push(lookBy === undefined ? null : new Date(lookBy));
  else if (awaitsSending(lot)) ends.push(clockOf(trade, "returnBy"));
  else if (awaitsInspection(lot) && (lot.contested === undefined || lot.home === "picked_up"))
    ends.push(clockOf(trade, "inspectBy"));
  return ends.reduce((last, end) => (last === null || (end !== null && end > last) ? end : last), null);
}

/** True where a deadline of these goods still runs. */
export function waits(trade: Trade, lot: Lot, now: Date): boolean {
  const until = waitsUntil(trade, lot);
  return until !== null && until > now;
}

/**
 * Goods go to the shop's account: they count as accepted, and are paid when they are due. `unspoken`: those that silence has
 * accepted, for the buyer has not spoken of them.
 */
function goodsToShop(
  decision: Decision,
  { lots, unshipped }: Picked,
  now: Date,
  unspoken: readonly LineQuantity[] = [],
): void {
  const { next } = decision;
  const withdrawn = lots.filter(({ at }) => at === "withdrawn");
  lapse(next, withdrawn);
  const goods = lots.filter(({ at }) => at !== "withdrawn");
  for (const lot of goods) if (lot.at === "rejected") progressOf(next, lot.line).rejected -= lot.quantity;
  arrive(next, [...goods.filter(({ at, kind }) => at === "shipped" || kind === "never_came"), ...unshipped]);
  const taken = quantitiesOf(goods, unshipped);
  for (const { line, quantity } of taken) {
    const progress = progressOf(next, line);
    progress.accepted += quantity;
    progress.delivered = Math.max(progress.delivered, progress.accepted);
  }
  if (taken.length > 0) startCoolingOff(next, now, unspoken);
}

/** Goods go to the buyer's account: what is frozen for them is released, what was paid is refunded. */
export function goodsToBuyer(decision: Decision, { lots, unshipped }: Picked): void {
  const { next } = decision;
  const undecided = lots.filter(({ at }) => at === "shipped" || at === "delivered");
  const ended = quantitiesOf(undecided, unshipped);
  const worth = worthOf(next, ended);
  for (const { line, quantity } of ended) progressOf(next, line).ended += quantity;
  const back = lots.filter((lot) => !undecided.includes(lot));
  const most = unaccepted(next);
  release(decision, worth < most ? worth : most);
  giveBackLots(decision, back);
}

/**
 * An operator decides. What still has a deadline of its own is left and goes on; of the rest the shop gets all, the buyer
 * gets all, they share, or the buyer sends the goods back first. Or the trade goes on as before. Besides, the operator can
 * order back what was paid. Nobody decides who has acted for a side, nor against a side that still has time to answer.
 */
export function resolve(trade: Trade, command: Resolve, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const refused = checkVerdict(next, command, act);
  if (refused !== undefined) return refused;
  const { outcome, amount, reason, lines } = command;
  const decision = decided(next);
  const open = next.progress.disputed;
  if (outcome === "resume" && open?.by === "clock")
    return { refused: "extension_refused", detail: "A deadline has passed: settle, release or divide it." };
  if (outcome === "resume") {
    decision.events.push({ type: "trade.resolved", data: { outcome, reason } });
    endDispute(decision, act.now);
    next.state = stateOf(next);
    return decision;
  }
  const picked = decidable(next, lines, act.now);
  if ("refused" in picked) return picked;
  if (picked.lots.length + picked.unshipped.length === 0)
    return { refused: "still_running", detail: "All goods in dispute still have a deadline of their own." };
  const paidBack = carryOut(decision, picked, command, act);
  if (paidBack !== undefined) return paidBack;
  const lost = outcome === "settle" ? "buyer" : outcome === "release" ? "shop" : undefined;
  decision.events.unshift({
    type: "trade.resolved",
    data: {
      outcome,
      amount,
      lines: quantitiesOf(picked.lots, picked.unshipped),
      refund: command.refund,
      reason,
      lost,
    },
  });
  const rest =
    next.progress.lots.some((lot) => !waits(next, lot, act.now)) || unshippedGoods(next).length > 0;
  if (!(lines !== undefined && rest)) endDispute(decision, act.now);
  if (next.progress.disputed === null) next.state = stateOf(next);
  settleUp(decision, act);
  return decision;
}

function checkVerdict(next: Trade, command: Resolve, act: Act): Refused | undefined {
  const { outcome, amount, refund } = command;
  const { disputed, spokeFor = [] } = next.progress;
  const deciding = [act.actor, act.operator?.confirmedBy];
  if (spokeFor.some((operator) => deciding.includes(operator)))
    return {
      refused: "not_allowed",
      detail: "Who has acted for one side of a trade does not decide its dispute.",
    };
  if ((outcome === "split") !== (amount !== undefined))
    return { refused: "invalid_field", detail: "An amount goes with the outcome split, and only with it." };
  if ((outcome === "split" || refund !== undefined) && next.terms.private === true) return amountUnknown;
  if (refund !== undefined && BigInt(refund) > next.settled - next.refunded)
    return {
      refused: "amount_exceeds_settled",
      detail: `${next.settled - next.refunded} was settled and not yet refunded.`,
    };
  const { asked = [], answerBy = null } = disputed ?? {};
  const unheard = answerBy === null || new Date(answerBy) <= act.now ? [] : asked;
  const losers = refund === undefined ? losing[outcome] : [...losing[outcome], "shop" as const];
  const side = losers.find((each) => unheard.includes(each));
  return side === undefined
    ? undefined
    : { refused: "still_running", detail: `The ${side} has until ${answerBy} to answer.` };
}

/** From whom a verdict takes something. Nobody decides so with the word of the other side alone; where both agree, it is an offer. */
const losing: Record<Resolve["outcome"], readonly Side[]> = {
  settle: ["buyer"],
  release: ["shop"],
  split: ["buyer", "shop"],
  return: ["buyer", "shop"],
  resume: [],
};

/** The goods of a dispute that can be decided now; a quantity that still waits is not open. */
function decidable(next: Trade, lines: Resolve["lines"], now: Date): Refused | Picked {
  return pick(next, { lines, ranks: [(lot) => !waits(next, lot, now)], unshipped: true });
}

/** The same of a trade as it stands, in quantities. */
export function decidableNow(trade: Trade, now: Date): LineQuantity[] {
  const picked = decidable(draftOf(trade), undefined, now);
  return "refused" in picked ? [] : quantitiesOf(picked.lots, picked.unshipped);
}

/** Divides the goods that were picked; answers a refusal where the amount is not there. */
function carryOut(decision: Decision, picked: Picked, command: Resolve, act: Act): Refused | undefined {
  switch (command.outcome) {
    case "settle":
      goodsToShop(decision, picked, act.now);
      break;
    case "release":
      goodsToBuyer(decision, picked);
      break;
    case "split":
      return divide(decision, picked, BigInt(command.amount ?? 0), BigInt(command.refund ?? 0), act.now);
    case "return":
      orderBack(decision, picked, act.now);
      break;
    case "resume":
      break;
  }
  if (command.refund !== undefined) owe(decision, BigInt(command.refund));
  return undefined;
}

/** The shop gets an amount of what is frozen for the goods, the buyer the rest. Withdrawn goods are given up, for `refund`. */
export function divide(
  decision: Decision,
  { lots, unshipped }: Picked,
  toShop: bigint,
  refund: bigint,
  now: Date,
): Refused | undefined {
  const { next } = decision;
  const frozen = lots.filter((lot) => !isPaid(lot));
  const worth = worthOf(next, [...frozen, ...unshipped]);
  if (toShop > worth)
    return { refused: "amount_exceeds_hold", detail: `${worth} is frozen for these goods.` };
  for (const { line, quantity, at } of frozen) {
    if (at === "rejected" || at === "withdrawn") progressOf(next, line).returned += quantity;
    else progressOf(next, line).ended += quantity;
  }
  for (const { line, quantity } of unshipped) progressOf(next, line).ended += quantity;
  next.progress.divided += Number(toShop);
  release(decision, worth - toShop);
  if (toShop > 0n) startCoolingOff(next, now);
  if (refund > 0n) owe(decision, refund);
  return undefined;
}

/** The buyer sends the goods back first; then the shop looks at them. */
function orderBack(decision: Decision, { lots, unshipped }: Picked, now: Date): void {
  const { next } = decision;
  for (const lot of lots) {
    const { contested: _, home: __, back: ___, refused: ____, ...known } = lot;
    if (lot.at === "shipped" || lot.at === "delivered") progressOf(next, lot.line).rejected += lot.quantity;
    put(next, lot.at === "withdrawn" ? known : { ...known, at: "rejected", kind: "wrong" });
  }
  for (const { line, quantity } of unshipped) {
    progressOf(next, line).rejected += quantity;
    put(next, { line, quantity, at: "rejected", kind: "wrong" });
  }
  expectSending(decision, now);
}

/**
 * The time to answer is over. Of goods whose own deadlines have ended, the buyer's silence pays for what an independent
 * party saw delivered and of which the buyer never spoke; the shop's gives back what none saw delivered, or one saw on its
 * way back. Where both are silent, who sends without a third party bears it. Of the others it says the same when their own
 * deadlines end. The rest is for an operator.
 */
export function notAnswered(trade: Trade, act: Act): Refused | Decision {
  const open = trade.progress.disputed;
  if (open === null) return { refused: "trade_not_open" };
  const first = open.answerBy !== null;
  const next = draftOf(trade);
  const decision = decided(next);
  if (first && waitsForNotice(decision, act, "answerBy", open.asked)) return decision;
  const silent = silentIn(open).filter((side) => (first ? !isUntold(act, side) : isSilent(act, side)));
  next.progress.disputed = { ...open, answerBy: null, silent };
  const toShop: Lot[] = [];
  const toBuyer: Lot[] = [];
  for (const lot of next.progress.lots) {
    if (waits(trade, lot, act.now)) continue;
    const whose = bySilence(lot, silent);
    if (whose === "shop") toShop.push(lot);
    if (whose === "buyer") toBuyer.push(lot);
  }
  next.progress.lots = next.progress.lots.filter((lot) => !toShop.includes(lot) && !toBuyer.includes(lot));
  const [shop, buyer] = [quantitiesOf(toShop), quantitiesOf(toBuyer)];
  const lost = shop.length > 0 ? "buyer" : buyer.length > 0 ? "shop" : undefined;
  if (first || lost !== undefined)
    decision.events.push({ type: "trade.resolved", data: { by: "clock", silent, shop, buyer, lost } });
  goodsToBuyer(decision, { lots: toBuyer, unshipped: [] });
  const unspoken = quantitiesOf(toShop.filter(({ at }) => at === "delivered"));
  goodsToShop(decision, { lots: toShop, unshipped: [] }, act.now, unspoken);
  settleUp(decision, act);
  return decision;
}

/** Those who have not answered: of those who had to, and who had been told of it when their time was over. */
function silentIn({ asked, answerBy, silent = [] }: OpenDispute): Side[] {
  return answerBy === null ? asked.filter((side) => silent.includes(side)) : asked;
}

/** When silence next says something of goods: at the end of the time to answer, and then as their own deadlines end. */
export function silenceSpeaksAt(trade: Trade): Date | null {
  const open = trade.progress.disputed;
  if (open === null) return null;
  if (open.answerBy !== null) return new Date(open.answerBy);
  const silent = silentIn(open);
  const ends = trade.progress.lots.flatMap((lot) =>
    bySilence(lot, silent) === undefined ? [] : [waitsUntil(trade, lot) ?? new Date(open.at)],
  );
  return ends.reduce<Date | null>((first, end) => (first === null || end < first ? end : first), null);
}

/** For whom silence decides a lot, if for anybody. */
function bySilence(lot: Lot, silent: readonly Side[]): Side | undefined {
  const delivered = lot.seen === "delivered";
  const returning = lot.home === "picked_up" || lot.home === "back";
  if (silent.includes("buyer") && delivered && lot.at === "delivered") return "shop";
  // Withdrawn goods were delivered; only a way back that somebody saw speaks for the buyer. Of what it contests a shop has spoken.
  if (silent.includes("shop") && lot.contested === undefined && (returning || !delivered)) return "buyer";
  return silent.length === 2 && delivered && !returning ? "shop" : undefined;
}

/** An operator is late. The money stays where it is, and the time begins anew, so that it is seen and counted. */
export function notDecided(trade: Trade, act: Act): Refused | Decision {
  const open = trade.progress.disputed;
  if (open === null) return { refused: "trade_not_open" };
  const next = draftOf(trade);
  const decision = decided(next);
  const decideBy = after(act.now, decideWithin);
  const lateSince = open.lateSince ?? open.decideBy;
  next.progress.disputed = { ...open, decideBy: decideBy.toISOString(), lateSince };
  keepFrozenUntil(decision, decideBy);
  decision.events.push({
    type: "trade.deadline_near",
    data: { deadline: "decideBy", at: open.decideBy, late: true },
  });
  return decision;
}
