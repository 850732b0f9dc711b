/** The page of shops, and the way on to one of them with what the member lets it read (paragraphs 0079, 0091). */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { addDuration, parseDuration, personalFields, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import { readClock } from "../../storage/database/database.ts";
import { readPersonalData } from "../../storage/members/members.ts";
import { callerOf, pageWish } from "../api/api.ts";
import { giveDisclosure, toTell } from "../disclosures/disclosures.ts";
import { leadingTo, type Server } from "../http/http.ts";
import {
  field,
  frameOf,
  isSignedOut,
  memberOf,
  type PageContext,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../pages/pages.ts";

import { pageOfListings, type Shown, shownListing } from "./listings.ts";
import { GoPage, ShopsPage } from "./portal-views.tsx";

const params = closed({ id: idSchema });
/** How long the shop has to read what the member brings along. */
const readWithin = "PT5M";
const ticked = field(3);
const refusals = ["not_authenticated", "not_found", "shop_suspended", "shop_not_approved"] as const;

/** `at`: how shops know this server. */
export function registerPortalPages(server: Server, context: PageContext, at: string): void {
  server.get(
    "/portal",
    {
      config: { access: ["anyone"], page: true },
      schema: { tags, summary: "The shops that want to be found here", querystring: pageSchema },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      const { items: shops, next } = await pageOfListings(context.database, pageWish(request.query));
      const isMember = caller.kind === "member";
      return sendPage(reply, ShopsPage, { frame: frameOf(context, caller), shops, next, isMember });
    },
  );
  registerGoing(server, context, at);
}

async function placeOf(context: PageContext, id: string): Promise<Shown> {
  return (await shownListing(context.database, id)) ?? refuse("not_found", "The shop is not listed.");
}

function registerGoing(server: Server, context: PageContext, at: string): void {
  server.get(
    "/portal/:id",
    { config: { ...toMember, refusals }, schema: { tags, summary: "On to a shop", params } },
    async (request, reply) => {
      const { id } = request.params;
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, `/signin?next=/portal/${id}`);
      const member = await memberOf(context, request);
      const { view, place } = await placeOf(context, id);
      const data = toTell(
        (await readPersonalData(context.database, context.vault, member.id)) ?? refuse("not_found"),
      );
      const { name } = view;
      return sendPage(leadingTo(reply, place.href), GoPage, {
        frame: frameOf(context, member),
        shop: { id, name },
        place: place.host,
        data,
      });
    },
  );
  const form = closed({
    name: ticked,
    address: ticked,
    birthDate: ticked,
    email: ticked,
    phone: ticked,
    go: Type.Optional(Type.Literal("yes")),
  });
  server.post(
    "/portal/:id",
    {
      config: { ...toMember, form: true, refusals },
      schema: { tags, summary: "Go there, with what is ticked", params, body: form },
    },
    (request, reply) => go(context, request, reply, { id: request.params.id, at, ticked: request.body }),
  );
}

/** Nothing of the member is in the address: a code that only this shop, with its key, reads once. */
async function go(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, at, ticked: said }: { id: string; at: string; ticked: Partial<Record<string, string>> },
): Promise<FastifyReply> {
  const member = await memberOf(context, request);
  const { place } = await placeOf(context, id);
  const fields = personalFields.filter((each) => said[each] === "yes");
  if (fields.length > 0) {
    const within = parseDuration(readWithin);
    if (within === undefined) throw new Error(readWithin);
    const until = addDuration(await readClock(context.database), within).toISOString();
    const { secret } = await context.database.transaction((client) =>
      giveDisclosure(client, member.id, { shop: id, fields, until }),
    );
    place.searchParams.set("disclosure", secret.token);
    place.searchParams.set("at", at);
  }
  return reply.code(303).header("location", place.href).send();
}
