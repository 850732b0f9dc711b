/** `/disputes`: those that wait for an operator's decision, each with its story; decided as by `POST /v1/trades/{number}/resolve`. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { parseMoney, toWire } from "../../core/money/money.ts";
import {
  isRefused,
  type Problem,
  problem as problemOf,
  refuse,
  type TradeEventView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { closed, type MoveBody, numberSchema } from "../../core/protocol/schemas.ts";
import { type Actor, type DisputeRow, listDisputes } from "../../engines/trades/trades.ts";
import { pageBy, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { actorOf, callerAmong } from "../api/api.ts";
import { operatorAt } from "../act-forms/act-forms.ts";
import type { Server } from "../http/http.ts";
import {
  attemptOf,
  field,
  type Fields,
  filled,
  frameOf,
  key,
  type PageContext,
  seeOther,
  sendPage,
  tags,
  withQuantities,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import {
  DecideLookPage,
  DecidePage,
  type DisputeLine,
  DisputesPage,
  outcomes,
  type ResolveOutcome,
  type Pieces,
  type Verdict,
} from "../queue-views/queue-views.ts";
import { say, type Sentence } from "../words/words.ts";

const operators = ["operator"] as const;
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;
const page = { access: operators, page: true, refusals } as const;
const params = closed({ number: numberSchema });
const shownDisputes = 20;
/** More events than these no dispute has, but a trade can. */
const mostEvents = 500;

export function registerDisputePages(server: Server, context: PageContext): void {
  registerList(server, context);
  registerOne(server, context);
  registerDecision(server, context);
}

/** The place of a dispute in the list, for the address of the page that follows it. */
const placeOf = ({ decideBy, trade }: DisputeRow): string => `${decideBy?.getTime() ?? ""}_${trade}`;

function placeFrom(after: string | undefined): { decideBy: Date | null; trade: bigint } | undefined {
  if (after === undefined) return undefined;
  const [, at = "", trade] = /^([0-9]{0,14})_([0-9]{1,18})$/.exec(after) ?? [];
  if (trade === undefined) return refuse("invalid_field", "`after` is not from a list.");
  return { decideBy: at === "" ? null : new Date(Number(at)), trade: BigInt(trade) };
}

