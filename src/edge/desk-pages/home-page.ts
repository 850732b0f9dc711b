/** `/desk`: what waits, and the way to everything else of an operator. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../storage/identity/identity.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { callerOf } from "../api/api.ts";
import { DeskPage, deskLists } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";
import { queuesOf } from "./waiting.ts";

export const toOperator = {
  access: ["operator"],
  page: true,
  refusals: ["not_authenticated", "not_allowed"],
} as const;

/** The operator who is signed in; undefined where somebody was sent to sign in. Refuses everybody else. */
export async function operatorAt(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | undefined> {
  const caller = await callerOf(context, request);
  if (caller.kind === "operator") return caller;
  if (!isSignedOut(caller)) return refuse("not_allowed");
  // A form that was filled in is not thrown away: its sender signs in and finds it again.
  if (request.method !== "GET") return refuse("not_authenticated");
  seeOther(reply, `/signin?next=${request.url.split("?")[0]}`);
  return undefined;
}

/** The calls without which a list is empty on this server. */
const listCalls: Partial<Record<(typeof deskLists)[number], string>> = {
  "parties/collectors": "/v1/collectors",
  transfers: "/v1/transfers",
  payouts: "/v1/payouts",
};

export function registerDeskHome(server: Server, context: PageContext): void {
  const hasPage = (url: string) => server.hasRoute({ method: "GET", url });
  server.get(
    "/desk",
    { config: toOperator, schema: { tags, summary: "What waits for operators" } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const queues = await queuesOf(context, hasPage);
      const lists = deskLists.filter((list) => hasPage(listCalls[list] ?? `/desk/${list}`));
      return sendPage(reply, DeskPage, { frame: frameOf(context, caller), queues, lists });
    },
  );
}
