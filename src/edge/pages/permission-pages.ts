/** The pages on which a member sees what operators did, and lets a shop read, field by field, what is known of them (patent 0091). */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { personalFields, type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import { callerOf } from "../api/api.ts";
import { giveDisclosure, returnAddress, tellableShop, toTell } from "../disclosures/disclosures.ts";
import type { Server } from "../http/http.ts";
import { DisclosurePage, RecordPage } from "../member-views/member-views.ts";

import type { Caller } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { attemptOf, field } from "./form-fields.ts";
import type { PageContext } from "./page-context.ts";
import { frameOf, isSignedOut, memberOf, orProblem, seeOther, sendPage, tags, toMember } from "./replies.ts";

const recordMost = 50;

/** Registers `/record`: what operators did to a member and why they looked at their data, the latest of each. */
export function registerRecord(server: Server, context: PageContext): void {
  const { database } = context;
  server.get(
    "/record",
    { config: toMember, schema: { tags, summary: "What operators did and read" } },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/record");
      const member = await memberOf(context, request);
      const [notices, lookups, changed] = await Promise.all([
        members.listNotices(database, member.id, recordMost),
        members.listLookups(database, member.id, recordMost),
        members.listProfileChanges(database, member.id, recordMost),
      ]);
      const numberOf = (trade: bigint | null) => (trade === null ? null : String(trade));
      const acts = notices.map(({ trade, at, ...notice }) => ({
        ...notice,
        trade: numberOf(trade),
        at: at.toISOString(),
      }));
      const looks = lookups.map(({ id, reason, trade, at }) => ({
        id,
        reason,
        trade: numberOf(trade),
        at: at.toISOString(),
      }));
      const changes = changed.map(({ at, ...change }) => ({ ...change, at: at.toISOString() }));
      return sendPage(reply, RecordPage, { frame: frameOf(context, member), acts, looks, changes });
    },
  );
}

const refusals = ["not_authenticated", "not_found", "invalid_field", "shop_suspended"] as const;
const query = closed({ shop: idSchema, return: Type.String({ maxLength: 400 }) });
const ticked = field(3);

const discloseForm = closed({
  shop: idSchema,
  return: Type.String({ maxLength: 400 }),
  name: ticked,
  address: ticked,
  birthDate: ticked,
  email: ticked,
  phone: ticked,
});

interface Asked {
  shop: { id: string; name: string };
  back: URL;
}

/** Which shop asks, and where it wants the member back. Refuses where either is not what it seems. */
async function askedBy({ database }: PageContext, shop: string, wished: string): Promise<Asked> {
  const { id, name } = await tellableShop(database, shop);
  return { shop: { id, name }, back: await returnAddress(database, id, wished) };
}

async function sendForm(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  { shop, back }: Asked,
  wrong?: { errors: Record<string, Sentence> } | { problem: Problem },
): Promise<FastifyReply> {
  const data = toTell(
    (await members.readPersonalData(context.database, context.vault, caller.id)) ?? refuse("not_found"),
  );
  const attempt = wrong === undefined ? {} : { attempt: attemptOf({}, wrong) };
  const status = wrong === undefined ? 200 : "problem" in wrong ? wrong.problem.status : 422;
  return sendPage(
    reply,
    DisclosurePage,
    {
      frame: frameOf(context, caller),
      shop,
      back: back.href,
      data,
      ...attempt,
    },
    status,
  );
}

/** Registers `/disclose`: what a shop that sent the member here may read. */
export function registerDisclosurePages(server: Server, context: PageContext): void {
  server.get(
    "/disclose",
    {
      config: { ...toMember, refusals },
      schema: { tags, summary: "What a shop asks to read about you", querystring: query },
    },
    async (request, reply) => {
      const { shop, return: wished } = request.query;
      if (isSignedOut(await callerOf(context, request))) {
        const here = `/disclose?shop=${shop}&return=${encodeURIComponent(wished)}`;
        return seeOther(reply, `/signin?next=${encodeURIComponent(here)}`);
      }
      return sendForm(context, reply, await memberOf(context, request), await askedBy(context, shop, wished));
    },
  );
  server.post(
    "/disclose",
    {
      config: { ...toMember, form: true, refusals },
      schema: { tags, summary: "Agree to what is ticked", body: discloseForm },
    },
    async (request, reply) => disclose(context, request, reply, request.body),
  );
}

async function disclose(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { shop: id, return: wished, ...ticked }: Static<typeof discloseForm>,
): Promise<FastifyReply> {
  const caller = await memberOf(context, request);
  const asked = await askedBy(context, id, wished);
  const fields = personalFields.filter((field) => ticked[field] === "yes");
  if (fields.length === 0)
    return sendForm(context, reply, caller, asked, { errors: { name: say("disclose.nothing") } });
  const { shop, back } = asked;
  const given = await orProblem(() =>
    context.database.transaction((client) => giveDisclosure(client, caller.id, { shop: shop.id, fields })),
  );
  if ("problem" in given) return sendForm(context, reply, caller, asked, given);
  back.searchParams.set("disclosure", given.value.secret.token);
  const data = { name: null, address: null, birthDate: null, email: null, phone: null };
  return sendPage(reply, DisclosurePage, {
    frame: frameOf(context, caller),
    shop,
    back: back.href,
    data,
    agreed: true,
  });
}
