/** What those who are entitled to it say of the goods: accept, reject, and what silence says (S507; paragraphs 0068, 0087). */
import {
  type Act,
  clockOf,
  decided,
  type Decision,
  draftOf,
  endUnshipped,
  expectInspection,
  expectSending,
  isUntold,
  settleUp,
  startAcceptanceClock,
  startCoolingOff,
  arrive,
  checkLines,
  type LineQuantity,
  pick,
  type Picked,
  piecesOf,
  progressOf,
  put,
  quantitiesOf,
  tooMany,
  unshippedGoods,
  type Lot,
  type Trade,
  waitsForNotice,
} from "../trade/trade.ts";
import {
  type AcceptorRole,
  doorCodeEvidence,
  type Refused,
  type RejectionKind,
} from "../protocol/protocol.ts";
import type { Accept, Reject } from "../protocol/schemas.ts";
import { takeAtDoor } from "../guarantees/guarantees.ts";
import { openDispute } from "./disputes.ts";

/** Acceptance by line and quantity. What enough acceptors have confirmed is accepted, and paid when it is due. */
export function accept(trade: Trade, command: Accept, act: Act): Refused | Decision {
  const role = acceptorRole(trade, act, command.operator?.as);
  if (role === undefined) return { refused: "not_an_acceptor" };
  const next = draftOf(trade);
  const confirmed = next.terms.lines.map((_, index) =>
    Math.max(next.progress.confirmed[role]?.[index] ?? 0, progressOf(next, index + 1).accepted),
  );
  const byCode = command.evidence?.kind === doorCodeEvidence;
  const lines = byCode ? handed(next, command.lines, confirmed) : confirmable(next, command.lines, confirmed);
  if ("refused" in lines) return lines;
  if (byCode) delete next.progress.atDoor;
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
  if (handOver(next, lines, confirmed, role)) startAcceptanceClock(decision, act.now);
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
  // No more will be accepted: what never left the shop is released. What has left belongs to nobody's whim.
  if (next.progress.final.length >= next.terms.acceptance.need) endUnshipped(decision, unshippedGoods(next));
  settleUp(decision, act);
  const untaken = command.collected && takeAtDoor(decision, command.collected, act);
  return untaken ?? decision;
}

/** What a code accepts: the goods with which somebody was at the door, or those of them that are named. */
function handed(
  next: Trade,
  named: readonly LineQuantity[] | undefined,
  confirmed: readonly number[],
): Refused | LineQuantity[] {
  const there = (line: number) => next.progress.atDoor?.find((goods) => goods.line === line)?.quantity ?? 0;
  const beyond = named?.find(({ line, quantity }) => quantity > there(line));
  if (beyond !== undefined) return tooMany(beyond.line, there(beyond.line), beyond.quantity);
  const lines = confirmable(next, named, confirmed);
  if ("refused" in lines) return lines;
  return lines
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, there(line)) }))
    .filter(({ quantity }) => quantity > 0);
}

/** What an acceptor can still confirm of the goods that a command names, or of all. */
function confirmable(
  next: Trade,
  lines: readonly LineQuantity[] | undefined,
  confirmed: readonly number[],
): Refused | LineQuantity[] {
  const open = (index: number) => {
    const { rejected, ended } = progressOf(next, index + 1);
    return piecesOf(next.terms.lines[index]) - rejected - ended - (confirmed[index] ?? 0);
  };
  if (lines === undefined) {
    return next.terms.lines
      .map((_, index) => ({ line: index + 1, quantity: open(index) }))
      .filter(({ quantity }) => quantity > 0);
  }
  const refused = checkLines(next.terms.lines, lines);
  if (refused !== undefined) return refused;
  const short = lines.find(({ line, quantity }) => quantity > open(line - 1));
  if (short !== undefined) return tooMany(short.line, Math.max(0, open(short.line - 1)), short.quantity);
  return lines.map(({ line, quantity }) => ({ line, quantity }));
}

