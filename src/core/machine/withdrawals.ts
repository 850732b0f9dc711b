/**
 * What was paid goes back. Withdrawals: the buyer changes their mind within cooling-off, or takes back what silence has
 * accepted. Refunds: by shop or operator, the way the money came.
 */
import {
  type Act,
  amountUnknown,
  decided,
  type Decision,
  draftOf,
  expectSending,
  giveBack,
  nothingBack,
  toldOf,
  isPaid,
  paidOf,
  owe,
  refundOf,
  release,
  settleUp,
  speakerOf,
  checkLines,
  type LineQuantity,
  progressOf,
  put,
  tooMany,
  unaccept,
  type Lot,
  type Trade,
  worthOf,
} from "../trade/trade.ts";
import type { Refused, WithdrawalRight } from "../protocol/protocol.ts";
import type { Refund, Withdraw } from "../protocol/schemas.ts";

/**
 * The buyer changes their mind within cooling-off, or takes back within two weeks what silence has accepted and is wrong.
 * The goods go back, then the money; each piece is withdrawn once.
 */
export function withdraw(trade: Trade, command: Withdraw, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const right = rightsOf(next).find(({ until }) => until > act.now);
  if (right === undefined) return { refused: "cooling_off_over" };
  const lines = chosenGoods(next, command.lines, right.open);
  if ("refused" in lines) return lines;
  const keeps = right.why === "cooling_off" && next.terms.coolingOff?.goods === "keep";
  const decision = decided(next);
  const before = draftOf(next);
  const back = lines.map((goods) => withdrawn(next, goods, keeps));
  const { reason } = command;
  const by = speakerOf(act) === "operator" ? "buyer" : speakerOf(act);
  decision.events.push({
    type: "trade.withdrawn",
    data: { by, lines, reason, goods: keeps ? "keep" : "return" },
  });
  if (keeps) {
    release(
      decision,
      worthOf(
        before,
        back.map(({ unpaid }) => unpaid),
      ),
    );
    owe(
      decision,
      refundOf(
        before,
        back.map(({ paid }) => paid),
      ),
    );
  } else expectSending(decision, act.now);
  settleUp(decision, act);
  return decision;
}

interface Right {
  why: WithdrawalRight["why"];
  until: Date;
  /** How much of a line, by its index. */
  open: (index: number) => number;
}

/** Why goods may be withdrawn, until when, and how much of each line; cooling-off goes before what silence may have got wrong. */
function rightsOf(trade: Trade): Right[] {
  const { coolingOff, silent, withdrawals, refundedLines } = trade.progress;
  const { unaccepted = [], refunded = [] } = withdrawals ?? {};
  const left = (index: number) => {
    const { accepted, withdrawn } = progressOf(trade, index + 1);
    // A piece is withdrawn once; what a withdrawal has taken or paid back is counted with the withdrawn.
    const otherwise = (refundedLines[index] ?? 0) - (refunded[index] ?? 0);
    return accepted + (unaccepted[index] ?? 0) - withdrawn - otherwise;
  };
  const chosen =
    coolingOff === undefined
      ? []
      : [{ why: "cooling_off" as const, until: new Date(coolingOff), open: left }];
  if (silent === undefined) return chosen;
  const open = (index: number) =>
    Math.min(left(index), (silent.lines[index] ?? 0) - progressOf(trade, index + 1).withdrawn);
  return [...chosen, { why: "silence", until: new Date(silent.until), open }];
}

/** What the buyer can still withdraw from, and until when; the first whose time is not over counts. */
export function withdrawable(trade: Trade): WithdrawalRight[] {
  return rightsOf(trade).flatMap(({ why, until, open }) => {
    const lines = openLines(trade, open);
    return lines.length > 0 ? [{ why, until: until.toISOString(), lines }] : [];
  });
}

function openLines(trade: Trade, open: (index: number) => number): LineQuantity[] {
  return trade.terms.lines.flatMap((_, index) => {
    const quantity = open(index);
    return quantity > 0 ? [{ line: index + 1, quantity }] : [];
  });
}

/** Notes goods of a line as withdrawn, first those that are not paid for: their money is still frozen. */
function withdrawn(
  next: Trade,
  { line, quantity }: LineQuantity,
  keeps: boolean,
): { unpaid: LineQuantity; paid: LineQuantity } {
  const progress = progressOf(next, line);
  const waiting = Math.max(0, progress.accepted - paidOf(next, line));
  const unpaid = { line, quantity: Math.min(quantity, waiting) };
  const paid = { line, quantity: quantity - unpaid.quantity };
  progress.withdrawn += quantity;
  // Their money stays frozen until they are back.
  unaccept(next, line, unpaid.quantity);
  progress.rejected += unpaid.quantity;
  countWithdrawal(next, "unaccepted", unpaid);
  if (keeps) {
    progress.returned += unpaid.quantity;
    next.progress.refundedLines[line - 1] = (next.progress.refundedLines[line - 1] ?? 0) + paid.quantity;
    countWithdrawal(next, "refunded", paid);
    return { unpaid, paid };
  }
  const story = { at: "withdrawn", seen: "delivered" } as const;
  if (unpaid.quantity > 0) put(next, { ...unpaid, ...story, unpaid: true });
  if (paid.quantity > 0) put(next, { ...paid, ...story });
  return { unpaid, paid };
}

