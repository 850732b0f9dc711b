/** Those who take money for dues, over HTTP. */
import Type from "typebox";
import { collectorShown } from "../../core/answers/answers.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  basisPointsSchema,
  closed,
  collectionChannels,
  contactSchema,
  idSchema,
  listOf,
  maximumAmount,
  oneOf,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import { feeBearers, readCollectors } from "../../engines/collections/collections.ts";
import { callerAmong, checkCurrency, type Context, operatorAct, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { type CollectorWish, listOfCollectors, setCollector, viewsOf } from "./collectors.ts";

const tags = ["Collections"];
const params = closed({ id: idSchema });
const limitSchema = Type.Integer({ minimum: 0, maximum: maximumAmount, description: "Minor units" });
const body = closed({
  name: text(1, 120),
  channel: oneOf(collectionChannels),
  limits: Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), limitSchema, {
    maxProperties: 20,
    description: "By currency: how much it may have taken and not handed in. What is left out stays as it is",
  }),
  fee: Type.Optional(
    closed(
      {
        fixed: limitSchema,
        basisPoints: basisPointsSchema,
        borneBy: oneOf(feeBearers, "Out of whose money: the institution's, or that of whoever is paid"),
      },
      "What it is paid for each collection from now on, at most a tenth of what was taken, and nothing for a funding; left out, it stays as it is",
    ),
  ),
  contact: Type.Optional(contactSchema),
  password: Type.Optional(Type.String({ minLength: 12, maxLength: 200 })),
  lookAlike: Type.Optional(text(1, 500, "Why it may have a name that looks like another's")),
});

export function registerCollectors(server: Server, context: Context): void {
  registerSetting(server, context);
  registerReading(server, context);
}

function registerSetting(server: Server, context: Context): void {
  const set = operatorAct<CollectorWish>(context, "collector.set", async (client, wish, { operator }) => ({
    status: 200,
    body: await setCollector(context, client, wish, operator),
    tells: wish.id,
  }));
  server.put(
    "/v1/collectors/:id",
    {
      config: {
        access: ["operator"],
        acts: ["collector.set"],
        refusals: [
          "already_exists",
          "unknown_currency",
          "currency_mismatch",
          "collector_limit_exceeded",
          "name_looks_alike",
          "card_number_refused",
        ],
      },
      schema: {
        tags,
        summary: "Make a collector, or set what it may do",
        answers: { 200: collectorShown },
        description:
          "The id is yours to make; that of a carrier lets it take money at the door (`cash_on_delivery`). With `password` " +
          "it signs in by the e-mail address of `contact`, with a key (`POST /v1/collectors/{id}/keys`) its programs call.",
        params,
        body,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      const { password, contact = {}, ...wish } = request.body;
      for (const currency of Object.keys(wish.limits)) checkCurrency(context, currency);
      const { email } = contact;
      if (password !== undefined && email === undefined)
        refuse("invalid_field", "A sign-in needs an e-mail address.", {
          errors: [{ pointer: "/contact/email", message: "is missing" }],
        });
      const passwordHash =
        password === undefined ? undefined : await context.identity.hashPassword(email ?? "", password);
      const args = { id, ...wish, contact, ...(passwordHash === undefined ? {} : { passwordHash }) };
      return set(request, reply, caller, { subject: id, args });
    },
  );
}

function registerReading(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/collectors",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "Those who take money for dues, with what they owe",
        answers: { 200: listOf(collectorShown) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return listOfCollectors(context, database, limit, after);
    },
  );
  server.get(
    "/v1/collectors/:id",
    {
      config: { access: ["party", "operator"], refusals: ["not_found"] },
      schema: { tags, summary: "Read a collector", answers: { 200: collectorShown }, params },
    },
    async (request) => {
      const caller = await callerAmong(context, request, ["collector", "carrier", "operator"]);
      const { id } = request.params;
      if (caller.kind !== "operator" && caller.id !== id) return refuse("not_found");
      const [view] = await viewsOf(context, database, await readCollectors(database, [id]));
      return view ?? refuse("not_found");
    },
  );
}
