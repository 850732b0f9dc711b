/** `/v1/breaks`: what comparisons found, read by operators; one explains a break, two close it. */
import Type from "typebox";
import { breakSchema, breakWithWordsSchema } from "../../core/answers/answers.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, oneOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import {
  type Break,
  breakStates,
  type BreakWord,
  closeBreak,
  explainBreak,
  listBreaks,
  listWords,
  readBreak,
} from "../../engines/breaks/breaks.ts";
import { type Client, pageOf } from "../../storage/database/database.ts";
import { callerAmong, type Context, operatorAct, pageWish, wireOrNull } from "../api/api.ts";
import type { Server } from "../http/http.ts";

const tags = ["Breaks"];
const operators = ["operator"] as const;
const params = closed({ id: idSchema });
const refusals = ["not_found", "break_changed"] as const;
const wordsMost = 100;

const wire = (amount: bigint | null): number | null => (amount === null ? null : wireOrNull(amount));

export function breakView({ subject, difference, firstSeen, lastSeen, agreesSince, ...found }: Break) {
  return {
    ...found,
    subject: subject === "" ? null : subject,
    difference: wire(difference),
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    agreesSince: agreesSince?.toISOString() ?? null,
  };
}

const wordView = (of: BreakWord) => {
  const { word, version, here, there, difference, reason, operator, confirmedBy, at } = of;
  const said = { word, version, here, there, reason, operator, confirmedBy };
  return { ...said, difference: wire(difference), at: at.toISOString() };
};

/** A break with what was said of it; undefined where there is none. */
export async function breakWithWords(client: Client, id: string) {
  const found = await readBreak(client, id);
  if (found === undefined) return undefined;
  return { ...breakView(found), words: (await listWords(client, id, wordsMost)).map(wordView) };
}

interface Saying {
  id: string;
  version: number;
  reason: string;
}

const saying = closed({
  version: Type.Integer({ minimum: 1, description: "The one that you have seen" }),
  reason: text(1, 500, "For operators to read: kept for good"),
});

export function registerBreakRoutes(server: Server, context: Context): void {
  registerReads(server, context);
  const explain = operatorAct<Saying>(context, "break.explain", async (client, args, names) => ({
    status: 200,
    body: breakView(await explainBreak(client, { ...args, ...names })),
  }));
  const close = operatorAct<Saying>(context, "break.close", async (client, args, names) => ({
    status: 200,
    body: breakView(await closeBreak(client, { ...args, ...names })),
  }));
  server.post(
    "/v1/breaks/:id/explain",
    {
      config: { access: operators, acts: ["break.explain"], refusals },
      schema: {
        tags,
        summary: "Say how a break came to be; it stays among those that wait",
        answers: { 200: breakSchema },
        params,
        body: saying,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      if ((await readBreak(context.database, id)) === undefined) refuse("not_found");
      return explain(request, reply, caller, { subject: id, args: { id, ...request.body } });
    },
  );
  server.post(
    "/v1/breaks/:id/close",
    {
      config: { access: operators, acts: ["break.close"], refusals },
      schema: {
        tags,
        summary: "Close a break: two operators",
        description:
          "Nothing is booked by it. Where the comparison finds another difference afterwards, or this one again after it " +
          "was gone, the break is open again.",
        answers: { 200: breakSchema },
        params,
        body: saying,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      const { currency, difference, version, state } =
        (await readBreak(context.database, id)) ?? refuse("not_found");
      if (version !== request.body.version || state === "closed") refuse("break_changed");
      const sum = difference === null ? {} : { amount: difference < 0n ? -difference : difference };
      const worth = currency === null ? {} : { currency, ...sum };
      return close(request, reply, caller, { subject: id, args: { id, ...request.body }, ...worth });
    },
  );
}

function registerReads(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/breaks",
    {
      config: { access: operators },
      schema: {
        tags,
        summary:
          "Where the books of two sides do not agree, the oldest break first; the open ones, where no state is asked for",
        answers: { 200: listOf(breakSchema) },
        querystring: closed({ ...pageSchema.properties, state: Type.Optional(oneOf(breakStates)) }),
      },
    },
    async (request) => {
      await callerAmong(context, request, operators);
      const { state = "open", ...page } = request.query;
      const { limit, after } = pageWish(page);
      return pageOf(await listBreaks(database, state, limit + 1, after), limit, breakView);
    },
  );
  server.get(
    "/v1/breaks/:id",
    {
      config: { access: operators, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "A break with what was said of it",
        answers: { 200: breakWithWordsSchema },
        params,
      },
    },
    async (request) => {
      await callerAmong(context, request, operators);
      return (await breakWithWords(database, request.params.id)) ?? refuse("not_found");
    },
  );
}