function chosenGoods(
  next: Trade,
  lines: readonly LineQuantity[] | undefined,
  open: (index: number) => number,
): Refused | LineQuantity[] {
  const refused = lines === undefined ? undefined : checkLines(next.terms.lines, lines);
  if (refused !== undefined) return refused;
  const short = lines?.find(({ line, quantity }) => quantity > open(line - 1));
  if (short !== undefined) {
    return progressOf(next, short.line).withdrawn > 0
      ? { refused: "already_withdrawn" }
      : tooMany(short.line, Math.max(0, open(short.line - 1)), short.quantity);
  }
  const goods = lines?.map(({ line, quantity }) => ({ line, quantity })) ?? openLines(next, open);
  return goods.length === 0 ? { refused: "already_withdrawn" } : goods;
}

/** A withdrawal that does not happen: the goods count as accepted, as before it. */
export function lapse(next: Trade, lots: readonly Lot[]): void {
  for (const { line, quantity, unpaid } of lots) {
    if (unpaid === undefined) continue;
    const progress = progressOf(next, line);
    progress.accepted += quantity;
    progress.rejected -= quantity;
    countWithdrawal(next, "unaccepted", { line, quantity: -quantity });
  }
}

/** Keeps count of what withdrawals have taken out of what was accepted, or were refunded for. */
export function countWithdrawal(
  next: Trade,
  what: "unaccepted" | "refunded",
  { line, quantity }: LineQuantity,
): void {
  if (quantity === 0) return;
  const none = next.terms.lines.map(() => 0);
  const counts = next.progress.withdrawals ?? { unaccepted: none, refunded: none };
  const count = (each: number, index: number) => (index === line - 1 ? each + quantity : each);
  next.progress.withdrawals = { ...counts, [what]: counts[what].map(count) };
}

/**
 * Pays back what was settled, and never more; by amount, by what shall have been refunded in all, or by goods. Where the
 * shop's account is short, it stands as due.
 */
export function refund(trade: Trade, command: Refund, act: Act): Refused | Decision {
  const { amount, total, lines } = command;
  if ([amount, total, lines].filter((each) => each !== undefined).length !== 1)
    return { refused: "invalid_field", detail: "A refund names an amount, a total, or lines." };
  if (lines === undefined && trade.terms.private === true) return amountUnknown;
  const next = draftOf(trade);
  const refused = lines === undefined ? undefined : noteLines(next, lines);
  if (refused !== undefined) return refused;
  const due = BigInt(next.progress.refundDue?.amount ?? 0);
  const before = next.refunded + due;
  const wanted =
    amount !== undefined
      ? BigInt(amount)
      : total !== undefined
        ? BigInt(total) - before
        : refundOf(trade, lines ?? []);
  // What shall have gone back in all has: the same wish sent twice, by whomever, is one refund.
  if (total !== undefined && wanted <= 0n) return decided(next);
  // Goods that cost nothing are noted as refunded all the same.
  if (wanted <= 0n && lines === undefined)
    return { refused: "amount_exceeds_settled", detail: `${before} is refunded or due already.` };
  if (wanted > next.settled - before) {
    return {
      refused: "amount_exceeds_settled",
      ...(next.terms.private === true
        ? {}
        : { detail: `${next.settled - before} was settled and not yet refunded.` }),
    };
  }
  const decision = decided(next);
  if (act.payeeShort === true && wanted > 0n) owe(decision, wanted);
  else {
    const paid = wanted > 0n ? giveBack(decision, wanted, act) : nothingBack;
    decision.events.push({
      type: "trade.refunded",
      data: { by: act.role, ...toldOf(paid), lines, reason: command.reason },
    });
  }
  return decision;
}

/** Notes which goods were refunded: they were accepted, are not on their way back, and are refunded once. */
function noteLines(next: Trade, lines: readonly LineQuantity[]): Refused | undefined {
  const refused = checkLines(next.terms.lines, lines);
  if (refused !== undefined) return refused;
  for (const { line, quantity } of lines) {
    const back = next.progress.lots.reduce(
      (sum, lot) => (lot.line === line && isPaid(lot) ? sum + lot.quantity : sum),
      0,
    );
    const refunded = (next.progress.refundedLines[line - 1] ?? 0) + quantity;
    if (refunded + back > progressOf(next, line).accepted)
      return {
        refused: "quantity_exceeds_open",
        detail: `Line ${line} has less that was accepted and not refunded.`,
      };
    next.progress.refundedLines[line - 1] = refunded;
  }
  return undefined;
}
