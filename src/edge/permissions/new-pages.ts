/** The form with which a member lets a shop freeze up to an amount without asking each time. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { toWire } from "../../core/money/money.ts";
import { dayAt, daysAfter, isId, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { readParties, readShops } from "../../storage/parties/parties.ts";
import { giveMandate } from "../api/api.ts";
import { returnAddress } from "../disclosures/disclosures.ts";
import type { Server } from "../http/http.ts";
import {
  askProof,
  attemptOf,
  field,
  type Fields,
  frameOf,
  isProven,
  key,
  memberOf,
  methodsOf,
  orProblem,
  type PageContext,
  proofFields,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../pages/pages.ts";
import { pageOfListings } from "../portal/portal.ts";
import { say, type Sentence } from "../words/words.ts";
import { ledToSignIn } from "./footing.ts";
import { acceptorsOf, limitsOf } from "./forms.ts";
import { longestDays } from "./given-pages.ts";
import { type FitShop, GivePage } from "./new-view.tsx";

const query = closed({
  shop: Type.Optional(idSchema),
  return: Type.Optional(Type.String({ maxLength: 400 })),
});
const ticked = field(3);
const form = closed({
  key,
  shop: field(40),
  return: field(400),
  method: field(40),
  limit: field(40),
  until: field(20),
  recipient: ticked,
  carrier: ticked,
  provider: ticked,
  shopAccepts: ticked,
  ...proofFields,
});
const refusals = [
  "not_authenticated",
  "not_found",
  "not_allowed",
  "invalid_field",
  "member_not_approved",
  "shop_not_approved",
  "shop_suspended",
  "date_out_of_range",
  "method_not_usable",
  "sign_in_changed_lately",
] as const;

/** Registers `/mandates/new`. */
export function registerGivingPages(server: Server, context: PageContext): void {
  server.get(
    "/mandates/new",
    {
      config: { ...toMember, refusals },
      schema: { tags, summary: "The form that lets a shop freeze up to an amount", querystring: query },
    },
    async (request, reply) => {
      if (await ledToSignIn(context, request, reply)) return reply;
      return sendForm(context, request, reply, { fields: request.query });
    },
  );
  server.post(
    "/mandates/new",
    {
      config: { ...toMember, form: true, refusals },
      schema: { tags, summary: "Let a shop freeze up to an amount", body: form },
    },
    async (request, reply) => give(context, request, reply, request.body),
  );
}

const mostShops = 100;

/** The shops among which a member chooses: one that sent them here, else those that want to be found, and those known to them. */
async function shopsFor(
  { database }: PageContext,
  caller: Caller,
  asked: string | undefined,
): Promise<FitShop[]> {
  if (asked !== undefined) {
    const [shop] = await readShops(database, [asked]);
    return [shop ?? refuse("not_found", "There is no such shop.")].map(({ id, name }) => ({ id, name }));
  }
  const [listed, given] = await Promise.all([
    pageOfListings(database, { limit: mostShops }),
    members.listMandates(database, caller.id, mostShops),
  ]);
  const ids = [...new Set([...listed.items.map(({ shop }) => shop), ...given.map(({ shop }) => shop)])];
  const shops = ids.length === 0 ? [] : await readShops(database, ids);
  return shops
    .filter(({ state }) => state === "approved")
    .map(({ id, name }) => ({ id, name }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function sendForm(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { fields, status, ...wrong }: { fields: Fields; status?: number } & Parameters<typeof attemptOf>[1],
): Promise<FastifyReply> {
  const caller = await memberOf(context, request);
  const { database, settings } = context;
  const { shop, return: back } = fields;
  const isSent = back !== undefined && back !== "" && shop !== undefined && isId(shop);
  const sent = isSent ? shop : undefined;
  // Nobody is led from here to where the shop has not said.
  if (sent !== undefined) await returnAddress(database, sent, back ?? "");
  const [shops, methods, proven, now] = await Promise.all([
    shopsFor(context, caller, sent),
    methodsOf(context, caller.id),
    isProven(context, request),
    readClock(database),
  ]);
  const today = dayAt(now, settings.timeZone);
  const here = request.method === "GET" ? request.url : "/mandates/new";
  return sendPage(
    reply,
    GivePage,
    {
      frame: frameOf(context, caller),
      shops,
      back: sent === undefined ? undefined : back,
      methods,
      earliest: today,
      latest: daysAfter(today, longestDays),
      usual: daysAfter(today, usualDays),
      signIn: proven ? undefined : `/signin?next=${encodeURIComponent(here)}`,
      once: uuidv7(),
      attempt: attemptOf(fields, wrong),
    },
    status ?? wrong.problem?.status ?? (wrong.errors === undefined ? 200 : 422),
    here,
  );
}

const usualDays = 92;

/** What is wrong with what was chosen, at its field. */
function missing(
  fields: Fields,
  shop: string | undefined,
  method: object | undefined,
): Record<string, Sentence> {
  return {
    ...(shop !== undefined && isId(shop) ? {} : { shop: say("mistake.missing") }),
    ...(method === undefined ? { method: say("mistake.missing") } : {}),
    ...((fields["limit"] ?? "").trim() === "" ? { limit: say("mistake.missing") } : {}),
  };
}

async function give(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Fields,
): Promise<FastifyReply> {
  const { key: given, proof: _, proofPassword: __, ...fields } = body;
  const caller = await memberOf(context, request);
  const again = (wrong: Parameters<typeof attemptOf>[1]) =>
    sendForm(context, request, reply, { fields, ...wrong });
  const { shop = "", return: back = "" } = fields;
  const method = (await methodsOf(context, caller.id)).find(({ id }) => id === fields["method"]);
  const errors = missing(fields, shop, method);
  if (method === undefined || Object.keys(errors).length > 0) return again({ errors });
  const { timeZone } = context.settings;
  const limits = limitsOf(fields, method.currency, { timeZone });
  if ("errors" in limits) return again(limits);
  if (!(await isProven(context, request))) return sendForm(context, request, reply, { fields, status: 403 });
  if (back !== "") await returnAddress(context.database, shop, back);
  const { currency } = method;
  const act = { act: "mandate.give", of: shop, amount: limits.limit, currency } as const;
  const [whom] = await readParties(context.database, [shop]);
  const asking = { caller, act, back: "/mandates", whom: whom?.name };
  if (await askProof(context, request, reply, asking)) return reply;
  const [person] = await members.readPeopleById(context.database, [caller.id]);
  const number = person?.number ?? refuse("not_found");
  const terms = {
    shop,
    currency,
    limit: toWire(limits.limit),
    until: limits.until.toISOString(),
    method: method.id,
    acceptors: acceptorsOf({ ...fields, shop: fields["shopAccepts"] }),
  };
  const digest = digestOf("POST", "/mandates/new", terms);
  const answer = await orProblem(() =>
    once(context.database, { caller: caller.id, key: given, digest }, (client) =>
      giveMandate(context, client, number, terms),
    ),
  );
  if ("problem" in answer) {
    const { problem } = answer;
    return again(
      problem.code === "date_out_of_range" ? { errors: { until: say("mandate.dayOver") } } : { problem },
    );
  }
  const id = String((answer.value.view.value as { id: string }).id);
  const onward = back === "" ? "" : `&return=${encodeURIComponent(back)}`;
  return seeOther(reply, `/mandates/${id}?done=given${onward}`);
}
