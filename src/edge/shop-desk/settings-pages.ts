/** The settings of a shop at the desk: read and changed by the calls of the API. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { parseDuration, type Problem, type ProblemCode } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readParties } from "../../storage/parties/parties.ts";
import type { Server } from "../http/http.ts";
import {
  attemptOf,
  field,
  type Fields,
  frameOf,
  isProven,
  key,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { shownListing } from "../portal/portal.ts";
import { SettingsPage, type SettingsShown } from "../shop-desk-views/shop-desk-views.ts";
import { say } from "../words/words.ts";
import { shopForm, shopOf, shopPage } from "./order-pages.ts";
import { callOwn, listOwn } from "../own-calls/own-calls.ts";
import { type Setting, type SettingAct, settingActs, settingOf } from "./settings.ts";

const here = "/shop/settings";

type Kept = Record<string, unknown>;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const orNull = (value: unknown): string | null => (typeof value === "string" ? value : null);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function registerSettingsPages(server: Server, context: PageContext): void {
  server.get(
    here,
    {
      config: shopPage,
      schema: {
        tags,
        summary: "What a shop has said of itself",
        querystring: closed({ done: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      return sendSettings(server, context, request, reply, { caller, done: request.query.done === "yes" });
    },
  );
  for (const act of settingActs) registerSetting(server, context, act);
}

function registerSetting(server: Server, context: PageContext, act: SettingAct): void {
  const setting = settingOf(act);
  const fields = {
    key,
    sure: field(3),
    ...setting.fields,
    ...(setting.named === true ? { of: idSchema } : {}),
  };
  server.post(
    `${here}/${act}`,
    {
      config: { ...shopForm, refusals: [...shopPage.refusals, ...ofCalls] },
      schema: { tags, summary: `The desk's form: ${act}`, body: closed(fields) },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      // The call asks it of sessions, and is not made in vain.
      if (setting.proves === true && !(await isProven(context, request))) {
        const attempt = { ...noAttempt, values: typedIn(act, request.body as Fields) };
        return sendSettings(server, context, request, reply, { caller, attempt, unproven: true });
      }
      return set(server, context, request, reply, { caller, act, setting });
    },
  );
}

/** What these calls may be refused with, and has no field to stand at. */
const ofCalls = [
  "not_found",
  "shop_not_approved",
  "shop_suspended",
  "webhook_url_refused",
  "webhook_endpoint_ended",
  "offer_over",
  "date_out_of_range",
  "already_advanced",
  "trade_busy",
] as const satisfies ProblemCode[];

async function set(
  server: Server,
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, act, setting }: { caller: Caller; act: SettingAct; setting: Setting },
): Promise<FastifyReply> {
  const fields = request.body as Fields;
  const of = fields["of"] ?? "";
  if (setting.asks !== undefined && fields["sure"] !== "yes") {
    const called = await calledOf(server, request, caller, of);
    if (called !== undefined) {
      const sure = { act, question: setting.asks, of, called, key: fields["key"] ?? "" };
      return sendSettings(server, context, request, reply, { caller, sure });
    }
  }
  const answer = await callOwn(server, request, {
    ...setting.call(caller.id, of, fields),
    key: fields["key"],
  });
  if (answer.problem !== undefined) {
    const attempt = wrongIn(act, fields, answer.problem);
    return sendSettings(server, context, request, reply, { caller, attempt });
  }
  const value = setting.shows === undefined ? undefined : orNull(answer.json[setting.shows]);
  if (setting.shows !== undefined && value != null) {
    // Shown in this answer and nowhere else: no address leads back to it.
    return sendSettings(server, context, request, reply, { caller, secret: { what: setting.shows, value } });
  }
  if (act === "take") return seeOther(reply, `/shop/orders/${textOf(answer.json["number"])}`);
  return seeOther(reply, `${here}?done=yes`);
}

/** What that is called which is asked about; undefined where there is no such thing. */
async function calledOf(
  server: Server,
  request: FastifyRequest,
  { id }: Caller,
  of: string,
): Promise<string | undefined> {
  const keys = await listOwn(server, request, `/v1/shops/${id}/keys`);
  const hooks = await listOwn(server, request, "/v1/webhook-endpoints");
  const found = [...keys, ...hooks].find((each) => each["id"] === of);
  return found && (orNull(found["url"]) ?? orNull(found["label"]) ?? of);
}

/** What was typed, under the names that the fields of the page have. */
function typedIn(act: SettingAct, fields: Fields): Record<string, string> {
  const typed = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === "key" ? [] : [[`${act}-${name}`, value]],
  );
  return Object.fromEntries(typed);
}