function registerList(server: Server, context: PageContext): void {
  const { database, trades } = context;
  server.get(
    "/disputes",
    {
      config: page,
      schema: {
        tags,
        summary: "Disputes that wait for a decision",
        querystring: closed({ after: field(40), done: field(3) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { after, done } = request.query;
      const rows = await listDisputes(database, false, shownDisputes + 1, placeFrom(after));
      const { items, next } = pageBy(rows, shownDisputes, (row) => row, placeOf);
      const actor = { kind: "operator", id: caller.id } as const;
      const disputes = await Promise.all(
        items.map(
          async ({ trade, openedAt, openedBy, answerBy, decideBy, late }): Promise<DisputeLine> => ({
            trade: String(trade),
            openedAt: openedAt.toISOString(),
            openedBy,
            answerBy: answerBy?.toISOString() ?? null,
            decideBy: decideBy?.toISOString() ?? null,
            late,
            shop: (await trades.read(actor, String(trade)))?.shopName ?? null,
          }),
        ),
      );
      const frame = frameOf(context, caller);
      return sendPage(reply, DisputesPage, { frame, disputes, next, done: done === "yes" });
    },
  );
}

const seenTypes: ReadonlySet<string> = new Set([
  "trade.shipped",
  "trade.at_door",
  "trade.delivered",
  "trade.sent_back",
  "trade.returned",
]);

/** What those have reported who are independent of the shop. */
async function seenIn(
  { database }: PageContext,
  { carrier, provider }: TradeView,
  events: readonly TradeEventView[],
): Promise<TradeEventView[]> {
  const ids = [carrier, provider].filter((id) => id !== null);
  const parties = ids.length === 0 ? [] : await readParties(database, ids);
  const independent = new Set(parties.filter((party) => party.independent).map(({ kind }) => kind));
  return events.filter(
    ({ type, actor: { role } }) =>
      seenTypes.has(type) && (role === "carrier" || role === "provider") && independent.has(role),
  );
}

/** Which decisions come too early, by the machine itself: whoever would lose by them still has time to answer. */
async function tooEarly({ trades }: PageContext, actor: Actor, number: string): Promise<ResolveOutcome[]> {
  const early: ResolveOutcome[] = [];
  for (const outcome of outcomes) {
    const asked = { do: "resolve", outcome, reason: "-" } as const;
    const foreseen = await trades.foresee(
      actor,
      number,
      outcome === "split" ? { ...asked, amount: 0 } : asked,
    );
    if (isRefused(foreseen) && foreseen.refused === "still_running") early.push(outcome);
  }
  return early;
}

interface Dispute {
  caller: Caller;
  trade: TradeView;
}

async function sendDispute(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, trade }: Dispute,
  attempt: Attempt = noAttempt,
  once: string = uuidv7(),
): Promise<FastifyReply> {
  const actor = actorOf(context, request, caller);
  const events = (await context.trades.events(actor, trade.number, { limit: mostEvents }))?.items ?? [];
  const seen = await seenIn(context, trade, events);
  const open = await context.trades.decidable(actor, trade.number);
  const early = await tooEarly(context, actor, trade.number);
  const shown = { frame: frameOf(context, caller), trade, events, seen, open, early, attempt, once };
  const wrong = attempt.problem !== undefined || Object.keys(attempt.errors).length > 0;
  return sendPage(reply, DecidePage, shown, wrong ? (attempt.problem?.status ?? 422) : 200);
}

function registerOne(server: Server, context: PageContext): void {
  server.get(
    "/disputes/:number",
    { config: page, schema: { tags, summary: "A dispute with its whole story", params } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const actor = actorOf(context, request, caller);
      const trade = (await context.trades.read(actor, request.params.number)) ?? refuse("not_found");
      return sendDispute(context, request, reply, { caller, trade });
    },
  );
}

type Decided = Extract<MoveBody, { do: "resolve" }>;

/** What was typed, as the call says it, or what is wrong with it. */
function verdictIn(
  trade: TradeView,
  open: readonly Pieces[],
  fields: Fields,
): Decided | { errors: Record<string, Sentence> } {
  const errors: Record<string, Sentence> = {};
  const outcome = outcomes.find((one) => one === fields["outcome"]);
  if (outcome === undefined) errors["outcome"] = say("form.mistake.choice");
  const reason = filled(fields["reason"]);
  if (reason === undefined) errors["reason"] = say("mistake.missing");
  const lines = trade.lines.flatMap(({ line }) => {
    const name = `quantity-${line}`;
    const typed = filled(fields[name]);
    if (typed === undefined) return [];
    const quantity = /^[0-9]{1,9}$/.test(typed.normalize("NFKC")) ? Number(typed.normalize("NFKC")) : -1;
    const most = open.find((each) => each.line === line)?.quantity ?? 0;
    if (quantity < 0 || quantity > most) errors[name] = say("mistake.quantity");
    return quantity > 0 ? [{ line, quantity }] : [];
  });
  const money = (name: string): number | undefined => {
    const typed = filled(fields[name]);
    if (typed === undefined || trade.currency === undefined) return undefined;
    const amount = parseMoney(typed, trade.currency);
    if (amount === undefined || amount > BigInt(Number.MAX_SAFE_INTEGER)) {
      errors[name] = say("mistake.amount");
      return undefined;
    }
    return toWire(amount);
  };
  const [amount, refund] = [money("amount"), money("refund")];
  if (outcome === undefined || reason === undefined || Object.keys(errors).length > 0) return { errors };
  const seen = filled(fields["seen"]);
  return {
    do: "resolve",
    outcome,
    reason,
    ...(lines.length === 0 ? {} : { lines }),
    ...(amount === undefined ? {} : { amount }),
    ...(refund === undefined ? {} : { refund }),
    ...(seen === undefined ? {} : { version: Number(seen) }),
  };
}

/** What a decision comes to, by the machine itself, or why it cannot be made. */
async function verdictFor(
  { trades }: PageContext,
  actor: Actor,
  { trade, open, decided }: { trade: TradeView; open: readonly Pieces[]; decided: Decided },
): Promise<Verdict | { problem: Problem }> {
  const foreseen = await trades.foresee(actor, trade.number, decided);
  if (isRefused(foreseen)) return { problem: problemOf(foreseen.refused, foreseen.detail) };
  const { outcome, lines, reason } = decided;
  const { settled, later, released, refunded } = foreseen;
  const named = lines?.flatMap((one) =>
    "line" in one && one.line !== undefined ? [{ ...one, line: one.line }] : [],
  );
  const goods = outcome === "resume" ? [] : (named ?? open);
  return { outcome, goods, whole: lines === undefined, settled, later, released, refunded, reason };
}

/** The goods that were shown, by their lines: a yes is to those, and not to what can be decided besides when it comes. */
const boundTo = ({ goods }: Verdict): Record<string, string> =>
  Object.fromEntries(goods.map(({ line, quantity }) => [`quantity-${line}`, String(quantity)]));

const decision = withQuantities({
  outcome: field(10),
  amount: field(40),
  refund: field(40),
  reason: field(500),
  seen: field(9),
  sure: field(3),
  change: field(3),
  key,
});

function registerDecision(server: Server, context: PageContext): void {
  server.post(
    "/disputes/:number",
    {
      config: {
        ...page,
        form: true,
        acts: ["trade.resolve"],
        refusals: [...refusals, "four_eyes_required", "trade_changed", "still_running"],
      },
      schema: { tags, summary: "Decide a dispute", params, body: decision },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { number } = request.params;
      const actor = actorOf(context, request, caller);
      const trade = (await context.trades.read(actor, number)) ?? refuse("not_found");
      const { key: once, sure, change, ...fields } = request.body;
      const again = (wrong: { errors?: Record<string, Sentence>; problem?: Problem }) =>
        sendDispute(context, request, reply, { caller, trade }, attemptOf(fields, wrong), once);
      const open = await context.trades.decidable(actor, number);
      const decided = verdictIn(trade, open, fields);
      if ("errors" in decided) return again(decided);
      if (change === "yes") return again({});
      if (sure !== "yes") {
        const verdict = await verdictFor(context, actor, { trade, open, decided });
        if ("problem" in verdict) return again(verdict);
        const typed = { ...attemptOf(fields, {}).values, ...boundTo(verdict) };
        const shown = { frame: frameOf(context, caller), trade, typed, once: once ?? uuidv7() };
        return sendPage(reply, DecideLookPage, { ...shown, verdict });
      }
      const outcome = await context.trades.move(actor, number, decided, once);
      if (outcome.how !== "refused") return seeOther(reply, "/disputes?done=yes");
      const problem = outcome.problem.value;
      if (problem.code === "four_eyes_required" && problem.act !== undefined)
        return seeOther(reply, `/operator-acts/${problem.act}?asked=yes`);
      return again({ problem });
    },
  );
}
