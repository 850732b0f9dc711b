/** Operators' acts that wait for a second operator, over HTTP. */
import type { Server } from "../http/http.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context, pageWish, sendOutcome, wireOrNull } from "../api/api.ts";
import type { Desk } from "./operator-acts.ts";
import type { WaitingAct } from "./store.ts";
import { pageOf } from "../../storage/database/database.ts";

const tags = ["Operators"];

function actView({ id, operator, trade, body, currency, amount, createdAt, until }: WaitingAct) {
  return {
    id,
    operator,
    trade: String(trade),
    currency,
    act: body,
    amount: amount === null ? null : wireOrNull(amount),
    createdAt: createdAt.toISOString(),
    until: until.toISOString(),
  };
}

export function registerDeskRoutes(server: Server, context: Context, desk: Desk): void {
  server.get(
    "/v1/operator-acts",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "Acts that wait for a second operator, the oldest first",
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return pageOf(await desk.waiting(limit + 1, after), limit, actView);
    },
  );
  server.post(
    "/v1/operator-acts/:id/confirm",
    {
      config: { access: ["operator"], refusals: ["four_eyes_required", "trade_changed"] },
      schema: {
        tags,
        summary: "Confirm what another operator has asked for; it is done once, under both names",
        params: closed({ id: idSchema }),
        body: closed({}),
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, ["operator"]);
      return sendOutcome(reply, await desk.confirm(id, request.params.id));
    },
  );
}
