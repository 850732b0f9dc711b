/** Moves about the goods: deliver, accept, reject, return (S507; paragraphs 0068, 0087, 0089). */
import type { AcceptorRole, Refused } from "../protocol/protocol.ts";
import type { Accept, AtDoor, Deliver, Reject, Return } from "../protocol/schemas.ts";
import {
  type Act,
  decided,
  type Decision,
  draftOf,
  release,
  settleUp,
  startAcceptanceClock,
  startCoolingOff,
} from "./decision.ts";
import { type Trade, undecided, valueOf } from "./trade.ts";

type LineQuantity = { line: number; quantity: number };

/** Takes evidence of a delivery and starts the acceptance clock. Evidence of an earlier delivery is only recorded. */
export function deliver(trade: Trade, command: Deliver, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const open = (index: number) =>
    (next.terms.lines[index]?.quantity ?? 0) - (next.progress.lines[index]?.delivered ?? 0);
  const lines = chosen(next, command.lines, open);
  if ("refused" in lines) return lines;
  const decision = decided(next);
  for (const { line, quantity } of lines) progressOf(next, line).delivered += quantity;
  next.state = "delivered";
  if (lines.length > 0) startAcceptanceClock(decision, act.now);
  decision.events.push({
    type: "trade.delivered",
    data: { lines, evidence: command.evidence, claimedAt: command.claimedAt },
  });
  return decision;
}

/**
 * The carrier or provider is at the door with the goods. The state stays; the event is recorded, and from now on buyer or
 * recipient can give a code with which the carrier or provider sends their acceptance (paragraph 0089).
 */
export function atDoor(trade: Trade, command: AtDoor): Refused | Decision {
  const { by } = trade.terms.acceptance;
  if (!by.includes("buyer") && !by.includes("recipient")) {
    return { refused: "not_an_acceptor", detail: "Neither buyer nor recipient accepts this trade." };
  }
  const decision = decided(draftOf(trade));
  decision.events.push({ type: "trade.at_door", data: { evidence: command.evidence } });
  return decision;
}

/** Acceptance by line and quantity. What enough acceptors have confirmed is accepted, and paid when it is due. */
export function accept(trade: Trade, command: Accept, act: Act): Refused | Decision {
  const role = acceptorRole(trade, act, command.operator?.as);
  if (role === undefined) return { refused: "not_an_acceptor" };
  const next = draftOf(trade);
  const confirmed = next.terms.lines.map((_, index) =>
    Math.max(next.progress.confirmed[role]?.[index] ?? 0, progressOf(next, index + 1).accepted),
  );
  const open = (index: number) =>
    next.progress.closed
      ? 0
      : (next.terms.lines[index]?.quantity ?? 0) -
        progressOf(next, index + 1).rejected -
        (confirmed[index] ?? 0);
  const lines = chosen(next, command.lines, open);
  if ("refused" in lines) return lines;
  if (lines.length === 0) {
    return {
      refused: next.progress.confirmed[role] === undefined ? "nothing_to_accept" : "already_accepted",
    };
  }
  for (const { line, quantity } of lines) confirmed[line - 1] = (confirmed[line - 1] ?? 0) + quantity;
  next.progress.confirmed[role] = confirmed;
  if (command.final === true && !next.progress.final.includes(role)) next.progress.final.push(role);
  const counted = countAccepted(next);
  const decision = decided(next);
  if (handOver(next, lines, confirmed)) startAcceptanceClock(decision, act.now);
  decision.events.push({
    type: "trade.accepted",
    data: {
      by: role,
      lines,
      accepted: counted,
      final: command.final,
      evidence: command.evidence,
      claimedAt: command.claimedAt,
    },
  });
  if (counted.length > 0) startCoolingOff(next, act.now);
  const final = next.progress.final.length >= next.terms.acceptance.need;
  settleUp(decision, act.now, final ? "undecided" : "nothing");
  return decision;
}

/** The acceptance clock has run out: accepts what was delivered and is undecided. */
export function autoAccept(trade: Trade, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const lines: LineQuantity[] = [];
  next.progress.lines.forEach((line, index) => {
    const quantity = Math.min(line.delivered - line.accepted - line.rejected, undecided(next, index));
    if (quantity > 0) lines.push({ line: index + 1, quantity });
  });
  if (lines.length === 0 || next.acceptBy === null || next.acceptBy > act.now)
    return { refused: "nothing_to_accept" };
  for (const { line, quantity } of lines) progressOf(next, line).accepted += quantity;
  const decision = decided(next);
  decision.events.push({ type: "trade.accepted", data: { by: "clock", lines, accepted: lines } });
  startCoolingOff(next, act.now);
  settleUp(decision, act.now, "nothing");
  return decision;
}

