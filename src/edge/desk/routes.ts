/** What waits for operators, over HTTP: acts that a second one has to confirm, and disputes. */
import Type from "typebox";
import type { Server } from "../http/http.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context, pageWish, sendOutcome, wireOrNull } from "../api/api.ts";
import type { Desk } from "./operator-acts.ts";
import type { WaitingAct } from "./store.ts";
import { pageBy, pageOf } from "../../storage/database/database.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { type DisputeRow, listDisputes } from "../../engines/trades/trades.ts";

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

/** The place of a dispute in the list, for the address of the page that follows it. */
const placeOf = ({ decideBy, trade }: DisputeRow): string => `${decideBy?.getTime() ?? ""}_${trade}`;
const placeForm = /^([0-9]{0,14})_([0-9]{1,18})$/;

function placeFrom(after: string | undefined): { decideBy: Date | null; trade: bigint } | undefined {
  if (after === undefined) return undefined;
  const [, at = "", trade] = placeForm.exec(after) ?? refuse("invalid_field", "`after` is not from a list.");
  return { decideBy: at === "" ? null : new Date(Number(at)), trade: BigInt(trade ?? 0) };
}

function disputeView({ trade, openedAt, openedBy, answerBy, decideBy, late }: DisputeRow) {
  return {
    trade: String(trade),
    openedAt: openedAt.toISOString(),
    openedBy,
    answerBy: answerBy?.toISOString() ?? null,
    decideBy: decideBy?.toISOString() ?? null,
    late,
  };
}

function registerDisputes(server: Server, context: Context): void {
  const late = Type.Unsafe<"true" | "false">({ type: "string", enum: ["true", "false"] });
  server.get(
    "/v1/disputes",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "Disputes that are open, those first that are to be decided first",
        description: "With `late=true` only those that should have been decided by now.",
        querystring: closed({ ...pageSchema.properties, late: Type.Optional(late) }),
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { after, late: wish, ...query } = request.query;
      const { limit } = pageWish(query);
      const rows = await listDisputes(context.database, wish === "true", limit + 1, placeFrom(after));
      return pageBy(rows, limit, disputeView, placeOf);
    },
  );
}

export function registerDeskRoutes(server: Server, context: Context, desk: Desk): void {
  registerDisputes(server, context);
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
