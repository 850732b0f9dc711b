/** Whether the trade of each order is what was ordered, and each trade that a till has of this shop is of an order. */
import { type Kenshu, kenshu, ReadFailure } from "@kenshu/sdk";
import type { Database } from "../../storage/database/database.ts";
import { listOrders, mirrorTrade, type Order, orderByNumber } from "./orders-store.ts";
import type { TillOptions } from "./tills.ts";

export interface OrderBreak {
  /** Null for a trade of which no order is known. */
  order: string | null;
  trade: string;
  what: string;
  here: string;
  there: string;
}

/** What all trades of one till come to by what this shop believes, and by what the till lists. Minor units. */
export interface OrderSum {
  till: string;
  currency: string;
  here: Amounts;
  there: Amounts;
}

type Amounts = Record<(typeof amountNames)[number], bigint>;
const amountNames = ["frozen", "settled", "refunded"] as const;

export interface ShopReconciliation {
  compared: number;
  breaks: OrderBreak[];
  sums: OrderSum[];
  /** Tills that could not be asked about everything, and why: the first reason of each. */
  unreachable: { till: string; why: string }[];
}

const pageSize = 200;

/** When the watcher asks next about an order that was brought up to date (milliseconds). */
const askedAgain = { minMs: 2_000, maxMs: 300_000 };

/** Compares all orders with their trades, and the tills' lists with the orders. What was only old here is brought up to date and is no break. */
export async function reconcileShop(options: {
  database: Database;
  tills: readonly TillOptions[];
  onProgress?: (line: string) => void;
}): Promise<ShopReconciliation> {
  const clients = new Map(options.tills.map(({ id, url, key }) => [id, kenshu({ url, key })]));
  const result: ShopReconciliation = { compared: 0, breaks: [], sums: [], unreachable: [] };
  const known = new Set<string>();
  let before: string | undefined;
  for (;;) {
    const orders = await listOrders(options.database, before, pageSize);
    for (const order of orders) {
      if (order.trade !== null) known.add(nameOf(order.till, order.trade));
      await compare(options.database, clients.get(order.till), order, result);
    }
    options.onProgress?.(`shop: ${result.compared} orders compared, ${result.breaks.length} breaks`);
    before = orders.at(-1)?.id;
    if (orders.length < pageSize || before === undefined) break;
  }
  for (const [till, client] of clients) await compareList(options.database, { till, client, known }, result);
  return result;
}

const nameOf = (till: string, trade: string): string => `${till} ${trade}`;

function sumOf({ sums }: ShopReconciliation, till: string, currency: string): OrderSum {
  const found = sums.find((sum) => sum.till === till && sum.currency === currency);
  if (found !== undefined) return found;
  const none = (): Amounts => ({ frozen: 0n, settled: 0n, refunded: 0n });
  const sum = { till, currency, here: none(), there: none() };
  sums.push(sum);
  return sum;
}

function addTo(sum: Amounts, view: Partial<Record<keyof Amounts, number | null>>): void {
  for (const name of amountNames) sum[name] += BigInt(view[name] ?? 0);
}

function notAsked({ unreachable }: ShopReconciliation, till: string, why: string): void {
  if (!unreachable.some((each) => each.till === till)) unreachable.push({ till, why });
}

/** Whether a till has trades of this shop of which no order is known; adds up what it says. */
async function compareList(
  database: Database,
  { till, client, known }: { till: string; client: Kenshu; known: ReadonlySet<string> },
  result: ShopReconciliation,
): Promise<void> {
  try {
    for await (const view of client.list()) {
      if (view.currency !== undefined) addTo(sumOf(result, till, view.currency).there, view);
      if (known.has(nameOf(till, view.number))) continue;
      // An order knows its trade by the answer to its proposal; until that has come, by the number that the shop gave it.
      const order =
        typeof view.reference === "string" ? await orderByNumber(database, view.reference) : undefined;
      if (order !== undefined && (order.trade === null || order.trade === view.number)) continue;
      result.breaks.push({
        order: null,
        trade: view.number,
        what: "trade",
        here: "unknown",
        there: view.state,
      });
    }
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    notAsked(result, till, error.message);
  }
}

async function compare(
  database: Database,
  client: Kenshu | undefined,
  order: Order,
  result: ShopReconciliation,
): Promise<void> {
  const { trade } = order;
  if (trade === null) return;
  const say = (what: string, here: string, there: string) =>
    result.breaks.push({ order: order.number, trade, what, here, there });
  result.compared += 1;
  const answer = await client?.get(trade);
  const believed = answer?.outcome === "done" && isOlder(order, answer.trade) ? answer.trade : order.view;
  if (believed !== null) addTo(sumOf(result, order.till, order.currency).here, believed);
  if (answer === undefined || answer.outcome === "unknown") {
    notAsked(result, order.till, answer?.reason ?? "The shop has no such till.");
    return;
  }
  if (answer.outcome === "refused") {
    say("trade", "known", answer.problem.code);
    return;
  }
  const view = answer.trade;
  if (view.currency !== order.currency) say("currency", order.currency, String(view.currency));
  if (view.version === 1 && BigInt(view.amount ?? 0) !== order.amount)
    say("amount", String(order.amount), String(view.amount));
  const known = order.view;
  if (known !== null && known.version > view.version)
    say("version", String(known.version), String(view.version));
  if (known !== null && known.version === view.version) {
    for (const field of ["state", "frozen", "settled", "released", "refunded"] as const) {
      if (known[field] !== view[field]) say(field, String(known[field]), String(view[field]));
    }
  }
  if (isOlder(order, view))
    await database.transaction((client) => mirrorTrade(client, order.id, view, askedAgain));
}

/** Whether this shop has seen the trade of its order only as it was before. */
const isOlder = ({ view: known }: Order, now: { version: number }): boolean =>
  known === null || known.version < now.version;
