/** Paying the shop early (paragraph 0094). Later settlements repay the server; the shop owes what they do not repay. */
import {
  decided,
  type Decision,
  draftOf,
  type Effect,
  outstandingOf,
  owed,
  type Trade,
  valueOf,
  worthOf,
} from "../trade/trade.ts";
import { feeOn, percentOf } from "../money/money.ts";
import type { AcceptorRole, Refused } from "../protocol/protocol.ts";

/**
 * From which account the shop is paid, into which the money comes back, what it costs, in basis points, and what of the claim
 * is bought: `seen`, goods that somebody has seen leave who gains nothing by it, or that have come; or `all` that is frozen.
 */
export interface AdvanceCommand {
  of: "seen" | "all";
  from: string;
  into: string;
  acceptedBasisPoints: number;
  reservedBasisPoints: number;
}

/**
 * Buys the claim: what the shop would get if all that is frozen were settled, or what of it was seen, without goods that are on
 * their way back. The price is lower once everything is accepted. It is rounded up, in favour of the server that pays early.
 */
export function advance(trade: Trade, command: AdvanceCommand): Refused | Decision {
  if (trade.terms.private === true)
    return {
      refused: "nothing_to_advance",
      detail: "The trade is private: this server does not know what it brings.",
    };
  if (trade.progress.guarantee !== undefined)
    return {
      refused: "nothing_to_advance",
      detail: "A guarantor stands for it: the shop is paid by the buyer.",
    };
  if (trade.progress.advance !== undefined) return { refused: "already_advanced" };
  const next = draftOf(trade);
  const { fee: rule, shopAccount } = next.terms;
  const goingBack = worthOf(
    next,
    next.progress.lines.map(({ rejected, returned }, index) => ({
      line: index + 1,
      quantity: rejected - returned,
    })),
  );
  const whole = next.frozen - goingBack;
  const seen = command.of === "all" ? whole : seenOf(next);
  const claim = seen < whole ? seen : whole;
  if (claim <= 0n && whole > 0n) return { refused: "not_seen_shipped" };
  const fee = feeOn(next.settled + claim, { ...rule, fixed: BigInt(rule.fixed) });
  const amount = claim - (fee - BigInt(next.progress.feeTaken));
  const accepted = next.state === "accepted";
  const price = percentOf(
    amount < 0n ? 0n : amount,
    accepted ? command.acceptedBasisPoints : command.reservedBasisPoints,
    "up",
  );
  const paid = amount - price;
  if (paid <= 0n) return { refused: "nothing_to_advance" };
  const { into } = command;
  const terms = { amount: Number(amount), price: Number(price), paid: Number(paid) };
  next.progress.advance = { into, ...terms, recovered: 0, owed: 0 };
  const decision = decided(next);
  decision.effects.push(
    { do: "transfer", from: command.from, to: shopAccount, currency: next.currency, amount: paid },
    use(next, "advanced", amount),
  );
  decision.events.push({
    type: "trade.advanced",
    data: { ...terms, on: accepted ? "accepted" : "reserved" },
  });
  return decision;
}

/**
 * What goods are worth that are frozen and of which not only the shop says that they have left: an independent party has seen
 * them, the buyer has them, or they are accepted.
 */
function seenOf(trade: Trade): bigint {
  const seen = trade.progress.lots.filter(
    ({ at, seen: by, received }) =>
      (at === "shipped" || at === "delivered") && (by !== undefined || received === true),
  );
  const accepted = (index: number) => trade.progress.lines[index]?.accepted ?? 0;
  const seenOfLine = (index: number) =>
    seen.reduce((sum, { line, quantity }) => (line === index + 1 ? sum + quantity : sum), 0);
  const worth =
    valueOf(trade.terms, (index) => accepted(index) + seenOfLine(index)) - valueOf(trade.terms, accepted);
  return acceptedByOthers(trade) + worth;
}

/**
 * What is accepted and still frozen. Where the shop, or a carrier or provider who is not independent of it, may accept alone
 * and has, it does not count; nor does what silence has accepted, where the shop's word starts that clock.
 */
function acceptedByOthers(trade: Trade): bigint {
  const { terms, progress } = trade;
  const waiting = owed(trade);
  const { by, need, shopWord } = terms.acceptance;
  const isOther = (role: AcceptorRole): boolean =>
    role === "carrier" || role === "provider" ? terms.independent.includes(role) : role !== "shop";
  const near = by.filter((role) => !isOther(role));
  if (need <= near.length && near.some((role) => progress.confirmed[role] !== undefined)) return 0n;
  if (shopWord !== true && !by.includes("shop")) return waiting;
  const silent = valueOf(terms, (index) => progress.silent?.lines[index] ?? 0);
  return silent < waiting ? waiting - silent : 0n;
}

/**
 * Divides the shop's share of a settlement: first it repays the advance on this trade, then the shop's debt from other
 * trades; the shop gets the rest.
 */
export function redirect(decision: Decision, debt: { account: string; amount: bigint } | undefined): void {
  const { next } = decision;
  const bought = next.progress.advance;
  const settle = decision.effects.find((effect) => effect.do === "settle");
  if (settle === undefined || (bought === undefined && debt === undefined)) return;
  const shares = new Map(settle.splits.map(({ account, amount }) => [account, amount]));
  const take = (account: string, most: bigint): bigint => {
    const left = shares.get(next.terms.shopAccount) ?? 0n;
    const taken = most < left ? most : left;
    shares.set(next.terms.shopAccount, left - taken);
    shares.set(account, (shares.get(account) ?? 0n) + taken);
    return taken;
  };
  const uses: Effect[] = [];
  const told: Record<string, number> = {};
  if (bought !== undefined) {
    const recovered = take(bought.into, outstandingOf(bought));
    next.progress.advance = { ...bought, recovered: bought.recovered + Number(recovered) };
    if (recovered > 0n) uses.push(use(next, "recovered", recovered));
    if (recovered > 0n) told["recovered"] = Number(recovered);
  }
  if (debt !== undefined) {
    const covered = take(debt.account, debt.amount);
    if (covered > 0n) uses.push(use(next, "covered", covered));
    if (covered > 0n) told["covered"] = Number(covered);
  }
  const splits = [...shares].map(([account, amount]) => ({ account, amount }));
  settle.splits = splits.filter(({ amount }) => amount > 0n);
  decision.effects.push(...uses);
  const event = decision.events.find(({ type }) => type === "trade.settled");
  if (event !== undefined) event.data = { ...event.data, ...told };
}

/** Once nothing is frozen, no settlement can follow: the shop owes what is still missing of the advance. */
export function recourse(decision: Decision): void {
  const { next } = decision;
  const bought = next.progress.advance;
  if (bought === undefined || next.frozen > 0n) return;
  const missing = outstandingOf(bought);
  if (missing === 0n) return;
  next.progress.advance = { ...bought, owed: bought.owed + Number(missing) };
  decision.effects.push(use(next, "owed", missing));
  decision.events.push({ type: "trade.recourse", data: { amount: Number(missing) } });
}

function use(
  { shop, currency }: Trade,
  change: "advanced" | "recovered" | "owed" | "covered",
  amount: bigint,
): Effect {
  return { do: "use advance", shop, currency, change, amount };
}
