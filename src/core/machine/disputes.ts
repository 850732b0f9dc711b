/** Disputes: they open, the clocks of payment stop, and the other side answers. */
import {
  type Act,
  after,
  decided,
  type Decision,
  draftOf,
  keepFrozenUntil,
  sideOf,
  type LineQuantity,
  pick,
  put,
  quantitiesOf,
  type Lot,
  type OpenDispute,
  type Side,
  type Trade,
  answerWithin,
  decideWithin,
} from "../trade/trade.ts";
import type { ContestReason, Refused } from "../protocol/protocol.ts";
import type { AnswerDispute, Dispute, Say } from "../protocol/schemas.ts";

interface Opening {
  by: OpenDispute["by"];
  reason: string;
  contest?: ContestReason | undefined;
  lines?: readonly LineQuantity[] | undefined;
}

/** Opens a dispute, or says in the one that is open what more there is to it. */
export function openDispute(decision: Decision, act: Act, { by, reason, contest, lines }: Opening): void {
  const { next } = decision;
  const answerBy = after(act.now, answerWithin);
  const decideBy = after(answerBy, decideWithin);
  if (next.progress.disputed === null) {
    const asked: Side[] = by === "buyer" ? ["shop"] : by === "shop" ? ["buyer"] : ["buyer", "shop"];
    next.progress.disputed = {
      at: act.now.toISOString(),
      from: next.state,
      by,
      asked,
      answerBy: answerBy.toISOString(),
      decideBy: decideBy.toISOString(),
    };
    next.state = "disputed";
    keepFrozenUntil(decision, decideBy);
  }
  decision.events.push({ type: "trade.disputed", data: { by, reason, contest, lines } });
}

/**
 * Stops the clocks until somebody has decided. Each side opens one dispute of its own in a trade; what the shop contests is
 * apart from that, and belongs to the goods that it names.
 */
function dispute(trade: Trade, command: Dispute, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const decision = decided(next);
  const by = sideOf(act) ?? "operator";
  if (command.contest !== undefined) return contest(decision, command, act);
  if (next.progress.disputed !== null) return { refused: "trade_disputed", detail: "The trade is disputed." };
  // What is accepted for good is owed: a dispute about it could only hold the payment back.
  if (next.progress.lots.length === 0) {
    if (next.state === "settled") return { refused: "already_settled" };
    if (next.state === "accepted") return { refused: "already_accepted" };
  }
  const own = next.progress.disputesOf ?? [];
  if (own.includes(by)) return { refused: "already_disputed" };
  next.progress.disputesOf = [...own, by];
  openDispute(decision, act, { by, reason: command.reason });
  return decision;
}

/** The shop does not take it that goods are back as they were, or that they never came. */
function contest(decision: Decision, command: Dispute, act: Act): Refused | Decision {
  const { next } = decision;
  const by = sideOf(act) ?? "operator";
  if (by === "buyer")
    return { refused: "not_allowed", detail: "What comes back is for the shop to contest." };
  const { lines, tracking, contest: reason } = command;
  const isMeant = (lot: Lot) =>
    (lot.at === "rejected" || lot.at === "withdrawn") &&
    (lot.contested === undefined || (lot.home === "back" && lot.contested !== reason)) &&
    (tracking === undefined || lot.back === tracking.number);
  const likeliest = likely[reason ?? "no_right"];
  const ranks = [...likeliest, () => true].map((isIt) => (lot: Lot) => isMeant(lot) && isIt(lot));
  const picked = pick(next, { lines, ranks });
  if ("refused" in picked) return picked;
  if (picked.lots.length === 0) return { refused: "nothing_to_return" };
  for (const lot of picked.lots)
    put(next, { ...lot, ...(reason === undefined ? {} : { contested: reason }) });
  openDispute(decision, act, {
    by: "shop",
    reason: command.reason,
    contest: reason,
    lines: quantitiesOf(picked.lots),
  });
  return decision;
}

const cameBack = (lot: Lot): boolean => lot.home === "back";
const comesBack = (lot: Lot): boolean => lot.home !== undefined;

/** Which goods a contest means, the likeliest first: what is back was looked at, and what never came cannot be back. */
const likely: Record<ContestReason, readonly ((lot: Lot) => boolean)[]> = {
  not_back: [(lot) => lot.home === "said", (lot) => lot.kind === "wrong"],
  another_article: [(lot) => cameBack(lot) && lot.contested === undefined, cameBack, comesBack],
  used: [(lot) => cameBack(lot) && lot.contested === undefined, cameBack, comesBack],
  no_right: [(lot) => lot.kind !== undefined && lot.kind !== "wrong"],
};

/** A side that was asked has answered; once all have, an operator has their time to decide. */
function answer(trade: Trade, command: AnswerDispute, act: Act): Refused | Decision {
  const open = trade.progress.disputed;
  const side = sideOf(act);
  if (side === undefined)
    return { refused: "not_allowed", detail: "An operator says for which side they answer." };
  if (open === null || !open.asked.includes(side)) return { refused: "already_answered" };
  const next = draftOf(trade);
  const asked = open.asked.filter((each) => each !== side);
  const heard = asked.length === 0;
  const decideBy = after(act.now, decideWithin).toISOString();
  next.progress.disputed = {
    ...open,
    asked,
    answerBy: heard ? null : open.answerBy,
    decideBy: heard && decideBy < open.decideBy ? decideBy : open.decideBy,
  };
  const decision = decided(next);
  const { statement, evidence } = command;
  decision.events.push({ type: "trade.answered", data: { by: side, statement, evidence } });
  return decision;
}

/** How often each side, and operators, can add to a dispute. */
const wordsMost = 20;

/**
 * Somebody adds to an open dispute what they have to say. It moves no clock and decides nothing: who is asked still has to
 * answer.
 */
function say(trade: Trade, { words, photos }: Say, act: Act): Refused | Decision {
  const open = trade.progress.disputed;
  if (open === null) return { refused: "trade_not_open" };
  const by = sideOf(act) ?? "operator";
  const said = open.said?.[by] ?? 0;
  if (said >= wordsMost)
    return { refused: "too_many_words", detail: `Each side adds ${wordsMost} times at most to a dispute.` };
  const next = draftOf(trade);
  next.progress.disputed = { ...open, said: { ...open.said, [by]: said + 1 } };
  const decision = decided(next);
  decision.events.push({ type: "trade.said", data: { by, words, photos } });
  return decision;
}

type Argument = ({ do: "dispute" } & Dispute) | ({ do: "answer" } & AnswerDispute) | ({ do: "say" } & Say);

/** All that somebody says who does not agree. */
export function argue(trade: Trade, command: Argument, act: Act): Refused | Decision {
  if (command.do === "dispute") return dispute(trade, command, act);
  return command.do === "answer" ? answer(trade, command, act) : say(trade, command, act);
}

/** Remembers an operator who acts for a side: they do not decide a dispute of this trade. */
export function rememberSpeaker(next: Trade, { role, actor, operator }: Act): void {
  if (role !== "operator" || actor === null || operator === undefined) return;
  const speaks = operator.channel !== "desk" || operator.as === "buyer" || operator.as === "shop";
  const known = next.progress.spokeFor ?? [];
  if (speaks && !known.includes(actor)) next.progress.spokeFor = [...known, actor];
}
