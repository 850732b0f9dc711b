/** `/desk/members/{number}` and `/desk/shops/{id}`: whom a caller speaks of; what is personal only for a reason. */
import type { FastifyReply } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, oneOf, text } from "../../core/protocol/schemas.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import {
  countLookups,
  findMember,
  listLookups,
  listMethods,
  listNotices,
  readPersonalData,
} from "../../storage/members/members.ts";
import { readShops } from "../../storage/parties/parties.ts";
import { memberNumber, noteTradeLook, wireOrNull } from "../api/api.ts";
import { lookReasons, MemberDeskPage, type Revealed, ShopDeskPage } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import { mayShowOpened, noteLook } from "../operators/operators.ts";
import { attemptOf, frameOf, key, orProblem, type PageContext, sendPage, tags } from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import { type Language, languageOf, say } from "../words/words.ts";
import { operatorAt, toOperator } from "./home-page.ts";
import { masked, unshown } from "./masking.ts";
import { sendTradeDesk } from "./trade-pages.ts";

const page = { ...toOperator, refusals: [...toOperator.refusals, "not_found", "wrong_check_digit"] } as const;
const tradesAtOnce = 10;
const recordMost = 20;

const revealForm = closed({ why: oneOf(lookReasons), more: text(1, 120), key });

/** A reason as the person reads it, in the language of who gives it. */
const reasonIn = (
  lang: Language,
  { why, more }: { why: (typeof lookReasons)[number]; more: string },
): string => `${say(`reveal.why.${why}`)(lang)}: ${more.trim()}`.slice(0, 200);

async function methodsOf({ database, availableOf }: PageContext, person: string) {
  const methods = (await listMethods(database, person)).filter(({ state }) => state !== "closed");
  const free = await availableOf?.(methods);
  return methods.map(({ id, kind, state, currency }) => {
    const available = free?.get(id);
    return { id, kind, state, currency, available: available === undefined ? null : wireOrNull(available) };
  });
}

/** Answers with a member as they stand, and with what was asked for, if a reason was given. */
async function sendMember(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  number: string,
  more: { status?: number; after?: string | undefined; revealed?: Revealed; attempt?: Attempt },
): Promise<FastifyReply> {
  const { database, vault, trades, settings } = context;
  const { status = 200, after, ...said } = more;
  const member = await findMember(database, memberNumber(number));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  const { id, state, createdAt } = member;
  const known = (await readPersonalData(database, vault, id)) ?? refuse("not_found");
  const isShown = await mayShowOpened(database, settings, caller.id, { person: id, trade: null });
  const theirs = await trades.list({ kind: "person", id }, { limit: tradesAtOnce, after });
  const acts = await listNotices(database, id, recordMost);
  const looks = await listLookups(database, id, recordMost);
  const shown = {
    frame: frameOf(context, caller),
    number,
    person: isShown ? masked(known, number) : unshown(number),
    hidden: !isShown,
    state,
    since: createdAt.toISOString(),
    methods: await methodsOf(context, id),
    trades: theirs.items,
    next: theirs.next,
    acts: acts.map(({ id: act, trade, channel, at }) => ({
      id: act,
      trade: trade === null ? null : String(trade),
      channel,
      at: at.toISOString(),
    })),
    looks: looks.map(({ id: look, reason, at }) => ({ id: look, reason, at: at.toISOString() })),
    left: Math.max(0, settings.lookupsPerDay - Number(await countLookups(database, caller.id))),
    once: uuidv7(),
  };
  return sendPage(reply, MemberDeskPage, { ...shown, ...said }, status);
}

function registerMember(server: Server, context: PageContext): void {
  const { database, vault, settings } = context;
  const params = closed({ number: numberSchema });
  server.get(
    "/desk/members/:number",
    {
      config: page,
      schema: {
        tags,
        summary: "A member as operators see them, masked",
        params,
        querystring: closed({ after: Type.Optional(idSchema) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      return sendMember(context, reply, caller, request.params.number, { after: request.query.after });
    },
  );
  server.post(
    "/desk/members/:number/data",
    {
      config: {
        ...page,
        form: true,
        acts: ["member.read"],
        refusals: [...page.refusals, "too_many_requests"],
      },
      schema: {
        tags,
        summary: "What is known of a member, for a reason that they read",
        params,
        body: revealForm,
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { number } = request.params;
      const reason = reasonIn(languageOf(request), request.body);
      const looked = await orProblem(() =>
        inTransaction(database, async (client) => {
          const member = await findMember(client, memberNumber(number));
          if (member === undefined || member.state === "erased") return refuse("not_found");
          await noteLook(client, settings, { person: member.id, operator: caller.id, reason });
          return (await readPersonalData(client, vault, member.id)) ?? refuse("not_found");
        }),
      );
      if ("value" in looked) return sendMember(context, reply, caller, number, { revealed: looked.value });
      const { problem } = looked;
      return sendMember(context, reply, caller, number, {
        status: problem.status,
        attempt: attemptOf({}, { problem }),
      });
    },
  );
}

function registerRecipient(server: Server, context: PageContext): void {
  server.post(
    "/desk/trades/:number/recipient",
    {
      config: {
        ...page,
        form: true,
        acts: ["recipient.read"],
        refusals: [...page.refusals, "too_many_requests"],
      },
      schema: {
        tags,
        summary: "Who receives a trade, for a reason that its buyer reads",
        params: closed({ number: numberSchema }),
        body: revealForm,
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { number } = request.params;
      const actor: Actor = { kind: "operator", id: caller.id };
      const reason = reasonIn(languageOf(request), request.body);
      const looked = await orProblem(async () => {
        await noteTradeLook(context, caller.id, number, reason);
        return (await context.trades.recipient(actor, number)) ?? refuse("not_found");
      });
      if ("value" in looked) {
        const { name, kana, address, email, phone } = looked.value;
        return sendTradeDesk(context, reply, caller, number, {
          revealed: { name, kana, address, email, phone },
        });
      }
      const { problem } = looked;
      if (problem.code === "not_found") return refuse("not_found");
      return sendTradeDesk(context, reply, caller, number, {
        status: problem.status,
        attempt: attemptOf({}, { problem }),
      });
    },
  );
}

function registerShop(server: Server, context: PageContext): void {
  server.get(
    "/desk/shops/:id",
    {
      config: { ...page, refusals: [...toOperator.refusals, "not_found"] },
      schema: {
        tags,
        summary: "The trades of a shop, the newest first",
        params: closed({ id: idSchema }),
        querystring: closed({ after: Type.Optional(idSchema) }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { id } = request.params;
      const [party] = await readShops(context.database, [id]);
      if (party === undefined) return refuse("not_found");
      const found = await context.trades.list(
        { kind: "shop", id },
        { limit: tradesAtOnce, after: request.query.after },
      );
      const frame = frameOf(context, caller);
      return sendPage(reply, ShopDeskPage, {
        frame,
        id,
        name: party.name,
        trades: found.items,
        next: found.next,
      });
    },
  );
}

export function registerPersonPages(server: Server, context: PageContext): void {
  registerMember(server, context);
  registerRecipient(server, context);
  registerShop(server, context);
}