/** Rejects wrong or missing goods; the money for them stays frozen until they are back. */
export function reject(trade: Trade, command: Reject, act: Act): Refused | Decision {
  const role = acceptorRole(trade, act, command.operator?.as);
  if (role === undefined) return { refused: "not_an_acceptor" };
  const next = draftOf(trade);
  const lines = chosen(next, command.lines, (index) => undecided(next, index));
  if ("refused" in lines) return lines;
  if (lines.length === 0) return { refused: "already_rejected" };
  for (const { line, quantity } of lines) {
    const progress = progressOf(next, line);
    progress.rejected += quantity;
    progress.delivered = Math.max(progress.delivered, progress.accepted + progress.rejected);
  }
  const decision = decided(next);
  decision.events.push({
    type: "trade.rejected",
    data: { by: role, lines, reason: command.reason, evidence: command.evidence },
  });
  settleUp(decision, act.now, "nothing");
  return decision;
}

/** Rejected goods are back: releases the money for them. */
export function takeBack(trade: Trade, command: Return, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const open = (index: number) => progressOf(next, index + 1).rejected - progressOf(next, index + 1).returned;
  const lines = chosen(next, command.lines, open);
  if ("refused" in lines) return lines;
  if (lines.length === 0) return { refused: "nothing_to_return" };
  for (const { line, quantity } of lines) progressOf(next, line).returned += quantity;
  const amount = valueOf(next.terms, (index) => lines.find(({ line }) => line === index + 1)?.quantity ?? 0);
  const decision = decided(next);
  decision.events.push({
    type: "trade.returned",
    data: { lines, amount: Number(amount), evidence: command.evidence },
  });
  release(decision, amount);
  settleUp(decision, act.now, "nothing");
  return decision;
}

/**
 * Which acceptor the actor counts as, or undefined where it is none. An operator stands for one
 * of them, a carrier or provider for the acceptor whose code they have.
 */
function acceptorRole(trade: Trade, act: Act, as: AcceptorRole | undefined): AcceptorRole | undefined {
  const { by } = trade.terms.acceptance;
  if (act.role === "clock") return undefined;
  if (act.standsFor !== undefined) return by.includes(act.standsFor) ? act.standsFor : undefined;
  if (act.role !== "operator") return by.includes(act.role) ? act.role : undefined;
  if (as !== undefined) return by.includes(as) ? as : undefined;
  return by.includes("operator") ? "operator" : (by.find((role) => role !== "shop") ?? by[0]);
}

/**
 * Counts confirmed goods as delivered, for nobody confirms goods that are not there. True where that makes undecided
 * goods delivered that were not before.
 */
function handOver(trade: Trade, named: readonly LineQuantity[], confirmed: readonly number[]): boolean {
  let news = false;
  for (const { line } of named) {
    const progress = progressOf(trade, line);
    const seen = progress.rejected + (confirmed[line - 1] ?? 0);
    if (seen <= progress.delivered) continue;
    progress.delivered = seen;
    news ||= seen > progress.accepted + progress.rejected;
  }
  return news;
}

/** Raises `accepted` to the quantities that enough acceptors have confirmed; returns what was added. */
function countAccepted(trade: Trade): LineQuantity[] {
  const { need } = trade.terms.acceptance;
  const voices = Object.values(trade.progress.confirmed);
  const added: LineQuantity[] = [];
  trade.progress.lines.forEach((line, index) => {
    const counts = voices.map((voice) => voice[index] ?? 0).sort((a, b) => b - a);
    const enough = Math.min(counts[need - 1] ?? 0, (trade.terms.lines[index]?.quantity ?? 0) - line.rejected);
    if (enough <= line.accepted) return;
    added.push({ line: index + 1, quantity: enough - line.accepted });
    line.accepted = enough;
    line.delivered = Math.max(line.delivered, line.accepted + line.rejected);
  });
  return added;
}

function progressOf(trade: Trade, line: number): Trade["progress"]["lines"][number] {
  const progress = trade.progress.lines[line - 1];
  if (progress === undefined) throw new RangeError(`The trade has no line ${line}.`);
  return progress;
}

/** The lines that a command names, or all open lines. Refuses a quantity that is not open. */
function chosen(
  trade: Trade,
  lines: readonly LineQuantity[] | undefined,
  open: (index: number) => number,
): Refused | LineQuantity[] {
  if (lines === undefined) {
    return trade.terms.lines
      .map((_, index) => ({ line: index + 1, quantity: open(index) }))
      .filter(({ quantity }) => quantity > 0);
  }
  const seen = new Set<number>();
  for (const { line, quantity } of lines) {
    if (line > trade.terms.lines.length)
      return { refused: "unknown_line", detail: `The trade has no line ${line}.` };
    if (seen.has(line)) return { refused: "invalid_field", detail: `Line ${line} is named twice.` };
    seen.add(line);
    const left = Math.max(0, open(line - 1));
    if (quantity > left) {
      return { refused: "quantity_exceeds_open", detail: `Line ${line} has ${left} open, not ${quantity}.` };
    }
  }
  return lines.map(({ line, quantity }) => ({ line, quantity }));
}
