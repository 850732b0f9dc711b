/** Operators' acts that wait for a second operator, and what people see of what operators did for them. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import type { WaitingAct } from "../desk/desk.ts";
import * as members from "../members/members.ts";
import { refuse } from "../protocol/protocol.ts";
import { idSchema, numberSchema, pageSchema } from "../protocol/schemas.ts";
import { callerAmong, type Context, memberNumber, pageOf, pageWish, wireOrNull } from "./context.ts";
import { send } from "./trade-routes.ts";

const closed = { additionalProperties: false } as const;
const tags = ["Operators"];
const ofMember = ["member", "operator"] as const;
const memberParams = Type.Object({ number: numberSchema }, closed);

export function registerDeskRoutes(server: Server, context: Context): void {
  registerActs(server, context);
  registerRecords(server, context);
}

function actView({ id, operator, trade, body, currency, amount, createdAt, until }: WaitingAct) {
  return {
    ...{ id, operator, trade: String(trade), currency, act: body },
    amount: amount === null ? null : wireOrNull(amount),
    createdAt: createdAt.toISOString(),
    until: until.toISOString(),
  };
}

function registerActs(server: Server, context: Context): void {
  const { desk } = context;
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
        params: Type.Object({ id: idSchema }, closed),
        body: Type.Object({}, closed),
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, ["operator"]);
      return send(reply, await desk.confirm(id, request.params.id));
    },
  );
}

/** The member with this number, for the member and for operators; for another member it does not exist. */
async function personFor(context: Context, request: FastifyRequest, text: string): Promise<string> {
  const caller = await callerAmong(context, request, ofMember);
  const member = await members.findMember(context.database, memberNumber(text));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  return caller.kind === "operator" || member.id === caller.id ? member.id : refuse("not_found");
}

function registerRecords(server: Server, context: Context): void {
  const { database } = context;
  const config = { access: ofMember, refusals: ["wrong_check_digit"] } as const;
  server.get(
    "/v1/members/:number/notices",
    {
      config,
      schema: {
        tags: ["Members"],
        summary: "What operators did on a member's trades, newest first",
        params: memberParams,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const person = await personFor(context, request, request.params.number);
      const { limit, after } = pageWish(request.query);
      const rows = await members.listNotices(database, person, limit + 1, after);
      return pageOf(rows, limit, ({ id, trade, types, channel, at }) => ({
        ...{ id, trade: String(trade), types, channel },
        at: at.toISOString(),
      }));
    },
  );
  server.get(
    "/v1/members/:number/lookups",
    {
      config,
      schema: {
        tags: ["Members"],
        summary: "Which operators looked at a member's data, when and why, newest first",
        params: memberParams,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const person = await personFor(context, request, request.params.number);
      const { limit, after } = pageWish(request.query);
      const rows = await members.listLookups(database, person, limit + 1, after);
      return pageOf(rows, limit, ({ id, operator, reason, at }) => ({
        ...{ id, operator, reason },
        at: at.toISOString(),
      }));
    },
  );
}
