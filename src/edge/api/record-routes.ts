/** What people see of what operators did for them, and of who looked at their data. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, pageSchema } from "../../core/protocol/schemas.ts";
import * as members from "../../storage/members/members.ts";
import { partyKinds } from "../../storage/parties/parties.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { noteLook } from "../operators/operators.ts";
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

function noticeView({ id, trade, types, act, channel, at }: members.NoticeRow): Record<string, unknown> {
  return { id, trade: trade === null ? null : String(trade), types, act, channel, at: at.toISOString() };
}

/** What operators did to a party's account, rights and keys. */
function registerPartyNotices(server: Server, context: Context): void {
  for (const kind of partyKinds) {
    server.get(
      `/v1/${kind}s/:id/notices`,
      {
        config: { access: ["party", "operator"], refusals: ["not_found"] },
        schema: {
          tags: [kind === "shop" ? "Shops" : "Carriers and providers"],
          summary: `What operators did to a ${kind}, newest first`,
          params: closed({ id: idSchema }),
          querystring: pageSchema,
        },
      },
      async (request) => {
        const caller = await callerAmong(context, request, ["shop", "carrier", "provider", "operator"]);
        const { id } = request.params;
        if (caller.kind !== "operator" && (caller.kind !== kind || caller.id !== id)) refuse("not_found");
        const { limit, after } = pageWish(request.query);
        return pageOf(await members.listNotices(context.database, id, limit + 1, after), limit, noticeView);
      },
    );
  }
}

export function registerRecordRoutes(server: Server, context: Context): void {
  const { database } = context;
  registerPartyNotices(server, context);
  const config = { access: ofMember, refusals: ["wrong_check_digit"] } as const;
  server.get(
    "/v1/members/:number/notices",
    {
      config,
      schema: {
        tags: ["Members"],
        summary: "What operators did on a member's trades and accounts, newest first",
        params: memberParams,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const person = await personFor(context, request, request.params.number);
      const { limit, after } = pageWish(request.query);
      const rows = await members.listNotices(database, person, limit + 1, after);
      return pageOf(rows, limit, noticeView);
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
      return pageOf(rows, limit, ({ id, operator, reason, trade, at }) => ({
        id,
        operator,
        reason,
        trade: trade === null ? null : String(trade),
        at: at.toISOString(),
      }));
    },
  );
}

/** An operator is about to read who receives a trade: its buyer sees that, and why. */
export async function noteRecipientLook(
  { database, settings, trades }: Context,
  operator: string,
  number: string,
  reason: string | undefined,
): Promise<void> {
  const trade = await trades.read({ kind: "operator", id: operator }, number);
  if (trade === undefined) refuse("not_found");
  const { buyer } = trade;
  const member =
    buyer != null && "member" in buyer ? await members.findMember(database, BigInt(buyer.member)) : undefined;
  await inTransaction(database, (client) =>
    noteLook(client, settings, { person: member?.id ?? null, operator, reason, trade: BigInt(number) }),
  );
}
