/** Shops paid early: what a server allows, what shops owe it, and what is kept of it with the trades of a batch. */
import type { Act, Decision, Trade } from "../../core/trade/trade.ts";
import {
  accountKey,
  type AdvanceAccount,
  type AdvanceChange,
  type AdvanceRow,
  beyondLimit,
  changed,
  lockAdvanceAccounts,
  openAdvanceAccounts,
  writeAdvanceAccounts,
  writeAdvances,
} from "../advances/advances.ts";
import type { Client } from "../../storage/database/database.ts";
import { type Command } from "../../core/machine/machine.ts";
import type { Refused } from "../../core/protocol/protocol.ts";
import { type EarlyPayments, shopsOf, type World } from "./world.ts";
import { type KeptTrade, stepIn } from "./kept-trade.ts";
import type { Request } from "./world.ts";

/** Whose sums a batch changes, of which some are opened first, and whose debts it may have to take. */
export function soughtAdvances(requests: readonly Request[], trades: readonly KeptTrade[]) {
  const asking = new Set(
    requests.flatMap((request) =>
      request.do === "move" && request.body.do === "advance" ? [`${request.number} ${asker(request)}`] : [],
    ),
  );
  // Any other caller is refused, and leaves nothing behind.
  const isAsked = (trade: KeptTrade) =>
    asking.has(`${trade.number} desk`) ||
    shopsOf([trade]).some((shop) => asking.has(`${trade.number} ${shop}`));
  const using = trades.filter(
    (trade) =>
      isAsked(trade) || trade.progress.advance !== undefined || stepIn(trade.pending)?.advances !== undefined,
  );
  return {
    opened: trades
      .filter(isAsked)
      .flatMap((trade) => shopsOf([trade]).map((shop) => ({ shop, currency: trade.currency }))),
    using: shopsOf(using),
    owing: shopsOf(trades),
  };
}

/** Locks what shops were paid early, where a trade of theirs has to do with it or they owe something. */
export async function lockAdvances(
  client: Client,
  requests: readonly Request[],
  trades: readonly KeptTrade[],
): Promise<AdvanceAccount[]> {
  if (trades.length === 0) return [];
  const { opened, using, owing } = soughtAdvances(requests, trades);
  const [, accounts] = await Promise.all([
    opened.length === 0 ? 0 : openAdvanceAccounts(client, opened),
    lockAdvanceAccounts(client, using, owing),
  ]);
  return accounts;
}

const asker = ({ actor }: Request & { do: "move" }): string =>
  actor.kind === "operator" ? "desk" : actor.id;

/** The move by which the shop of this trade is paid early, or why this server does not do that. */
export function advanceFor(world: World, trade: Trade): Refused | Command {
  const advances = world.advances?.rules;
  if (advances === undefined) return { refused: "not_allowed", detail: "This server pays no shop early." };
  const shop = world.shops.get(trade.shop);
  if (shop?.state !== "approved") return { refused: "shop_suspended" };
  const { paidEarly } = shop.standing;
  if (paidEarly === "never")
    return { refused: "not_allowed", detail: "An operator does not let this shop be paid early." };
  const { acceptedBasisPoints, reservedBasisPoints } = advances;
  const accounts = { from: advances.from(trade.currency), into: advances.into(trade.currency) };
  const of = paidEarly === "always" ? "all" : "seen";
  return { do: "advance", of, acceptedBasisPoints, reservedBasisPoints, ...accounts };
}

/** Whether a step would let the shop have more early than it may. */
export function tooMuchEarly({ advances, shops }: World, decision: Decision): Refused | undefined {
  for (const effect of decision.effects) {
    if (effect.do !== "use advance" || effect.change !== "advanced") continue;
    const account = advances?.accounts.get(accountKey(effect.shop, effect.currency));
    if (advances === undefined || account === undefined) continue;
    const limits = shops.get(effect.shop)?.standing.earlyLimits;
    const code = beyondLimit(advances.rules, account, effect.amount, limits);
    if (code !== undefined) return { refused: code };
  }
  return undefined;
}

/**
 * What the shop of a trade owes from other trades, to be taken from what this one brings it: what it had at the institution
 * that pays this one, for only there is the money, without what another settlement is about to pay.
 */
export function debtOf({ advances, rail }: World, { shop, currency, terms, account }: Trade): Act["debt"] {
  // What a private trade brings is not known here, and so nothing can be taken from it.
  if (advances === undefined || terms.private === true || account === null) return undefined;
  const { rules, accounts } = advances;
  const debts = accounts.get(accountKey(shop, currency))?.debts;
  const debt = debts?.get(rail.placeOf(account) ?? "");
  const amount = debt === undefined ? 0n : debt.owed - debt.covering;
  return amount > 0n ? { account: rules.into(currency), amount } : undefined;
}

/** Sends what the batch has changed of advances, without waiting. */
export function writeAdvancesOf(
  client: Client,
  world: World,
  { accounts, used }: EarlyPayments,
): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const rows = [...world.updated].flatMap((number) => rowOf(world, world.trades.get(number)));
  const changedAccounts = [...used].flatMap((key) => accounts.get(key) ?? []);
  if (rows.length > 0) sent.push(writeAdvances(client, rows));
  if (changedAccounts.length > 0) sent.push(writeAdvanceAccounts(client, changedAccounts));
  return sent;
}

function rowOf(world: World, trade: Trade | undefined): AdvanceRow[] {
  const bought = trade?.progress.advance;
  if (trade === undefined || bought === undefined) return [];
  const { amount, price, paid, recovered, owed } = bought;
  return [
    {
      trade: trade.number,
      shop: trade.shop,
      currency: trade.currency,
      institution: placeOf(world, trade),
      at: trade.updatedAt,
      amount: BigInt(amount),
      price: BigInt(price),
      paid: BigInt(paid),
      recovered: BigInt(recovered),
      owed: BigInt(owed),
    },
  ];
}

/** Where the money of a trade is; it has been reserved. */
function placeOf({ rail }: World, { number, account }: Pick<Trade, "number" | "account">): string {
  const place = account === null ? undefined : rail.placeOf(account);
  if (place === undefined) throw new Error(`Where the money of trade ${number} is, is not known.`);
  return place;
}

/** Changes what a shop has been paid early by a step of a trade; `back` undoes it. */
export function changeAdvance(
  world: World,
  trade: Pick<Trade, "number" | "account">,
  use: AdvanceChange,
  back = false,
): void {
  const { advances } = world;
  const key = accountKey(use.shop, use.currency);
  const account = advances?.accounts.get(key);
  if (advances === undefined || account === undefined)
    throw new Error(`What shop ${use.shop} was paid early was not locked.`);
  const { change, amount } = use;
  const made = { change, amount: back ? -amount : amount, institution: placeOf(world, trade) };
  advances.accounts.set(key, changed(account, made));
  advances.used.add(key);
}