/** What is wrong, at the field where it can be put right. */
function wrongIn(act: SettingAct, fields: Fields, problem: Problem): Attempt {
  const values = typedIn(act, fields);
  const { errors = [] } = problem;
  const names: Readonly<Record<string, string>> = { returnUrls: "urls" };
  const told = errors.flatMap(({ pointer, message }) => {
    const part = pointer.split("/").findLast((each) => each !== "" && !/^[0-9]+$/.test(each)) ?? "";
    const name = names[part] ?? part;
    return name in fields ? [[`${act}-${name}`, say("mistake.other", { message })] as const] : [];
  });
  return told.length > 0 && told.length === errors.length
    ? { ...attemptOf({}, { errors: Object.fromEntries(told) }), values }
    : { ...attemptOf({}, { problem }), values };
}

async function sendSettings(
  server: Server,
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    caller,
    ...said
  }: { caller: Caller } & Pick<SettingsShown, "attempt" | "done" | "secret" | "sure" | "unproven">,
): Promise<FastifyReply> {
  const ask = (url: string) => listOwn(server, request, url);
  const { id } = caller;
  const [shop, keys, hooks, deliveries, chain, chains, offers, listing] = await Promise.all([
    callOwn(server, request, { method: "GET", url: `/v1/shops/${id}` }),
    ask(`/v1/shops/${id}/keys`),
    ask("/v1/webhook-endpoints"),
    ask("/v1/webhook-deliveries?limit=20"),
    callOwn(server, request, { method: "GET", url: `/v1/chains/${id}/stores` }),
    ask("/v1/chains"),
    ask("/v1/offers?limit=50"),
    shownListing(context.database, id),
  ]);
  const own: Kept = shop.problem === undefined ? shop.json : {};
  const stores: Kept = chain.problem === undefined ? chain.json : {};
  const page: SettingsShown = {
    frame: frameOf(context, caller),
    once: uuidv7,
    keys: keys.map((each) => ({
      id: textOf(each["id"]),
      label: orNull(each["label"]),
      createdAt: textOf(each["createdAt"]),
      expiresAt: orNull(each["expiresAt"]),
    })),
    hooks: hooks.map((each) => ({
      id: textOf(each["id"]),
      url: textOf(each["url"]),
      types: textsOf(each["types"]),
      state: textOf(each["state"]),
    })),
    deliveries: deliveries.map((each) => ({
      id: textOf(each["id"]),
      type: textOf(each["type"]),
      number: orNull(each["number"]),
      state: textOf(each["state"]),
      attempts: Number(each["attempts"]),
      createdAt: textOf(each["createdAt"]),
    })),
    returnAddress: (own["returnAddress"] as SettingsShown["returnAddress"] | undefined) ?? null,
    returnUrls: textsOf(own["returnUrls"]),
    unique: own["uniqueReferences"] === true,
    listing: listing === undefined ? undefined : { url: listing.view.url, sentence: listing.view.sentence },
    ...chainIn(stores, chains, offers, { shop: id, names: await namesOf(context, stores, chains) }),
  };
  const { attempt, unproven } = said;
  const status = unproven ? 403 : attempt === undefined ? 200 : (attempt.problem?.status ?? 422);
  return sendPage(reply, SettingsPage, { ...page, ...said }, status, here);
}

const itemsOf = (stores: Kept): Kept[] => (Array.isArray(stores["items"]) ? (stores["items"] as Kept[]) : []);

/** What the shops are called with which this one makes a chain, by their ids. */
async function namesOf(
  { database }: PageContext,
  stores: Kept,
  chains: readonly Kept[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...itemsOf(stores).map((each) => each["store"]), ...chains.map((each) => each["chain"])];
  const found = ids.length === 0 ? [] : await readParties(database, ids.map(textOf));
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** A time in whole minutes as their number, and any other as the duration that it is. */
function minutesOf(text: string): string {
  const { months = 0, milliseconds = 0 } = parseDuration(text) ?? {};
  const minutes = milliseconds / 60_000;
  return months === 0 && minutes > 0 && Number.isInteger(minutes) ? String(minutes) : text;
}

function chainIn(
  stores: Kept,
  chains: readonly Kept[],
  offers: readonly Kept[],
  { shop, names }: { shop: string; names: ReadonlyMap<string, string> },
) {
  const nameOf = (id: unknown) => names.get(textOf(id)) ?? null;
  return {
    offerFor: minutesOf(textOf(stores["offerFor"])),
    stores: itemsOf(stores).map((each) => ({
      store: textOf(each["store"]),
      name: nameOf(each["store"]),
      postcodes: textsOf(each["postcodes"]),
      agreedAt: orNull(each["agreedAt"]),
    })),
    chains: chains.map((each) => ({
      chain: textOf(each["chain"]),
      name: nameOf(each["chain"]),
      agreedAt: orNull(each["agreedAt"]),
    })),
    offers: offers
      .filter((each) => each["state"] === "offered" && each["store"] === shop)
      .map((each) => ({
        id: textOf(each["id"]),
        number: textOf(each["trade"]),
        until: textOf(each["until"]),
      })),
  };
}
