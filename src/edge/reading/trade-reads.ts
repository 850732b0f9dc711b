/** Trades as their parties read them over HTTP: one or many, what happened to them, and the proof of it. */
import { feedSchema, receiptSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import { dammValid, isRefused, problem, type ProblemCode, refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  listOf,
  pageSchema,
  tradeEventSchema,
  tradeSeenSchema,
} from "../../core/protocol/schemas.ts";
import { actorAmong, type Context, pageWish, parties } from "../api/api.ts";
import { sendProblem, type Server } from "../http/http.ts";
import { findSchema, findWish, howToFind } from "./finding.ts";

const tags = ["Trades"];
const numberParam = closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) });

/** A trade number as it stands in an address. Refuses with wrong_check_digit. */
function checked(number: string): string {
  return dammValid(number) ? number : refuse("wrong_check_digit");
}

export function registerTradeReads(server: Server, context: Context): void {
  const read = { access: parties, refusals: ["not_found", "wrong_check_digit"] as ProblemCode[] };
  server.get(
    "/v1/trades",
    {
      config: { ...read, refusals: [...read.refusals, "date_out_of_range"] },
      schema: {
        tags,
        summary: "Your trades, newest first; with `updatedAfter`, by their last change, the oldest first",
        description: howToFind,
        answers: { 200: listOf(tradeSeenSchema) },
        querystring: findSchema,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, parties);
      const wish = findWish(request.query);
      if (wish === undefined) return context.trades.list(actor, pageWish(request.query));
      const found = await context.trades.search(actor, wish.filter, wish.page);
      return isRefused(found) ? refuse(found.refused, found.detail) : found;
    },
  );
  server.get(
    "/v1/trades/:number",
    {
      config: read,
      schema: {
        tags,
        summary: "A trade, as far as it is yours to see",
        answers: { 200: tradeSeenSchema },
        params: numberParam,
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, parties);
      const trade = await context.trades.read(actor, checked(request.params.number));
      return trade ?? sendProblem(reply, problem("not_found"));
    },
  );
  server.get(
    "/v1/trades/:number/events",
    {
      config: read,
      schema: {
        tags,
        summary: "All that happened to a trade, numbered; `after` is the number of the last event seen",
        answers: { 200: listOf(tradeEventSchema) },
        params: numberParam,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, parties);
      const { limit = "200", after = "0" } = request.query;
      if (!/^[0-9]{1,9}$/.test(after)) refuse("invalid_field", "`after` is not from a list.");
      const page = { limit: Math.min(Number(limit), 200), after: Number(after) };
      return (
        (await context.trades.events(actor, checked(request.params.number), page)) ?? refuse("not_found")
      );
    },
  );
  registerReceipt(server, context);
  registerFeed(server, context);
}

const fedTo = ["shop", "carrier", "provider"] as const;

function registerFeed(server: Server, context: Context): void {
  server.get(
    "/v1/events",
    {
      config: { access: fedTo },
      schema: {
        tags,
        summary: "The events of all your trades, in an order that loses none",
        answers: { 200: feedSchema },
        description:
          "`after` is the `position` of the last event that was seen. What is committed later always comes after it, " +
          "so that whoever reads on from there gets each event once. `next` is null at the end; the position of the " +
          "last item is where to go on later.",
        querystring: pageSchema,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, fedTo);
      const { limit = "200", after } = request.query;
      const found = await context.trades.feed(actor, { limit: Math.min(Number(limit), 200), after });
      return isRefused(found) ? refuse(found.refused, found.detail) : found;
    },
  );
}

const receiptQuery = closed({ event: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,8}$" })) });

function registerReceipt(server: Server, context: Context): void {
  server.get(
    "/v1/trades/:number/receipt",
    {
      config: {
        access: parties,
        refusals: ["not_found", "wrong_check_digit", "not_sealed_yet", "log_halted"],
      },
      schema: {
        tags,
        summary: "What happened, as far as it is yours to see, in a form that proves itself",
        answers: { 200: receiptSchema },
        description:
          "`event` is the number of one event; without it, all that are in the log. It is checked offline, against keys that the reader has from elsewhere (docs/receipts.md).",
        params: numberParam,
        querystring: receiptQuery,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, parties);
      const event = request.query.event === undefined ? undefined : Number(request.query.event);
      const receipt = await context.trades.receipt(actor, checked(request.params.number), event);
      return "refused" in receipt ? refuse(receipt.refused) : receipt;
    },
  );
}
