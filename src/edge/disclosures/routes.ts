/** Disclosures over HTTP: the member gives, sees and takes back; the shop fetches. */
import { disclosedSchema, disclosureGivenSchema, disclosureShown } from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { findMember } from "../../storage/members/members.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  disclosureSchema,
  idSchema,
  listOf,
  numberSchema,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import { answerOnce, callerAmong, type Context, memberNumber, pageWish } from "../api/api.ts";
import { disclosureView, fetchDisclosure, giveDisclosure } from "./shop-disclosures.ts";
import { listDisclosures, revokeDisclosure } from "./store.ts";
import { pageOf } from "../../storage/database/database.ts";

const tags = ["Disclosures"];
const params = closed({ number: numberSchema });
const own = { access: ["member"], refusals: ["wrong_check_digit"] } as const;

/** The member whose number the address holds; for any other member it does not exist. */
async function self(context: Context, request: FastifyRequest, text: string): Promise<Caller> {
  const caller = await callerAmong(context, request, ["member"]);
  const member = await findMember(context.database, memberNumber(text));
  return member?.id === caller.id ? caller : refuse("not_found");
}

export function registerDisclosureRoutes(server: Server, context: Context): void {
  registerGiving(server, context);
  registerRecord(server, context);
  server.post(
    "/v1/disclosures/fetch",
    {
      config: { access: ["shop"], refusals: ["not_found", "shop_suspended", "shop_not_approved"] },
      schema: {
        tags,
        summary: "Fetch what a member agreed to, once",
        answers: { 200: disclosedSchema },
        description:
          "Only the shop that the member named, and only until the disclosure ends. The values are not stored with " +
          "the answer, so a repetition with the same Idempotency-Key gets it without them.",
        body: closed({ token: Type.String({ pattern: "^kd_[0-9a-f]{40}$" }) }),
      },
    },
    async (request, reply) => {
      const shop = await callerAmong(context, request, ["shop"]);
      return answerOnce(context, request, reply, shop, (client) =>
        fetchDisclosure(context, client, shop.id, request.body.token),
      );
    },
  );
}

function registerGiving(server: Server, context: Context): void {
  server.post(
    "/v1/members/:number/disclosures",
    {
      config: {
        ...own,
        refusals: [
          "wrong_check_digit",
          "member_not_approved",
          "not_found",
          "shop_not_approved",
          "shop_suspended",
          "date_out_of_range",
        ],
      },
      schema: {
        tags,
        summary: "Let a shop read named fields once; the token is shown once",
        answers: { 201: disclosureGivenSchema },
        params,
        body: disclosureSchema,
      },
    },
    async (request, reply) => {
      const member = await self(context, request, request.params.number);
      return answerOnce(context, request, reply, member, (client) =>
        giveDisclosure(client, member.id, request.body),
      );
    },
  );
}

function registerRecord(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/members/:number/disclosures",
    {
      config: own,
      schema: {
        tags,
        summary: "Who may read or has read what, and when, newest first",
        answers: { 200: listOf(disclosureShown) },
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const member = await self(context, request, request.params.number);
      const { limit, after } = pageWish(request.query);
      const rows = await listDisclosures(database, member.id, limit + 1, after);
      const shops = await readParties(database, [...new Set(rows.map(({ shop }) => shop))]);
      const names = new Map(shops.map(({ id, name }) => [id, name]));
      return pageOf(rows, limit, (row) => disclosureView(row, names.get(row.shop) ?? row.shop));
    },
  );
  server.delete(
    "/v1/members/:number/disclosures/:id",
    {
      config: own,
      schema: {
        tags,
        summary: "Take a disclosure back; what has been fetched stays fetched",
        answers: { 204: null },
        params: closed({ number: numberSchema, id: idSchema }),
      },
    },
    async (request, reply) => {
      const member = await self(context, request, request.params.number);
      const revoked = await revokeDisclosure(database, member.id, request.params.id);
      return revoked ? reply.code(204).send() : refuse("not_found");
    },
  );
}
