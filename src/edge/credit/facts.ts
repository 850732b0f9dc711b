/** All that operators should know before they let a member have credit, on one page. */
import {
  billsOfBuyer,
  type CreditRequest,
  factsOfBuyer,
  factsOfShop,
  type TradeFacts,
} from "../../engines/credit/credit.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";
import { readFigures, readParty } from "../../storage/parties/parties.ts";
import { wireOrNull } from "../api/api.ts";
import type { PageContext } from "../pages/pages.ts";
import { isApprovable, requestForOperator } from "./requests.ts";

export type WithFacts = Awaited<ReturnType<typeof withFacts>>;

/** A request with what is known of its buyer, its shop and its order. */
export async function withFacts(context: PageContext, operator: string, request: CreditRequest) {
  const { database } = context;
  const { person, trade: number, version } = request;
  const reader = { kind: "operator", id: operator } as const;
  const [shown, trade] = await Promise.all([
    requestForOperator(database, request),
    context.trades.read(reader, String(number)),
  ]);
  if (trade === undefined) return refuse("not_found");
  const [buyer, shop] = await Promise.all([
    aboutBuyer(database, person, shown.member),
    aboutShop(database, trade.shop),
  ]);
  const order = {
    state: trade.state,
    version: trade.version,
    changed: trade.version !== version || !isApprovable(trade),
    reference: trade.reference ?? null,
    lines: trade.lines.map(({ name, quantity, unitAmount, amount }) => {
      return { name, quantity, amount: amount ?? (unitAmount == null ? null : unitAmount * quantity) };
    }),
  };
  return { ...shown, facts: { buyer, shop: { id: trade.shop, name: trade.shopName, ...shop }, order } };
}

async function aboutBuyer(client: Client, person: string, number: string | null) {
  const [member, methods, figures, facts, bills] = await Promise.all([
    number === null ? undefined : members.findMember(client, BigInt(number)),
    members.listMethods(client, person),
    readFigures(client, person),
    factsOfBuyer(client, person),
    billsOfBuyer(client, person),
  ]);
  // Those that are overdue, called or given up say the most.
  const lines = methods.filter(({ kind, state }) => kind === "credit" && state !== "pending");
  const accounts = await readAccounts(
    client,
    lines.flatMap(({ account }) => account ?? []),
  );
  return {
    since: member?.createdAt.toISOString() ?? null,
    state: member?.state ?? null,
    lines: lines.map(({ currency, account: id, trade, state }) => {
      const { posted = 0n, held = 0n, floor = 0n } = accounts.find((account) => account.id === id) ?? {};
      const figuresOf = { limit: wireOrNull(-floor), used: wireOrNull(-posted), held: wireOrNull(held) };
      return { currency, state, trade: trade == null ? null : String(trade), ...figuresOf };
    }),
    bills: bills.map(({ currency, open, givenUp }) => {
      return { currency, open: wireOrNull(open), givenUp: wireOrNull(givenUp) };
    }),
    figures: countsOf(figures),
    ...shownFacts(facts),
  };
}

async function aboutShop(client: Client, id: string) {
  const [shop, figures, facts] = await Promise.all([
    readParty(client, "shop", id),
    readFigures(client, id),
    factsOfShop(client, id),
  ]);
  return {
    since: shop?.createdAt.toISOString() ?? null,
    state: shop?.state ?? null,
    figures: countsOf(figures),
    ...shownFacts(facts),
  };
}

const countsOf = (figures: Readonly<Record<string, bigint | undefined>>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, count]) => [name, Number(count ?? 0n)]));

function shownFacts({ sums, ...counts }: TradeFacts) {
  const shown = sums.map(({ currency, frozen, claimed }) => {
    return { currency, frozen: Number(frozen), claimed: Number(claimed) };
  });
  return { ...counts, sums: shown };
}
