/** `/operator-acts`: what waits for a second operator, and what is said to it. The same acts as by calls. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { actPlaceSchema } from "../../core/answers/answers.ts";
import { refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema, text } from "../../core/protocol/schemas.ts";
import { textOf } from "../../engines/engine/engine.ts";
import { pageOf, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { type Context, callerAmong, pageWish, wireOrNull } from "../api/api.ts";
import { namesIn, operatorAt, SecretPage } from "../act-forms/act-forms.ts";
import { secretIn } from "../own-calls/own-calls.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { isSecret, isSpoken, type KeptAct, sealedIn, type Speech } from "../operators/operators.ts";
import { field, filled, frameOf, key, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";
import {
  type ActShown,
  type Place,
  type TermsShown,
  WaitingActPage,
  WaitingPage,
} from "../queue-views/queue-views.ts";
import { currencyOfLine, ownersIn } from "./meanings.ts";
import { lookAtPlace } from "./places.ts";
import { languageOf } from "../words/words.ts";
import { standsBefore } from "./standing.ts";

const operators = ["operator"] as const;
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;
const page = { access: operators, page: true, refusals } as const;
const form = { ...page, form: true } as const;
const params = closed({ id: idSchema });
/** With all that there is to read of each, fewer stand on a page than in a list. */
const shownActs = 20;

export function registerWaitingPages(server: Server, context: PageContext): void {
  registerList(server, context);
  registerOne(server, context);
  registerLook(server, context);
  registerLookCall(server, context);
  registerAnswers(server, context);
  registerCollect(server, context);
}

/** Why it was asked for, where that was said. */
function reasonOf({ body }: KeptAct): string | null {
  const { reason, wish } = body as { reason?: unknown; wish?: { reason?: unknown } };
  const said = reason ?? wish?.reason ?? (body["operator"] as Speech | undefined)?.reason;
  return typeof said === "string" ? said : null;
}

function shownOf(act: KeptAct, names: Readonly<Record<string, string>>, reader: string): ActShown {
  const { id, operator, trade, currency, amount, createdAt, until } = act;
  return {
    id,
    act: act.act,
    operator: names[operator] ?? operator,
    mine: operator === reader,
    createdAt: createdAt.toISOString(),
    until: until.toISOString(),
    trade: trade === null ? null : String(trade),
    currency,
    amount: amount === null ? null : wireOrNull(amount),
    reason: reasonOf(act),
  };
}

