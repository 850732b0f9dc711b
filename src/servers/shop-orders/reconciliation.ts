/** Whether the trade of each order is what was ordered. */
import { type Kenshu, kenshu } from "@kenshu/sdk";
import type { Database } from "../../storage/database/database.ts";
import { listOrders, mirrorTrade, type Order } from "./orders-store.ts";
import type { TillOptions } from "./tills.ts";

export interface OrderBreak {
  order: string;
  trade: string;
  what: string;
  here: string;
  there: string;
}

export interface ShopReconciliation {
  compared: number;
  breaks: OrderBreak[];
  /** Ids of tills that could not be asked about everything. */
  unreachable: string[];
}

const pageSize = 200;

/** When the watcher asks next about an order that was brought up to date (milliseconds). */
const askedAgain = { minMs: 2_000, maxMs: 300_000 };

/** Compares all orders with their trades. What was only old here is brought up to date and is no break. */
export async function reconcileShop(options: {
  database: Database;
  tills: readonly TillOptions[];
  onProgress?: (line: string) => void;
}): Promise<ShopReconciliation> {
  const clients = new Map(options.tills.map(({ id, url, key }) => [id, kenshu({ url, key })]));
  const result: ShopReconciliation = { compared: 0, breaks: [], unreachable: [] };
  let before: string | undefined;
  for (;;) {
    const orders = await listOrders(options.database, before, pageSize);
    for (const order of orders) await compare(options.database, clients.get(order.till), order, result);
    options.onProgress?.(`shop: ${result.compared} orders compared, ${result.breaks.length} breaks`);
    before = orders.at(-1)?.id;
    if (orders.length < pageSize || before === undefined) return result;
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
  if (answer === undefined || answer.outcome === "unknown") {
    if (!result.unreachable.includes(order.till)) result.unreachable.push(order.till);
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
  if (known === null || known.version < view.version) await mirrorTrade(database, order.id, view, askedAgain);
}
