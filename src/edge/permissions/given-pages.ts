/** The list of what a member allows shops, and the page of each: what it is, another limit, its end. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { typedMoney } from "../../core/money/money.ts";
import { dayAt, daysAfter, lastDayBefore, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, oneOf, pageSchema } from "../../core/protocol/schemas.ts";
import { pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { changeMandate, endMandate, pageWish } from "../api/api.ts";
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
import { say } from "../words/words.ts";
import { ledToSignIn, viewsOf } from "./footing.ts";
import { limitsOf } from "./forms.ts";
import { MandatePage } from "./given-view.tsx";
import { MandatesPage } from "./list-view.tsx";

const params = closed({ id: idSchema });
const keyForm = closed({ key });
const limitsForm = closed({ key, limit: field(40), until: field(20), ...proofFields });
const doneQuery = closed({
  done: Type.Optional(oneOf(["given", "changed"] as const)),
  return: Type.Optional(Type.String({ maxLength: 400 })),
});
const refusals = [
  "not_authenticated",
  "not_found",
  "not_allowed",
  "member_not_approved",
  "mandate_not_valid",
  "mandate_limit_exceeded",
  "date_out_of_range",
  "shop_not_approved",
  "shop_suspended",
  "sign_in_changed_lately",
] as const;

/** Registers `/mandates` and the page of each. */
export function registerGivenPages(server: Server, context: PageContext): void {
  registerList(server, context);
  registerOne(server, context);
  registerEnd(server, context);
}

function registerList(server: Server, context: PageContext): void {
  server.get(
    "/mandates",
    { config: toMember, schema: { tags, summary: "What you allow shops", querystring: pageSchema } },
    async (request, reply) => {
      if (await ledToSignIn(context, request, reply)) return reply;
      const member = await memberOf(context, request);
      const { limit, after } = pageWish(request.query);
      const found = await members.listMandates(context.database, member.id, limit + 1, after);
      const { items, next } = pageOf(found, limit, (mandate) => mandate);
      const mandates = await viewsOf(context, items);
      return sendPage(reply, MandatesPage, { frame: frameOf(context, member), mandates, next });
    },
  );
}

interface Shown {
  fields?: Fields;
  wrong?: Parameters<typeof attemptOf>[1];
  status?: number;
  done?: "given" | "changed" | undefined;
  back?: string | undefined;
  /** More was wanted, and it is too long ago that they signed in. */
  unproven?: boolean;
}

async function sendOne(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { fields = {}, wrong = {}, status = 200, done, back, unproven = false }: Shown,
): Promise<FastifyReply> {
  const { id } = request.params as { id: string };
  const caller = await memberOf(context, request);
  const mandate = (await members.readMandate(context.database, caller.id, id)) ?? refuse("not_found");
  const [[view], methods, now] = await Promise.all([
    viewsOf(context, [mandate]),
    methodsOf(context, caller.id),
    readClock(context.database),
  ]);
  if (view === undefined) return refuse("not_found");
  const { timeZone } = context.settings;
  const { method } = mandate;
  const onward = back === undefined ? undefined : await returnAddress(context.database, mandate.shop, back);
  onward?.searchParams.set("mandate", id);
  return sendPage(
    reply,
    MandatePage,
    {
      frame: frameOf(context, caller),
      mandate: view,
      createdAt: mandate.createdAt.toISOString(),
      over: mandate.until <= now,
      method: method === null ? "any" : (methods.find((one) => one.id === method) ?? "closed"),
      limit: typedMoney(mandate.limit, mandate.currency),
      lastDay: lastDayBefore(mandate.until, timeZone),
      earliest: dayAt(now, timeZone),
      latest: daysAfter(dayAt(now, timeZone), longestDays),
      unproven,
      once: uuidv7(),
      done,
      back: onward?.href,
      attempt: attemptOf(fields, wrong),
    },
    status,
    `/mandates/${id}`,
  );
}

/** The last day that a page offers: a year short of the longest, which the calls take. */
export const longestDays = 9 * 365;

function registerOne(server: Server, context: PageContext): void {
  server.get(
    "/mandates/:id",
    {
      config: { ...toMember, refusals: ["not_authenticated", "not_found", "invalid_field"] },
      schema: { tags, summary: "What you allow one shop", params, querystring: doneQuery },
    },
    async (request, reply) => {
      if (await ledToSignIn(context, request, reply)) return reply;
      const { done, return: back } = request.query;
      return sendOne(context, request, reply, { done, back });
    },
  );
  server.post(
    "/mandates/:id/limits",
    {
      config: { ...toMember, form: true, refusals },
      schema: { tags, summary: "Set another limit and another end", params, body: limitsForm },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await memberOf(context, request);
      const mandate = (await members.readMandate(context.database, caller.id, id)) ?? refuse("not_found");
      const { proof: _, proofPassword: __, ...fields } = request.body;
      const { timeZone } = context.settings;
      const wish = limitsOf(fields, mandate.currency, { timeZone, before: mandate.until });
      if ("errors" in wish) return sendOne(context, request, reply, { fields, wrong: wish, status: 422 });
      const number = await numberOf(context, caller.id);
      const { currency } = mandate;
      const act = { act: "mandate.limits", of: id, amount: wish.limit, currency } as const;
      const isMore = wish.limit > mandate.limit || wish.until > mandate.until;
      const proven = isMore && (await isProven(context, request));
      const [whom] = await readParties(context.database, [mandate.shop]);
      const asking = { caller, act, back: `/mandates/${id}`, whom: whom?.name };
      if (proven && (await askProof(context, request, reply, asking))) return reply;
      const changed = await orProblem(() =>
        context.database.transaction((client) =>
          changeMandate(client, { number, person: caller.id }, { id, ...wish }, proven),
        ),
      );
      if ("value" in changed) return seeOther(reply, `/mandates/${id}?done=changed`);
      const { problem } = changed;
      if (problem.code === "not_allowed")
        return sendOne(context, request, reply, { fields, status: problem.status, unproven: true });
      const wrong =
        problem.code === "mandate_limit_exceeded"
          ? { errors: { limit: say("mandate.lessThanUsed") } }
          : problem.code === "date_out_of_range"
            ? { errors: { until: say("mandate.dayOver") } }
            : { problem };
      return sendOne(context, request, reply, { fields, wrong, status: problem.status });
    },
  );
}

async function numberOf({ database }: PageContext, member: string): Promise<bigint> {
  const [person] = await members.readPeopleById(database, [member]);
  return person?.number ?? refuse("not_found");
}

function registerEnd(server: Server, context: PageContext): void {
  server.post(
    "/mandates/:id/revoke",
    {
      config: { ...toMember, form: true, refusals: ["not_found"] },
      schema: { tags, summary: "Take a permission back", params, body: keyForm },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      // A permission that has been taken back already stays so: a second press is no mistake.
      const number = await numberOf(context, caller.id);
      await context.database.transaction((client) =>
        endMandate(client, { number, person: caller.id }, request.params.id),
      );
      return seeOther(reply, "/mandates");
    },
  );
}
