/** The delivery note of an order, to be printed. */
import { frameOf, type PageContext, sendPage, tags } from "../pages/pages.ts";
import type { Server } from "../http/http.ts";
import { squaresOf } from "../papers/papers.ts";
import { NotePage } from "../shop-desk-views/shop-desk-views.ts";
import { byNumber, orderFor, shopPage } from "./order-pages.ts";

export function registerNotePages(server: Server, context: PageContext): void {
  server.get(
    "/shop/orders/:number/note",
    {
      config: { ...shopPage, refusals: [...shopPage.refusals, "not_found"] },
      schema: { tags, summary: "The note that goes into the parcel, to print", params: byNumber },
    },
    async (request, reply) => {
      const found = await orderFor(context, request, reply);
      if (found === undefined) return reply;
      const { caller, actor, trade } = found;
      const to = await context.trades.recipient(actor, trade.number);
      // Nobody is told both code and link but the recipient: the shop has the code, and the buyer the link.
      const receives = trade.acceptance.by.includes("recipient") && to !== undefined;
      const code = receives ? context.doorstep.recipientCode(trade.number) : undefined;
      return sendPage(reply, NotePage, {
        frame: frameOf(context, caller),
        trade,
        to: to && { name: to.name, kana: to.kana, address: to.address, phone: to.phone },
        code,
        squares: await squaresOf(trade.number),
        place: context.face.name,
      });
    },
  );
}