function registerList(server: Server, context: PageContext): void {
  const { confirming, database } = context;
  const done = Type.Optional(Type.Union([Type.Literal("confirmed"), Type.Literal("declined")]));
  server.get(
    "/operator-acts",
    {
      config: page,
      schema: {
        tags,
        summary: "What waits for a second operator",
        querystring: closed({ after: pageSchema.properties.after, done }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { after } = pageWish({ ...(request.query.after && { after: request.query.after }) });
      const found = await confirming.waiting(shownActs + 1, after);
      const yours = await confirming.toCollect(caller.id);
      const names = await namesIn(database, [found.map(({ operator }) => operator)]);
      const { items, next } = pageOf(found, shownActs, (act) => shownOf(act, names, caller.id));
      const frame = frameOf(context, caller);
      return sendPage(reply, WaitingPage, { frame, acts: items, next, yours, done: request.query.done });
    },
  );
}

interface Goods {
  lines: readonly { name: string; quantity: number; unitAmount?: number | null; amount?: number | null }[];
  amount?: number | null;
}

/** Goods as the second operator reads them: each with its price, and the sum. */
const goodsOf = ({ lines, amount }: Goods) => ({
  amount,
  lines: lines.map(({ name, quantity, unitAmount, amount: whole }) =>
    whole === undefined ? { name, quantity, unitAmount } : { name, quantity, amount: whole },
  ),
});

/** What is agreed to by an act on a trade, beside what stands. A trade that has changed since is not confirmed at all. */
function termsOf(trade: TradeView, { act, version, body, amount }: KeptAct): TermsShown | undefined {
  if (version !== trade.version) return undefined;
  const { revisionAsked, payment } = trade;
  const before = { ...goodsOf(trade), payment };
  if (act === "trade.approve" || act === "trade.entrust")
    return revisionAsked == null
      ? { after: before }
      : { before, after: { ...goodsOf(revisionAsked), payment: revisionAsked.payment } };
  if (act !== "trade.revise" || body["decline"] === true) return undefined;
  const { lines, payment: asked = payment } = body as Partial<Goods> & { payment?: unknown };
  const sum = amount === null ? null : wireOrNull(amount);
  return {
    before,
    after: { ...(lines === undefined ? {} : goodsOf({ lines })), amount: sum, payment: asked },
  };
}

/** Both sides of the order that an act is about, and what is agreed to. */
async function tradeOf({ trades }: PageContext, reader: string, act: KeptAct) {
  const none = { sides: undefined, terms: undefined };
  if (act.trade === null) return none;
  const found = await trades.read({ kind: "operator", id: reader }, String(act.trade));
  if (found === undefined) return none;
  const { shopName, buyer } = found;
  const sides = { shop: shopName, buyer: buyer != null && "member" in buyer ? buyer.member : null };
  return { sides, terms: act.confirmedBy === null ? termsOf(found, act) : undefined };
}

/** In whose name it is done, and in whose name somebody agrees to it. */
function speechesOf({ act, trade, body }: KeptAct): Speech[] {
  const { operator, approval } = body as { operator?: Speech; approval?: { operator?: Speech } };
  const said = [operator, approval?.operator].filter((one) => one !== undefined);
  // On an order it decides what is done: where nobody is named, it is the operator's own word.
  return trade === null || !isSpoken(act) ? said : said.map((one) => ({ as: "operator", ...one }));
}

async function sendOne(
  server: Server,
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  act: KeptAct,
  looked?: Place,
): Promise<FastifyReply> {
  const { body, digest, confirmedBy } = act;
  const { operator: _, ...said } = body;
  const [stands, { sides, terms }] = await Promise.all([
    standsBefore(server, request, act),
    tradeOf(context, caller.id, act),
  ]);
  const isClosed = confirmedBy === null && act.operator !== caller.id && sealedIn(act) !== undefined;
  const { database } = context;
  const owners = await ownersIn(database, act, languageOf(request));
  const named = await namesIn(database, [act.operator, confirmedBy, said, stands ?? {}]);
  const names = { ...named, ...owners };
  const currency = act.currency ?? (await currencyOfLine(database, act));
  const { asked } = request.query as { asked?: string };
  return sendPage(reply, WaitingActPage, {
    frame: frameOf(context, caller),
    act: { ...shownOf(act, names, caller.id), currency },
    body: said,
    speeches: speechesOf(act),
    terms,
    place: looked ?? (isClosed ? "closed" : undefined),
    digest: digest?.toString("hex") ?? null,
    stands: confirmedBy === null ? stands : undefined,
    sides,
    names,
    confirmedBy: confirmedBy === null ? null : (names[confirmedBy] ?? confirmedBy),
    secret: isSecret(act.act),
    asked: asked === "yes",
    once: uuidv7(),
  });
}

function registerOne(server: Server, context: PageContext): void {
  server.get(
    "/operator-acts/:id",
    {
      config: page,
      schema: {
        tags,
        summary: "One act that waits for a second operator, with all that will be done",
        params,
        querystring: closed({ asked: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const act = (await context.confirming.read(request.params.id)) ?? refuse("not_found");
      return sendOne(server, context, request, reply, caller, act);
    },
  );
}

/** What is kept sealed is shown with the page, once a reason is given: only then can it be confirmed here. */
function registerLook(server: Server, context: PageContext): void {
  server.post(
    "/operator-acts/:id/look",
    {
      config: { ...form, acts: ["member.read"], refusals: [...refusals, "too_many_requests"] },
      schema: {
        tags,
        summary: "See where money or a sign-in goes by an act, for a reason",
        params,
        body: closed({ why: Type.Optional(text(0, 200)), key }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const act = (await context.confirming.read(request.params.id)) ?? refuse("not_found");
      const place = await lookAtPlace(context, caller.id, act, filled(request.body.why));
      return sendOne(server, context, request, reply, caller, act, place);
    },
  );
}

/** The same for programs that confirm. */
export function registerLookCall(server: Server, context: Context): void {
  server.post(
    "/v1/operator-acts/:id/look",
    {
      config: { access: operators, acts: ["member.read"], refusals: ["not_found", "too_many_requests"] },
      schema: {
        tags: ["Operators"],
        summary:
          "See where money or a sign-in goes by an act that waits, for a reason; you can confirm it then",
        answers: { 200: actPlaceSchema },
        description: "It is noted and counted like any look at somebody's data.",
        params,
        body: closed({ reason: text(1, 200, "Why; whose data it is reads it") }),
      },
    },
    async (request) => {
      idempotencyKey(request);
      const caller = await callerAmong(context, request, operators);
      const act = (await context.confirming.read(request.params.id)) ?? refuse("not_found");
      return lookAtPlace(context, caller.id, act, request.body.reason);
    },
  );
}

function registerAnswers(server: Server, context: PageContext): void {
  const { confirming } = context;
  server.post(
    "/operator-acts/:id/confirm",
    {
      config: {
        ...form,
        acts: ["act.confirm"],
        refusals: [...refusals, "four_eyes_required", "trade_changed", "look_first"],
      },
      schema: {
        tags,
        summary: "Confirm exactly what the page has shown",
        params,
        body: closed({ digest: field(64), key }),
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, operators);
      const outcome = await confirming.confirm(id, request.params.id, request.body.digest ?? "");
      if (outcome.how === "done") {
        const act = await confirming.read(request.params.id);
        const secret = act !== undefined && isSecret(act.act);
        return seeOther(reply, secret ? `/operator-acts/${act.id}` : "/operator-acts?done=confirmed");
      }
      const { code, detail } = outcome.problem.value;
      return refuse(code, detail);
    },
  );
  server.post(
    "/operator-acts/:id/decline",
    {
      config: { ...form, acts: ["act.decline"] },
      schema: {
        tags,
        summary: "Stop an act that waits",
        params,
        body: closed({ reason: Type.Optional(text(0, 500)), key }),
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, operators);
      const declined = await confirming.decline(id, request.params.id, filled(request.body.reason));
      return declined ? seeOther(reply, "/operator-acts?done=declined") : refuse("not_found");
    },
  );
}

function registerCollect(server: Server, context: PageContext): void {
  const { confirming } = context;
  server.post(
    "/operator-acts/:id/collect",
    {
      config: { ...form, acts: ["act.confirm"], refusals: [...refusals, "four_eyes_required"] },
      schema: { tags, summary: "See once what was asked for and confirmed", params, body: closed({ key }) },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      const act = (await confirming.read(id)) ?? refuse("not_found");
      const outcome = await confirming.collect(caller.id, id);
      if (outcome.how !== "done") return refuse(outcome.problem.value.code, outcome.problem.value.detail);
      const secret = secretIn(JSON.parse(textOf(outcome)) as Record<string, unknown>);
      if (secret === undefined) return refuse("not_found", "It was shown before, and it is shown once.");
      return sendPage(reply, SecretPage, { frame: frameOf(context, caller), act: act.act, secret });
    },
  );
}