/** Which goods are meant where somebody has them: those delivered, then those on their way. */
const here: readonly ((lot: Lot) => boolean)[] = [
  (lot) => lot.at === "delivered" && lot.seen === "delivered",
  (lot) => lot.at === "delivered",
  (lot) => lot.at === "shipped",
];

/** Raises `accepted` to the quantities that enough acceptors have confirmed; returns what was added. */
function countAccepted(trade: Trade): LineQuantity[] {
  const { need } = trade.terms.acceptance;
  const voices = Object.values(trade.progress.confirmed);
  const added: LineQuantity[] = [];
  trade.progress.lines.forEach((line, index) => {
    const counts = voices.map((voice) => voice[index] ?? 0).sort((a, b) => b - a);
    const most = piecesOf(trade.terms.lines[index]) - line.rejected - line.ended;
    const enough = Math.min(counts[need - 1] ?? 0, most);
    if (enough > line.accepted) added.push({ line: index + 1, quantity: enough - line.accepted });
  });
  takeAccepted(trade, added);
  return added;
}

/** Makes goods accepted: they leave their lots. */
function takeAccepted(trade: Trade, goods: readonly LineQuantity[]): void {
  if (goods.length === 0) return;
  const picked = pick(trade, { lines: goods, ranks: here, unshipped: true });
  if ("refused" in picked) throw new Error(`Goods to accept are not there: ${picked.detail}`);
  arrive(
    trade,
    picked.lots.filter(({ at }) => at === "shipped"),
  );
  arrive(trade, picked.unshipped);
  for (const { line, quantity } of goods) progressOf(trade, line).accepted += quantity;
}

/**
 * Counts confirmed goods as delivered, for nobody confirms goods that are not there. True where that makes undecided
 * goods delivered that were not before.
 */
function handOver(
  trade: Trade,
  named: readonly LineQuantity[],
  confirmed: readonly number[],
  role: AcceptorRole,
): boolean {
  let news = false;
  for (const { line } of named) {
    const there = trade.progress.lots.reduce(
      (sum, lot) => (lot.line === line && lot.at === "delivered" ? sum + lot.quantity : sum),
      0,
    );
    const quantity = (confirmed[line - 1] ?? 0) - progressOf(trade, line).accepted - there;
    if (quantity <= 0) continue;
    const ranks = [(lot: Lot) => lot.at === "shipped"];
    const picked = pick(trade, { lines: [{ line, quantity }], ranks, unshipped: true });
    if ("refused" in picked) continue;
    arrive(trade, [...picked.lots, ...picked.unshipped]);
    const said = role === "buyer" ? { received: true as const } : {};
    for (const lot of picked.lots) put(trade, { ...lot, at: "delivered", ...said });
    for (const goods of picked.unshipped) put(trade, { ...goods, at: "delivered", ...said });
    news = true;
  }
  return news;
}

/**
 * The acceptance clock has run out: accepts what was delivered and is undecided. It does not count against a buyer whom
 * nothing has reached; an operator looks instead. One who was told too late has a day.
 */
export function autoAccept(trade: Trade, act: Act): Refused | Decision {
  const next = draftOf(trade);
  if (next.acceptBy === null || next.acceptBy > act.now) return { refused: "nothing_to_accept" };
  const lines = quantitiesOf(next.progress.lots.filter(({ at }) => at === "delivered"));
  if (lines.length === 0) return { refused: "nothing_to_accept" };
  const decision = decided(next);
  if (waitsForNotice(decision, act, "acceptBy", ["buyer"])) return decision;
  if (isUntold(act, "buyer")) {
    openDispute(decision, act, { by: "clock", reason: "Nothing has reached the buyer." });
    next.acceptBy = null;
    return decision;
  }
  takeAccepted(next, lines);
  decision.events.push({ type: "trade.accepted", data: { by: "clock", lines, accepted: lines } });
  startCoolingOff(next, act.now, lines);
  settleUp(decision, act);
  return decision;
}

/**
 * Rejects goods; the money for them stays frozen. Wrong goods have to go back. Missing goods, and those that never came,
 * are for the shop to look into. Without lines it means all that has left the shop, or all there is.
 */
