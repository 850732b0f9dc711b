/** The shop's money over HTTP: the page, and statements as files. */
import Type from "typebox";
import { dayAt, refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { frameOf, staffOnly, whoOf } from "../shop-desk/shop-desk.ts";
import { sendPage, type Shop, zoneOf } from "../shop-frame/shop-frame.ts";
import {
  clockOf,
  isSomeQueueCut,
  listPaidBack,
  listQueue,
  sumsByQueue,
  summedMost,
} from "../shop-orders/shop-orders.ts";
import { spanOfDay } from "../shop-money/shop-money.ts";
import { addMoneyDays, daysMoved } from "./money-days.ts";
import { MoneyPage } from "./money-page.tsx";
import { moneyAtTills } from "./tills-money.ts";

const managerPage = { access: ["manager"], page: true } as const;
const dayMs = 86_400_000;
const [daysShown, endingMost, paidBackMost] = [31, 5, 10];

const statementQuery = closed({
  till: Type.String({ pattern: "^[a-z0-9-]{1,40}$" }),
  account: Type.String({ format: "uuid" }),
  from: Type.String({ format: "day" }),
  to: Type.String({ format: "day" }),
});

/** Where no queue begins yet. */
const first = { dueMicros: 0n, id: "00000000-0000-0000-0000-000000000000" };

/** Adds the pages about money, for managers and the owner. */
export function addMoney(server: Server, shop: Shop): void {
  const { database } = shop;
  const onRequest = staffOnly(shop, "manager");
  addMoneyDays(server, shop);
  server.get(
    "/staff/money",
    { config: managerPage, schema: { summary: "The shop's money" }, onRequest },
    async (request, reply) => {
      const [zone, now] = [await zoneOf(shop), await clockOf(database)];
      const firstDay = dayAt(new Date(now.getTime() - daysShown * dayMs), zone);
      // Days are whole, as they are where their orders are listed.
      const { from } = (await spanOfDay(database, firstDay, zone)) ?? { from: now };
      const ending = await listQueue(database, "ship", first, endingMost);
      const byQueue = await sumsByQueue(database);
      const props = {
        frame: await frameOf(shop, whoOf(request)),
        byQueue,
        byDay: await daysMoved(shop, from, zone),
        most: { queue: isSomeQueueCut(byQueue), count: summedMost },
        tills: await moneyAtTills(shop),
        ending: ending.map((order) => ({
          order,
          due: new Date(Number(order.dueMicros / 1000n)).toISOString(),
        })),
        paidBack: await listPaidBack(database, paidBackMost),
        from: firstDay,
        to: dayAt(now, zone),
      };
      return sendPage(reply, MoneyPage, props);
    },
  );
  server.get(
    "/staff/money/statement",
    {
      config: managerPage,
      schema: { summary: "The statement of an account, as CSV", querystring: statementQuery },
      onRequest,
    },
    async (request, reply) => {
      const { till, account, from, to } = request.query;
      const at = shop.tills.find(({ id }) => id === till) ?? refuse("not_found");
      const found = await at.patient.accounts.statement(account, { from, to, form: "csv" });
      if (found.outcome === "unknown") return refuse("unavailable");
      if (found.outcome === "refused") return refuse(found.problem.code, found.problem.detail);
      return reply
        .type("text/csv; charset=utf-8")
        .headers({
          "cache-control": "private, no-store",
          "content-disposition": `attachment; filename="statement-${till}-${from}-${to}.csv"`,
        })
        .send(Buffer.from(found.file.bytes));
    },
  );
}
