/** The accounts in the world: what the trade has brought the shop and the server, and what the shop may have early. */
import { begun, beyondLimit, changed, type AdvanceAccount } from "../../engines/advances/advances.ts";
import { type Act, type Decision, keptBack, keptUntil, type Trade, upTo } from "../../core/trade/trade.ts";
import type { Setting } from "./setting.ts";

/** At what price the server pays a shop early, in hundredths of a percent, and from where. */
const prices = {
  from: "server",
  into: "server",
  acceptedBasisPoints: 100,
  reservedBasisPoints: 300,
} as const;

/** How the server buys a claim: of goods that were seen, or at any time where the shop's standing lets it. */
export const earlyTerms = ({ early }: Setting) =>
  ({ ...prices, of: early === "always" ? "all" : "seen" }) as const;

/** There is one institution in the search. */
const place = "institution";

/** Minor units in each account that the trade has moved money in, and what the shop has had early. */
export interface Books {
  accounts: Readonly<Record<string, number>>;
  early: AdvanceAccount;
}

/** The books before the trade. What the shop owes from other trades, the server has paid then. */
export function freshBooks({ debt = 0, collected }: Setting): Books {
  const debts = new Map(debt === 0 ? [] : [[place, { owed: BigInt(debt), covering: 0n, covered: 0n }]]);
  const sums = { outstanding: 0n, owed: BigInt(debt), covering: 0n, covered: 0n };
  const early = { shop: "shop", currency: "JPY", ...sums, debts };
  const own = { shop: 0, server: -debt };
  return { accounts: collected === undefined ? own : { ...own, ...noDebts }, early };
}

/** At a guarantor: what the buyer owes on the line, what they have paid of bills, and what was given up of it. */
const noDebts = { line: 0, bills: 0, losses: 0 };

/** What the buyer owes the guarantor. */
export const billOf = ({ accounts: { line = 0 } }: Books): number => (line < 0 ? -line : 0);

/** The buyer pays a bill, or the guarantor gives it up. */
export function withoutBill(books: Books, how: "bills" | "losses"): Books {
  const { accounts } = books;
  return { ...books, accounts: { ...accounts, line: 0, [how]: (accounts[how] ?? 0) + billOf(books) } };
}

/**
 * What was claimed the buyer owes, and what is refunded of it stands on the line: to what was given up before it is a recovery.
 * `kept`: the rule is off, and all of it is the buyer's.
 */
function onLine(accounts: Record<string, number>, amount: number, kept: boolean): void {
  const { line = 0, losses = 0 } = accounts;
  const back = kept || amount < 0 ? 0 : Math.min(losses, Math.max(0, line + amount));
  accounts["line"] = line + amount - back;
  accounts["losses"] = losses - back;
}

/** The books after a decision. Throws where a payment does not add up, which is a finding. */
export function booked(
  { accounts, early }: Books,
  { effects, events }: Decision,
  { keepsRefunds = false }: { keepsRefunds?: boolean | undefined } = {},
): Books {
  const next: Record<string, number> = { ...accounts };
  let account = early;
  const move = (name: string, amount: bigint) => {
    next[name] = (next[name] ?? 0) + Number(amount);
    return amount;
  };
  for (const effect of effects) {
    switch (effect.do) {
      case "settle":
        check(effect.amount, ...effect.splits.map((share) => move(share.account, share.amount)));
        if ("line" in next) onLine(next, -Number(effect.amount), keepsRefunds);
        break;
      case "refund":
      case "reimburse":
        if ("line" in next && effect.do === "refund") onLine(next, Number(effect.amount), keepsRefunds);
        check(-effect.amount, ...effect.sources.map((share) => move(share.account, -share.amount)));
        break;
      case "transfer":
        move(effect.from, -effect.amount);
        move(effect.to, effect.amount);
        break;
      case "use advance":
        if (effect.change === "covered") account = changed(account, { ...begun(effect), institution: place });
        account = changed(account, { ...effect, institution: place });
        break;
      default:
    }
  }
  // A collector pays the shop what it was paid; the search takes no fee.
  for (const { data = {} } of events)
    if (data["collected"] === true) move("shop", BigInt(Number(data["amount"])));
  return { accounts: next, early: account };
}

function check(amount: bigint, ...parts: bigint[]): void {
  if (parts.reduce((sum, part) => sum + part, 0n) !== amount)
    throw new Error(`The parts of ${amount} do not add up.`);
}

/** Minor units in the shop's account: the search takes no fee. */
export const balanceOf = ({ accounts }: Books): number => accounts["shop"] ?? 0;

/** What the shop may take away: all but what the buyer can still ask back. */
export function payableOf(trade: Trade, books: Books, now: number): number {
  const kept = trade.progress.guarantee === undefined ? keptBack(trade) : keptAnywhere(trade);
  const isOver = kept === undefined || (kept.until !== null && kept.until.getTime() <= now);
  return Math.max(0, balanceOf(books) - (isOver ? 0 : Number(kept.amount)));
}

/** At a guarantor: what is kept in its books, and what the collector keeps, which the search has in one account. */
function keptAnywhere(trade: Trade): ReturnType<typeof keptBack> {
  const until = keptUntil(trade);
  return until === undefined ? undefined : { amount: trade.settled - trade.refunded, until };
}

/** What the shop owes the server. */
export function debtIn({ early }: Books): Act["debt"] {
  return early.owed > 0n ? { account: prices.into, amount: early.owed } : undefined;
}

/** Whether a decision gives the shop more early than this server lets it have. */
export function isTooMuchEarly({ advance = 0 }: Setting, { early }: Books, { effects }: Decision): boolean {
  const rules = { ...prices, limitPerShop: { JPY: advance } };
  return effects.some(
    (effect) =>
      effect.do === "use advance" &&
      effect.change === "advanced" &&
      beyondLimit(rules, early, effect.amount) !== undefined,
  );
}

/** True where what was bought cannot be given back any more: it is accepted, and the time for that is over. */
function isFirm({ state, coolingOffUntil }: Trade, now: number): boolean {
  return state === "accepted" && (coolingOffUntil === null || coolingOffUntil.getTime() <= now);
}

/** True where more was bought than goods are worth that others than the shop have seen, or that are accepted. */
function isUnseen({ terms, progress }: Trade): boolean {
  const seen = terms.lines.reduce((sum, terms, index) => {
    const under = progress.lots.filter(
      ({ line, seen: by, received }) => line === index + 1 && (by !== undefined || received === true),
    );
    const pieces = under.reduce(
      (count, { quantity }) => count + quantity,
      progress.lines[index]?.accepted ?? 0,
    );
    return sum + Number(upTo(terms, pieces));
  }, progress.divided);
  return (progress.advance?.amount ?? 0) > seen;
}

/** What was bought of the shop's claim: for good, on no word but the shop's where no standing lets it, or else. */
export function boughtOf(setting: Setting, next: Trade, now: number): "early" | "firm" | "unseen" {
  if (setting.early !== "always" && isUnseen(next)) return "unseen";
  return isFirm(next, now) ? "firm" : "early";
}
