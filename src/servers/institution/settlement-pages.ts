/** What other servers have paid from the accounts of members: for the members, by calls and on pages. */
import { pageOf } from "../../storage/database/database.ts";
import type { Server } from "../../edge/http/http.ts";
import { toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import { listSettlements, readSettlement, type Settlement } from "../../engines/settlements/settlements.ts";
import {
  frameOf,
  isSignedOut,
  memberOf,
  type PageContext,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../../edge/pages/pages.ts";
import { SettlementsPage, type SettlementView } from "../../edge/member-views/member-views.ts";
import { render } from "../../edge/parts/parts.ts";
import { callerAmong, callerOf, pageWish } from "../../edge/api/api.ts";
import type { KnownPeers } from "./consents.ts";

const params = closed({ id: idSchema });

/** Registers `/settlements`, for people and for programs. */
export function registerSettlements(server: Server, context: PageContext, peers: KnownPeers): void {
  registerPages(server, context, peers);
  server.get(
    "/v1/settlements",
    {
      config: { access: ["member"] },
      schema: {
        tags: ["Consents"],
        summary: "What other servers have paid from your accounts, newest first",
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { id } = await callerAmong(context, request, ["member"]);
      const { limit, after } = pageWish(request.query);
      const found = await listSettlements(context.database, id, limit + 1, after);
      return pageOf(found, limit, (one) => ({ ...viewOf(peers, one), peer: one.peer }));
    },
  );
}

function registerPages(server: Server, context: PageContext, peers: KnownPeers): void {
  const { database } = context;
  server.get(
    "/settlements",
    {
      config: toMember,
      schema: { tags, summary: "What other servers have paid from your accounts", querystring: pageSchema },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/settlements");
      const member = await memberOf(context, request);
      const { limit, after } = pageWish(request.query);
      const found = await listSettlements(database, member.id, limit + 1, after);
      const { items: settlements, next } = pageOf(found, limit, (one) => viewOf(peers, one));
      return sendPage(reply, render(SettlementsPage, { frame: frameOf(context, member), settlements, next }));
    },
  );
  server.get(
    "/settlements/:id",
    {
      config: { ...toMember, refusals: ["not_found"] },
      schema: { tags, summary: "One of them", params },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (isSignedOut(await callerOf(context, request)))
        return seeOther(reply, `/signin?next=/settlements/${id}`);
      const member = await memberOf(context, request);
      const found = await readSettlement(database, id);
      if (found?.owner !== member.id) return refuse("not_found");
      const settlements = [viewOf(peers, found)];
      return sendPage(
        reply,
        render(SettlementsPage, { frame: frameOf(context, member), settlements, next: null }),
      );
    },
  );
}

function viewOf(peers: KnownPeers, settlement: Settlement): SettlementView {
  const { id, peer, payee, tradeNumber, currency, amount, frozen, at } = settlement;
  return {
    id,
    serverName: peers.find((known) => known.id === peer)?.name ?? peer,
    payee,
    tradeNumber,
    currency,
    amount: toWire(amount),
    frozen: toWire(frozen),
    at: at.toISOString(),
  };
}
