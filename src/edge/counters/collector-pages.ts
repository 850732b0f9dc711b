/** `/collectors`: what each has taken and not handed in, for operators. It changes nothing. */
import { refuse } from "../../core/protocol/protocol.ts";
import { pageSchema } from "../../core/protocol/schemas.ts";
import { callerOf, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";

import { CollectorsPage, type CollectorShown } from "./collector-views.tsx";
import { listOfCollectors } from "./collectors.ts";

export function registerCollectorPages(server: Server, context: PageContext): void {
  const { database } = context;
  server.get(
    "/collectors",
    {
      config: { access: ["operator"], page: true, refusals: ["not_authenticated", "not_allowed"] },
      schema: { tags, summary: "Those who collect, and what they owe", querystring: pageSchema },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/collectors");
      if (caller.kind !== "operator") return refuse("not_allowed");
      const { limit, after } = pageWish(request.query);
      const { items, next } = await listOfCollectors(context, database, limit, after);
      const collectors = items as unknown as readonly CollectorShown[];
      return sendPage(reply, CollectorsPage, { frame: frameOf(context, caller), collectors, next });
    },
  );
}
