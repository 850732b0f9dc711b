/** What moved day by day, and the orders behind each figure of it. */
import Type from "typebox";
import { idForm, isDay, refuse } from "../../core/protocol/protocol.ts";
import { closed, currencySchema } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { frameOf, staffOnly, whoOf } from "../shop-desk/shop-desk.ts";
import { sendPage, type Shop, zoneOf } from "../shop-frame/shop-frame.ts";
import {
  listMoved,
  type MoneyKind,
  moneyKinds,
  type MoveMark,
  movedByDay,
  spanOfDay,
} from "../shop-money/shop-money.ts";
import { ordersById } from "../shop-orders/shop-orders.ts";
import { MovedPage } from "./moved-page.tsx";

/** Minor units of one currency on one day. */
export type DayLine = { day: string; currency: string } & Record<MoneyKind, bigint>;

const nothing: Record<MoneyKind, bigint> = {
  frozen: 0n,
  settled: 0n,
  released: 0n,
  refunded: 0n,
  fee: 0n,
};

/** A line for each day and currency, the latest day first. */
export async function daysMoved({ database }: Shop, from: Date, zone: string): Promise<DayLine[]> {
  const days = new Map<string, DayLine>();
  for (const { day, currency, kind, amount } of await movedByDay(database, from, zone)) {
    const key = `${day} ${currency}`;
    const line = days.get(key) ?? { ...nothing, day, currency };
    line[kind] += amount;
    days.set(key, line);
  }
  return [...days.values()];
}

const pageLength = 50;
const markForm = `^[0-9]{1,18}_${idForm}_[0-9]{1,9}$`;

const query = closed({
  kind: Type.Unsafe<MoneyKind>({ type: "string", enum: [...moneyKinds] }),
  currency: currencySchema,
  day: Type.String({ format: "day" }),
  after: Type.Optional(Type.String({ pattern: markForm })),
});

const markOf = ({ atMicros, order, version }: MoveMark): string => `${atMicros}_${order}_${version}`;

function markIn(after: string | undefined): MoveMark | undefined {
  const [micros, order, version] = after?.split("_") ?? [];
  if (micros === undefined || order === undefined || version === undefined) return undefined;
  return { atMicros: BigInt(micros), order, version: Number(version) };
}

export function addMoneyDays(server: Server, shop: Shop): void {
  const { database } = shop;
  server.get(
    "/staff/money/orders",
    {
      config: { access: ["manager"], page: true },
      schema: { summary: "The orders behind a figure of the shop's money", querystring: query },
      onRequest: staffOnly(shop, "manager"),
    },
    async (request, reply) => {
      const { kind, currency, day, after } = request.query;
      const span = isDay(day) ? await spanOfDay(database, day, await zoneOf(shop)) : undefined;
      if (span === undefined) return refuse("invalid_field", "`day` is a day of the calendar.");
      const rows = await listMoved(database, { kind, currency }, span, pageLength + 1, markIn(after));
      const shown = rows.slice(0, pageLength);
      const orders = new Map(
        (
          await ordersById(
            database,
            shown.map(({ order }) => order),
          )
        ).map((order) => [order.id, order]),
      );
      const last = shown.at(-1);
      const props = {
        frame: await frameOf(shop, whoOf(request)),
        sought: { kind, currency, day },
        moves: shown.flatMap(({ order: id, amount, at }) => {
          const order = orders.get(id);
          return order === undefined ? [] : [{ number: order.number, amount, at: at.toISOString() }];
        }),
        next: rows.length > pageLength && last !== undefined ? markOf(last) : null,
      };
      return sendPage(reply, MovedPage, props);
    },
  );
}
