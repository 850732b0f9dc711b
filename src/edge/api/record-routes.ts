/** What people see of what operators did for them, and of who looked at their data. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, numberSchema, pageSchema } from "../../core/protocol/schemas.ts";
import * as members from "../../storage/members/members.ts";
import type { Server } from "../http/http.ts";
import { callerAmong, type Context, memberNumber, pageWish } from "./context.ts";
import { pageOf } from "../../storage/database/database.ts";

const ofMember = ["member", "operator"] as const;
const memberParams = closed({ number: numberSchema });

/** The member with this number, for the member and for operators; for another member it does not exist. */
async function personFor(context: Context, request: FastifyRequest, text: string): Promise<string> {
  const caller = await callerAmong(context, request, ofMember);
  const member = await members.findMember(context.database, memberNumber(text));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  return caller.kind === "operator" || member.id === caller.id ? member.id : refuse("not_found");
}

export function registerRecordRoutes(server: Server, context: Context): void {
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
        id,
        trade: String(trade),
        types,
        channel,
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
        id,
        operator,
        reason,
        at: at.toISOString(),
      }));
    },
  );
}
