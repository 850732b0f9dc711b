/** The page on which a member agrees, field by field, to what a shop that sent them here may read (patent 0091). */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { giveDisclosure, returnAddress, tellableShop } from "../disclosures/disclosures.ts";
import type { Server } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readPersonalData } from "../../storage/members/members.ts";
import { personalFields, type Problem, Refusal, refuse } from "../../core/protocol/protocol.ts";
import { idSchema } from "../../core/protocol/schemas.ts";
import { DisclosurePage } from "../member-views/member-views.ts";
import { render, sentence } from "../parts/parts.ts";
import { callerOf } from "../api/api.ts";
import { closed, frameOf, isSignedOut, memberOf, seeOther, sendPage, tags, toMember } from "./replies.ts";
import { attemptOf, discloseForm } from "./forms.ts";
import type { PageContext } from "./page-context.ts";

const say = sentence("en");
const refusals = ["not_authenticated", "not_found", "invalid_field", "shop_suspended"] as const;
const query = Type.Object({ shop: idSchema, return: Type.String({ maxLength: 400 }) }, closed);

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
  wrong?: { errors: Record<string, string> } | { problem: Problem },
): Promise<FastifyReply> {
  const data = (await readPersonalData(context.database, context.vault, caller.id)) ?? refuse("not_found");
  const attempt = wrong === undefined ? {} : { attempt: attemptOf({}, wrong) };
  const status = wrong === undefined ? 200 : "problem" in wrong ? wrong.problem.status : 422;
  const html = render(DisclosurePage, {
    frame: frameOf(context, caller),
    shop,
    back: back.href,
    data,
    ...attempt,
  });
  return sendPage(reply, html, status);
}

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
  try {
    const { secret } = await giveDisclosure(context.database, caller.id, { shop: shop.id, fields });
    back.searchParams.set("disclosure", secret.token);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return sendForm(context, reply, caller, asked, { problem: error.problem });
  }
  const data = { name: null, address: null, birthDate: null, email: null, phone: null };
  const html = render(DisclosurePage, {
    ...{ frame: frameOf(context, caller), shop, back: back.href, data },
    agreed: true,
  });
  return sendPage(reply, html);
}