export function reject(trade: Trade, command: Reject, act: Act): Refused | Decision {
  const role = acceptorRole(trade, act, command.operator?.as);
  if (role === undefined) return { refused: "not_an_acceptor" };
  const next = draftOf(trade);
  const kind = command.kind ?? "wrong";
  const isMeant = kind === "never_came" ? (lot: Lot) => mayHaveNeverCome(next, lot, act.now) : () => true;
  const ranks = here.map((isHere) => (lot: Lot) => isHere(lot) && isMeant(lot));
  const left = next.progress.lots.some(({ at }) => at === "delivered" || at === "shipped");
  const unshipped = kind !== "never_came" && (command.lines !== undefined || !left);
  const picked = pick(next, { lines: command.lines, ranks, unshipped });
  if ("refused" in picked) return kind === "never_came" ? neverCame(next, picked) : picked;
  const lines = quantitiesOf(picked.lots, picked.unshipped);
  if (lines.length === 0)
    return kind === "never_came"
      ? neverCame(next, { refused: "already_rejected" })
      : { refused: "already_rejected" };
  for (const { line, quantity } of lines) progressOf(next, line).rejected += quantity;
  for (const lot of picked.lots) put(next, { ...lot, at: "rejected", kind });
  for (const goods of picked.unshipped) put(next, { ...goods, at: "rejected", kind });
  countRejected(next, picked, kind);
  const decision = decided(next);
  decision.events.push({
    type: "trade.rejected",
    data: {
      by: role,
      lines,
      kind,
      reason: command.reason,
      photos: command.photos,
      evidence: command.evidence,
    },
  });
  if (kind === "wrong") expectSending(decision, arrivalOf(next, picked.lots, act.now));
  else expectInspection(decision, act.now);
  settleUp(decision, act);
  return decision;
}

/** Goods that are wrong are there; goods that never came are not, whoever has said so. */
function countRejected(next: Trade, { lots, unshipped }: Picked, kind: RejectionKind): void {
  const were = lots.filter(({ at }) => at === "delivered");
  if (kind !== "never_came") arrive(next, [...lots.filter((lot) => !were.includes(lot)), ...unshipped]);
  else for (const { line, quantity } of were) progressOf(next, line).delivered -= quantity;
}

/** Somebody has said that it came, or its time is over; but who has said *received* cannot say *never came*. */
function mayHaveNeverCome(trade: Trade, lot: Lot, now: Date): boolean {
  if (lot.received === true) return false;
  const by = clockOf(trade, "deliverBy");
  return lot.at === "delivered" || lot.claimed === true || by === null || by <= now;
}

function neverCame(trade: Trade, otherwise: Refused): Refused {
  const under = trade.progress.lots.filter(({ at }) => at === "shipped" || at === "delivered");
  if (under.some(({ at }) => at === "shipped")) return { refused: "not_due_yet" };
  return under.some(({ received }) => received) ? { refused: "already_received" } : otherwise;
}

/** When the buyer has goods at the latest: now, or when goods that a third party carries should have come. */
function arrivalOf(trade: Trade, lots: readonly Lot[], now: Date): Date {
  const by = clockOf(trade, "deliverBy");
  const under = lots.some(({ seen }) => seen === "picked_up");
  return under && by !== null && by > now ? by : now;
}

/**
 * Which acceptor the actor counts as, or undefined where it is none. An operator stands for one
 * of them, a carrier or provider for the acceptor whose code they have.
 */
function acceptorRole(trade: Trade, act: Act, as: AcceptorRole | undefined): AcceptorRole | undefined {
  const { by } = trade.terms.acceptance;
  if (act.role === "clock" || act.role === "collector") return undefined;
  if (act.standsFor !== undefined) return by.includes(act.standsFor) ? act.standsFor : undefined;
  if (act.role !== "operator") return by.includes(act.role) ? act.role : undefined;
  if (as !== undefined) return by.includes(as) ? as : undefined;
  return by.includes("operator") ? "operator" : (by.find((role) => role !== "shop") ?? by[0]);
}
