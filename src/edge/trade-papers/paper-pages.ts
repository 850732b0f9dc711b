/** Papers of a trade, to be printed from the browser: the label for what goes back, and the receipt. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { readReturnAddress } from "../../storage/parties/parties.ts";
import type { Server } from "../http/http.ts";
import {
  frameOf,
  giftOf,
  mustRead,
  type PageContext,
  params,
  type Reading,
  seeOther,
  sendPage,
  tags,
  tradePage,
} from "../pages/pages.ts";
import { sellersOf } from "./address-route.ts";
import { LabelPage } from "./label-view.tsx";
import { ReceiptPage } from "./receipt-view.tsx";

export function registerPaperPages(server: Server, context: PageContext): void {
  server.get(
    "/trades/:number/label",
    { config: tradePage, schema: { tags, summary: "A label for what goes back, to print", params } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      return sendLabel(context, reply, found, `/trades/${found.trade.number}`);
    },
  );
  server.get(
    "/gifts/:number/label",
    {
      config: { access: ["anyone"], page: true, refusals: ["not_found"] },
      schema: { tags, summary: "The recipient's label for what goes back, to print", params },
    },
    async (request, reply) => {
      const { number } = request.params;
      const gift = await giftOf(context, request, number);
      if (gift === undefined) return seeOther(reply, "/gift");
      return sendLabel(context, reply, gift.reading, `/gifts/${number}`);
    },
  );
  server.get(
    "/trades/:number/receipt",
    { config: tradePage, schema: { tags, summary: "A receipt of a trade, to print", params } },
    async (request, reply) => sendReceipt(context, request, reply, request.params.number),
  );
}

async function sendLabel(
  context: PageContext,
  reply: FastifyReply,
  { trade, caller, role }: Reading,
  back: string,
): Promise<FastifyReply> {
  const place = await readReturnAddress(context.database, sellersOf(trade));
  if (place === undefined) return refuse("not_found", "The shop has named no address for what goes back.");
  const frame = frameOf(context, caller);
  return sendPage(reply, LabelPage, {
    frame: role === "recipient" ? { ...frame, bare: true } : frame,
    trade,
    place,
    back,
  });
}

async function sendReceipt(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  number: string,
): Promise<FastifyReply> {
  const found = await mustRead(context, request, reply, number);
  if (found === undefined) return reply;
  const { actor, role, trade, caller } = found satisfies Reading;
  const [record, receipt] = await Promise.all([
    context.trades.events(actor, number),
    context.trades.receipt(actor, number),
  ]);
  const events = record?.items ?? [];
  const proven = "refused" in receipt ? undefined : receipt;
  // What has just happened is in the log within seconds, and the page shows it then.
  const behind =
    proven === undefined
      ? "refused" in receipt && receipt.refused === "not_sealed_yet"
      : proven.steps.length < events.length;
  if (behind) reply.header("refresh", "3");
  const shown = { frame: frameOf(context, caller), trade, role, events, behind };
  return sendPage(reply, ReceiptPage, Object.assign(shown, { receipt: proven }));
}
