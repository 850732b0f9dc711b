/**
 * What has to be true of orders that branches take: money goes to whom the trade names as its shop, at the institution too,
 * an order has one branch, and a search ends as its offers say.
 */
import type { Trade } from "../../../src/core/trade/trade.ts";
import { type Facilitator, feeAccount } from "./facilitator.ts";
import type { Institution } from "./institution.ts";
import { branches, consentOf, head } from "./opening.ts";

export function faultsOfChains(at: Facilitator, institutions: readonly Institution[]): string[] {
  return [...faultsOfPayees(at, institutions), ...faultsOfShops(at), ...faultsOfSearches(at)];
}

/** The payee of what is frozen is the shop of the trade, and nobody else has ever had a share of it. */
function faultsOfPayees(at: Facilitator, institutions: readonly Institution[]): string[] {
  const faults: string[] = [];
  const byHold = new Map<string, Trade>();
  for (const trade of at.trades.values()) if (trade.hold !== null) byHold.set(trade.hold, trade);
  for (const { id, reservations, entries } of institutions) {
    for (const { id: hold, payee, payeeAccount } of reservations.values()) {
      const account = byHold.get(hold)?.terms.shopAccount;
      if (account === undefined) continue;
      if (payee !== consentOf(at.id, account) || payeeAccount !== account)
        faults.push(`${id}: ${hold} is paid to ${payeeAccount}, and its trade's shop has ${account}`);
    }
    for (const { hold, kind, account, posted } of entries) {
      const trade = byHold.get(hold ?? "");
      if (trade === undefined || kind !== "settle" || posted <= 0n) continue;
      const own = `${feeAccount(trade.currency)} ${at.id}`;
      if (account !== trade.terms.shopAccount && account !== own)
        faults.push(`${id}: ${account} was paid for ${trade.number}, whose shop is ${trade.shop}`);
    }
  }
  return faults;
}

function faultsOfShops({ id, trades, events }: Facilitator): string[] {
  const faults: string[] = [];
  for (const { id: trade, number, shop, chain, currency, terms } of trades.values()) {
    const isBranch = branches.some((branch) => branch === shop);
    if (chain === null ? isBranch : chain !== head || !isBranch)
      faults.push(`${id}: ${number} is of ${shop} in the chain of ${chain}`);
    if (terms.shopName !== shop || terms.shopAccount !== `${shop} ${currency}`)
      faults.push(`${id}: ${number} of ${shop} is paid to ${terms.shopAccount}`);
    const taken = (events.get(trade) ?? []).flatMap(({ types }) =>
      types.filter((type) => type === "trade.assigned"),
    );
    if (taken.length !== (chain === null ? 0 : 1))
      faults.push(`${id}: ${number} was taken ${taken.length} times`);
  }
  return faults;
}

function faultsOfSearches({ id, trades, search: { searches, offers } }: Facilitator): string[] {
  const faults: string[] = [];
  for (const { trade, state } of searches.values()) {
    const asked = offers.filter((offer) => offer.trade === trade);
    const taken = asked.filter((offer) => offer.state === "taken");
    if (new Set(asked.map(({ branch }) => branch)).size < asked.length)
      faults.push(`${id}: a branch was asked twice for ${trade}`);
    if (state === "assigned" && taken[0]?.branch !== trades.get(trade)?.shop)
      faults.push(`${id}: ${trade} is of ${trades.get(trade)?.shop}, and ${taken[0]?.branch} has taken it`);
    if (taken.length > 1) faults.push(`${id}: ${taken.length} branches have taken ${trade}`);
    // A branch that was asked had the time to answer, and the one that took the order has it.
    if (state === "unplaced" && (taken.length > 0 || asked.some((offer) => offer.state === "withdrawn")))
      faults.push(`${id}: ${trade} found no branch, while one was still asked`);
  }
  return faults;
}
