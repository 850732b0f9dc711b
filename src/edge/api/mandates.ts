/** Mandates: what a member lets a shop reserve (paragraph 0082), and its calls. */
import { mandateShown } from "../../core/answers/answers.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  idSchema,
  listOf,
  mandateSchema,
  numberSchema,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import type { MandateTerms } from "../../core/protocol/schemas.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { mandateNews, revokedNews, tellShops } from "../../engines/outbox/outbox.ts";
import { type Client, pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { readShops, type ShopRow } from "../../storage/parties/parties.ts";
import type { Server } from "../http/http.ts";
import { needUnlessRepeated } from "../moments/moments.ts";
import { speechFrom, speechQuery } from "../operators/operators.ts";
import {
  answerOnce,
  checkCurrency,
  type Context,
  type Ground,
  memberFor,
  memberNumber,
  operatorAct,
  pageWish,
  refuseWhileHeld,
} from "./context.ts";
import { lockKnown } from "./people.ts";

const tags = ["Members"];
const params = closed({ number: numberSchema });
const partParams = closed({ number: numberSchema, id: idSchema });
const ofMember = ["member", "operator"] as const;
const mandateMostYears = 10;
const yearMs = 366 * 24 * 3_600_000;

/** Lets a shop reserve up to an amount without asking each time, with the acceptors it may then use (patent 10b). */
export async function giveMandate(
  context: Ground,
  client: Client,
  number: bigint,
  terms: MandateTerms,
): Promise<Effect> {
  checkCurrency(context, terms.currency);
  const member = await lockKnown(client, number);
  await refuseWhileHeld(client, member.id);
  if (member.state !== "active") refuse("member_not_approved");
  const shop = await tradingShop(client, terms.shop);
  const until = new Date(terms.until);
  const now = await readClock(client);
  checkEnd(now, until);
  if (terms.method !== undefined) await checkMethod(client, member.id, terms.method, terms.currency);
  const { currency, acceptors = ["buyer"] } = terms;
  const limit = fromWire(terms.limit);
  const id = uuidv7();
  const mandate = {
    id,
    person: member.id,
    shop: shop.id,
    currency,
    limit,
    until,
    method: terms.method ?? null,
  };
  const wanted = terms.terms ?? null;
  await members.insertMandates(client, [mandate], acceptors, wanted);
  const given = {
    ...mandate,
    acceptors: [...acceptors],
    terms: wanted,
    used: 0n,
    revokedAt: null,
    createdAt: now,
  };
  await tellShops(client, now, [mandateNews("member.mandate_given", number, mandate)]);
  return { status: 201, body: mandateView(given) };
}

async function tradingShop(client: Client, id: string): Promise<ShopRow> {
  const [shop] = await readShops(client, [id]);
  if (shop === undefined) return refuse("not_found", "There is no such shop.");
  if (shop.state === "approved") return shop;
  return refuse(shop.state === "suspended" ? "shop_suspended" : "shop_not_approved");
}

function checkEnd(now: Date, until: Date): void {
  if (until <= now || until.getTime() > now.getTime() + mandateMostYears * yearMs)
    refuse("date_out_of_range", "A mandate ends in the future, at most ten years from now.");
}

/** What a member wants a mandate to be from now on. */
export interface MandateLimits {
  id: string;
  limit: bigint;
  until: Date;
}

/**
 * Sets another limit and another end. Less holds from the commit on, for whoever asks: what a batch reserves waits for the
 * lock of the mandate. More is the same as giving it anew, so all that is asked of a new one is asked again, and `proven`:
 * that the member has signed in just now, and shown what takes a proof. No limit is less than what was used of it.
 */
export async function changeMandate(
  client: Client,
  { number, person }: { number: bigint; person: string },
  { id, limit, until }: MandateLimits,
  proven: boolean,
): Promise<void> {
  // The person first, as wherever both are locked.
  const member = await lockKnown(client, number);
  const [mandate] = await members.lockMandates(client, [id]);
  if (mandate?.person !== person) return refuse("not_found", "There is no such mandate.");
  if (mandate.revoked) return refuse("mandate_not_valid", "The mandate was revoked.");
  if (limit < mandate.used) refuse("mandate_limit_exceeded", "More than this is used of it already.");
  if (limit > mandate.limit || until > mandate.until) {
    if (!proven) refuse("not_allowed", "Sign in anew, and set more within a quarter of an hour of it.");
    await refuseWhileHeld(client, person);
    if (member.state !== "active") refuse("member_not_approved");
    await tradingShop(client, mandate.shop);
  }
  const now = await readClock(client);
  const movesEnd = until.getTime() !== mandate.until.getTime();
  if (movesEnd) checkEnd(now, until);
  // Who presses twice changes it once, and says it once.
  if (!movesEnd && limit === mandate.limit) return;
  await members.limitMandate(client, { id, limit, until });
  const changed = { ...mandate, limit, until };
  await tellShops(client, now, [mandateNews("member.mandate_changed", number, changed)]);
}

/** Ends a mandate, and tells its shop where it ran until now. False where the person has no such mandate. */
export async function endMandate(
  client: Client,
  { number, person }: { number: bigint; person: string },
  id: string,
): Promise<boolean> {
  const ended = await members.revokeMandate(client, person, id);
  if (typeof ended === "object") await tellShops(client, ended.at, [revokedNews(number, { id, ...ended })]);
  return ended !== undefined;
}

async function checkMethod(client: Client, person: string, id: string, currency: string): Promise<void> {
  const method = (await members.listMethods(client, person)).find((one) => one.id === id);
  if (method === undefined) refuse("not_found", "There is no such means of payment.");
  if (method.currency !== currency) refuse("currency_mismatch");
  if (method.state === "closed") refuse("method_not_usable");
}

/** A mandate as the member and operators see it. */
function mandateView(mandate: members.MandateDetails): Record<string, unknown> {
  const { id, shop, currency, method, acceptors, terms, limit, used, until, revokedAt, createdAt } = mandate;
  return {
    id,
    shop,
    currency,
    limit: toWire(limit),
    used: toWire(used),
    until: until.toISOString(),
    method,
    acceptors,
    terms,
    revokedAt: revokedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

export function registerMandates(server: Server, context: Context): void {
  server.post(
    "/v1/members/:number/mandates",
    {
      config: {
        access: ["member"],
        refusals: [
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "member_not_approved",
          "sign_in_changed_lately",
          "proof_required",
          "shop_not_approved",
          "shop_suspended",
          "date_out_of_range",
          "method_not_usable",
        ],
      },
      schema: {
        tags,
        summary: "Let a shop reserve up to an amount",
        answers: { 201: mandateShown },
        params,
        body: mandateSchema,
      },
    },
    async (request, reply) => {
      const number = memberNumber(request.params.number);
      const caller = await memberFor(context, request, number);
      if (caller.kind !== "member") refuse("not_allowed", "Only the members themselves give mandates.");
      const { shop, limit, currency } = request.body;
      const act = { act: "mandate.give", of: shop, amount: fromWire(limit), currency } as const;
      await needUnlessRepeated(context, request, caller, act);
      return answerOnce(context, request, reply, caller, (client) =>
        giveMandate(context, client, number, request.body),
      );
    },
  );
  server.get(
    "/v1/members/:number/mandates",
    {
      config: { access: ofMember, refusals: ["wrong_check_digit"] },
      schema: {
        tags,
        summary: "List mandates, the oldest first",
        answers: { 200: listOf(mandateShown) },
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const number = memberNumber(request.params.number);
      await memberFor(context, request, number);
      const member = await members.findMember(context.database, number);
      if (member === undefined || member.state === "erased") refuse("not_found");
      const { limit, after } = pageWish(request.query);
      const rows = await members.listMandates(context.database, member.id, limit + 1, after);
      return pageOf(rows, limit, mandateView);
    },
  );
  registerRevocation(server, context);
}

function registerRevocation(server: Server, context: Context): void {
  const revoke = operatorAct<{ number: string; id: string }>(
    context,
    "mandate.revoke",
    async (client, { number, id }) => {
      const member = await members.findMember(client, BigInt(number));
      if (member === undefined) return refuse("not_found");
      const done = await endMandate(client, { number: BigInt(number), person: member.id }, id);
      return done ? { status: 204, body: {}, tells: member.id } : refuse("not_found");
    },
  );
  server.delete(
    "/v1/members/:number/mandates/:id",
    {
      config: { access: ofMember, acts: ["mandate.revoke"], refusals: ["wrong_check_digit"] },
      schema: {
        tags,
        summary: "Revoke a mandate; trades reserved on it go on",
        answers: { 204: null },
        params: partParams,
        querystring: speechQuery,
      },
    },
    async (request, reply) => {
      const number = memberNumber(request.params.number);
      const caller = await memberFor(context, request, number);
      const args = { number: String(number), id: request.params.id };
      const speech = speechFrom(request.query);
      return revoke(request, reply, caller, { subject: args.number, args, speech });
    },
  );
}
