/** What waits for operators, over HTTP: acts that a second one has to confirm, and disputes. */
import {
  actWaitingSchema,
  keyMadeSchema,
  openDisputeSchema,
  toCollectSchema,
  voucherSchema,
} from "../../core/answers/answers.ts";
import Type from "typebox";
import { idempotencyKey, type Server } from "../http/http.ts";
import { closed, idSchema, listOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context, pageWish, sendOutcome, wireOrNull } from "../api/api.ts";
import { effectOf, type KeptAct } from "../operators/operators.ts";
import { pageBy, pageOf } from "../../storage/database/database.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { type DisputeRow, listDisputes } from "../../engines/trades/trades.ts";

const tags = ["Operators"];

/** An act as the second operator reads it: all that will be done, but for what nobody reads. */
function actView(act: KeptAct) {
  const {
    id,
    operator,
    act: name,
    subject,
    body,
    digest,
    version,
    trade,
    currency,
    amount,
    createdAt,
    until,
  } = act;
  const { passwordHash: _, ...shown } = body;
  return {
    id,
    operator,
    name,
    does: effectOf(name),
    subject,
    trade: trade === null ? null : String(trade),
    version,
    currency,
    amount: amount === null ? null : wireOrNull(amount),
    act: shown,
    digest: digest?.toString("hex") ?? null,
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
        answers: { 200: listOf(openDisputeSchema) },
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

export function registerDeskRoutes(server: Server, context: Context): void {
  registerDisputes(server, context);
  registerQueue(server, context);
  registerAnswers(server, context);
}

/** What waits, and what whoever asked comes for. */
function registerQueue(server: Server, context: Context): void {
  const { confirming } = context;
  server.get(
    "/v1/operator-acts",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "Acts that wait for a second operator, the oldest first",
        answers: { 200: listOf(actWaitingSchema) },
        description:
          "`digest` is of exactly what will be done, and of the version of the trade it was asked on.",
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return pageOf(await confirming.waiting(limit + 1, after), limit, actView);
    },
  );
  server.post(
    "/v1/operator-acts/:id/collect",
    {
      config: { access: ["operator"], acts: ["act.confirm"], refusals: ["four_eyes_required"] },
      schema: {
        tags,
        summary: "Get the secret that you asked for and another operator has confirmed; it is shown once",
        answers: { 201: Type.Union([keyMadeSchema, voucherSchema]) },
        params: closed({ id: idSchema }),
        body: closed({}),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const { id } = await callerAmong(context, request, ["operator"]);
      return sendOutcome(reply, await confirming.collect(id, request.params.id));
    },
  );
}

/** What another operator says to it. */
function registerAnswers(server: Server, context: Context): void {
  const { confirming } = context;
  server.post(
    "/v1/operator-acts/:id/confirm",
    {
      config: {
        access: ["operator"],
        acts: ["act.confirm"],
        refusals: ["four_eyes_required", "trade_changed", "look_first"],
      },
      schema: {
        tags,
        summary: "Confirm what another operator has asked for; it is done once, under both names",
        answers: { acts: { 200: toCollectSchema } },
        description:
          "With `digest`, only what has this digest. The answer is that of the call that was asked for. What goes to an account " +
          "at a bank or to another address of mail is looked at first (`/look`), by whoever confirms it. Who was made an " +
          "operator within a day confirms nothing, and nobody confirms an act of whom they made, or of who made them.",
        params: closed({ id: idSchema }),
        body: closed({ digest: Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$" })) }),
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, ["operator"]);
      return sendOutcome(reply, await confirming.confirm(id, request.params.id, request.body.digest));
    },
  );
  server.post(
    "/v1/operator-acts/:id/decline",
    {
      config: { access: ["operator"], acts: ["act.decline"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Stop an act that waits; one operator is enough",
        answers: { 204: null },
        params: closed({ id: idSchema }),
        body: closed({ reason: Type.Optional(text(1, 500, "For operators to read")) }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const { id } = await callerAmong(context, request, ["operator"]);
      const declined = await confirming.decline(id, request.params.id, request.body.reason);
      return declined ? reply.code(204).send() : refuse("not_found");
    },
  );
}
