/** The orders behind a figure of the shop's money on a day. */
import Type from "typebox";
import { isDay, refuse } from "../../core/protocol/protocol.ts";
import { closed, currencySchema } from "../../core/protocol/schemas.ts";
import { listBehindShop, type ShopKind, shopKinds } from "../../engines/tallies/tallies.ts";
import type { Server } from "../http/http.ts";
import { frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import { MoneyBehindPage } from "../shop-desk-views/shop-desk-views.ts";
import { shopOf, shopPage } from "./order-pages.ts";

const pageLength = 50;

/** All of it may be left out as far as the schema goes: whoever may not look here is told so before anything else. */
const querystring = closed({
  kind: Type.Optional(Type.Unsafe<ShopKind>({ type: "string", enum: [...shopKinds] })),
  currency: Type.Optional(currencySchema),
  day: Type.Optional(Type.String({ maxLength: 10 })),
  after: Type.Optional(Type.String({ maxLength: 60 })),
});

export function registerMoneyBehind(server: Server, context: PageContext): void {
  server.get(
    "/shop/money/orders",
    {
      config: { ...shopPage, refusals: [...shopPage.refusals, "invalid_field", "date_out_of_range"] },
      schema: { tags, summary: "The orders behind a figure of a shop's money", querystring },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const { kind, currency, day, after } = request.query;
      if (kind === undefined || currency === undefined || day === undefined)
        return refuse("invalid_field", "A list is of a `kind`, a `currency` and a `day`.");
      if (!isDay(day)) return refuse("date_out_of_range", "`day` is a day of the calendar.");
      const found = await listBehindShop(
        context.database,
        { kind, currency, shop: caller.id },
        { first: day, last: day, zone: context.settings.timeZone },
        { limit: pageLength, after },
      );
      if (typeof found === "string") return refuse("invalid_field", "`after` is not from a list.");
      const { trades, next } = found;
      const frame = frameOf(context, caller);
      return sendPage(reply, MoneyBehindPage, { frame, sought: { kind, currency, day }, trades, next });
    },
  );
}
