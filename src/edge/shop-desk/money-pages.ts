/** The shop's money on pages, and day by day as a table. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { exponentOf } from "../../core/money/money.ts";
import {
  dayAt,
  daysAfter,
  isDay,
  isRefused,
  refuse,
  startOfDay,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import {
  latestRefunds,
  type MoneyRow,
  moneyRows,
  openSumsOf,
  summedMost,
} from "../../engines/trades/trades.ts";
import { readShopDays, type ShopDayRow, type ShopKind } from "../../engines/tallies/tallies.ts";
import { readClock } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { listShopAccounts } from "../../storage/parties/parties.ts";
import { actorOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { attemptOf, frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import {
  type MoneyDay,
  MoneyPage,
  type MoneyShown,
  type ShopAccountShown,
} from "../shop-desk-views/shop-desk-views.ts";
import { say } from "../words/words.ts";
import { nowOf, shopOf, shopPage } from "./order-pages.ts";

/** How many days are added up at once, and how many without being asked. */
const daysMost = 92;
const daysUsual = 14;
const day = Type.Optional(Type.String({ maxLength: 10 }));
const querystring = closed({ from: day, to: day });
const soon = 7 * 86_400_000;

export function registerMoneyPages(server: Server, context: PageContext): void {
  server.get(
    "/shop/money",
    { config: shopPage, schema: { tags, summary: "What a shop's orders come to", querystring } },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const days = await daysOf(context, request.query);
      const attempt = days.asked
        ? undefined
        : attemptOf(request.query, { errors: { from: say("shopMoney.wrongDays") } });
      return sendMoney(context, request, reply, { caller, days, attempt });
    },
  );
  server.get(
    "/shop/money/days.csv",
    {
      config: { ...shopPage, refusals: [...shopPage.refusals, "date_out_of_range"] },
      schema: { tags, summary: "The same as a table", querystring },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const days = await daysOf(context, request.query);
      if (!days.asked) return refuse("date_out_of_range", `A table is of 1 to ${daysMost} days.`);
      const { rows, more } = await moneyRows(context.database, caller.id, days);
      if (more)
        return refuse("date_out_of_range", `More happened in these days than a table holds: ask for fewer.`);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="money-${days.first}-${days.last}.csv"`)
        .send(Buffer.from(`\u{feff}${tableOf(rows, context.settings.timeZone)}`));
    },
  );
}

interface Days {
  /** What was asked for can be answered; else these are the usual days. */
  asked: boolean;
  first: string;
  last: string;
  from: Date;
  to: Date;
}

async function daysOf(
  { database, settings: { timeZone } }: PageContext,
  { from, to }: { from?: string; to?: string },
): Promise<Days> {
  const today = dayAt(await readClock(database), timeZone);
  const usual = { first: daysAfter(today, 1 - daysUsual), last: today };
  const wish = { first: from ?? usual.first, last: to ?? usual.last };
  const asked =
    isDay(wish.first) &&
    isDay(wish.last) &&
    wish.first <= wish.last &&
    wish.last < daysAfter(wish.first, daysMost);
  const { first, last } = asked ? wish : usual;
  const [begin, end] = [startOfDay(first, timeZone), startOfDay(daysAfter(last, 1), timeZone)];
  return { asked, first, last, from: begin, to: end };
}

/** A row for each payment and each paying back, in units that people write. */
function tableOf(rows: readonly MoneyRow[], timeZone: string): string {
  const lines = rows.map(({ at, number, type, currency, amount, fee }) =>
    [
      dayAt(at, timeZone),
      at.toISOString(),
      String(number),
      type === "trade.settled" ? "paid" : "paid back",
      currency,
      plain(type === "trade.settled" ? amount : -amount, currency),
      plain(fee, currency),
    ].join(),
  );
  return ["day,at,order,what,currency,amount,fee", ...lines, ""].join("\r\n");
}

function plain(amount: bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const sign = amount < 0n ? "-" : "";
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`;
}

async function accountsOf({ database, face }: PageContext, shop: string): Promise<ShopAccountShown[]> {
  const accounts = await listShopAccounts(database, shop);
  const kept =
    face.money === "accounts" && face.lead === "home.institution"
      ? await readAccounts(
          database,
          accounts.map(({ account }) => account),
        )
      : [];
  return accounts.map(({ currency, account, feeFixed, feeBasisPoints }) => {
    const found = kept.find(({ id }) => id === account);
    return {
      currency,
      account: found?.id,
      posted: found?.posted,
      fixed: feeFixed,
      basisPoints: feeBasisPoints,
    };
  });
}

/** Orders to be sent whose time ends within a week, the first page of them. */
async function expiringOf(
  context: PageContext,
  request: FastifyRequest,
  caller: Caller,
): Promise<TradeView[]> {
  const found = await context.trades.toDo(actorOf(context, request, caller), "ship", { limit: 20 });
  if (isRefused(found)) return refuse(found.refused, found.detail);
  const until = (await readClock(context.database)).getTime() + soon;
  return found.items.filter(({ deadlines: { shipBy, reservedUntil } }) =>
    [shipBy, reservedUntil].some((at) => at !== null && Date.parse(at) <= until),
  );
}

/** How many of them stand on the page. */
const refundsShown = 50;

/** What was paid back, the latest first, and whether there is more of it. */
async function refundsIn(
  { database }: PageContext,
  shop: string,
  span: { from: Date; to: Date },
  moved: readonly ShopDayRow[],
): Promise<Pick<MoneyShown, "refunds" | "moreRefunds">> {
  const counted = moved.filter(({ kind }) => kind === "refunded");
  if (counted.length === 0) return { refunds: [], moreRefunds: false };
  const currencies = [...new Set(counted.map(({ currency }) => currency))];
  const found = await latestRefunds(database, shop, currencies, span, refundsShown);
  const refunds = found.map(({ number, at, currency, amount }) => ({
    number: String(number),
    at: at.toISOString(),
    currency,
    amount,
  }));
  return { refunds, moreRefunds: counted.reduce((all, { times }) => all + times, 0) > refunds.length };
}

const unmoved = { frozen: 0n, settled: 0n, released: 0n, refunded: 0n, fee: 0n };

/** A line for each day and currency, the latest day first. */
function daysIn(rows: readonly ShopDayRow[]): MoneyDay[] {
  const days = new Map<string, MoneyDay>();
  for (const { day, kind, currency, amount, fee } of rows) {
    const key = `${day} ${currency}`;
    const line = days.get(key) ?? { ...unmoved, day, currency };
    line[kind as ShopKind] += amount;
    line.fee += fee;
    days.set(key, line);
  }
  return [...days.values()];
}

async function sendMoney(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, days, attempt }: { caller: Caller; days: Days; attempt: Attempt | undefined },
): Promise<FastifyReply> {
  const { database, settings } = context;
  const expiring = await expiringOf(context, request, caller);
  // What ends soon is read from lists that are brought up to date first, and so is what is counted with them.
  const [open, moved, accounts] = await Promise.all([
    openSumsOf(database, caller.id),
    readShopDays(database, caller.id, days, settings.timeZone),
    accountsOf(context, caller.id),
  ]);
  const shown = {
    frame: frameOf(context, caller),
    open: open.sums,
    more: open.more,
    days: daysIn(moved),
    ...(await refundsIn(context, caller.id, days, moved)),
    most: summedMost,
    from: days.first,
    to: days.last,
    expiring,
    accounts,
    now: await nowOf(context),
    ...(attempt === undefined ? {} : { attempt }),
  };
  return sendPage(reply, MoneyPage, shown, attempt === undefined ? 200 : 422, "/shop/money");
}
