/** Pages on which a member lets another server use an account, looks at what they have agreed to, and takes it back. */
import { say, type Sentence } from "../../edge/words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import { makeCheck, type Server } from "../../edge/http/http.ts";
import * as members from "../../storage/members/members.ts";
import { toWire, typedMoney } from "../../core/money/money.ts";
import { dayAt, daysAfter, endOfDay, isDay, lastDayBefore, refuse } from "../../core/protocol/protocol.ts";
import {
  challengeSchema,
  closed,
  consentSchema,
  type ConsentWish,
  idSchema,
  methodKinds,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import {
  issueCode,
  listConsents,
  type OwnedConsent,
  readConsents,
  revokeConsent,
  setConfirmAbove,
  spentOf,
} from "../../engines/reservations/reservations.ts";
import {
  askProof,
  attemptOf,
  type Fields,
  frameOf,
  isProven,
  isSignedOut,
  memberOf,
  orProblem,
  type PageContext,
  proofFields,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../../edge/pages/pages.ts";
import type { Attempt } from "../../edge/parts/parts.ts";
import { AgreePage, ConsentsPage } from "../../edge/member-views/member-views.ts";

import { callerOf, pageWish } from "../../edge/api/api.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { changeLimits, limitsIn, sumIn, toLimits } from "./consent-limits.ts";
import { consentToPay, knownPeer, type KnownPeers, toConfirmAbove, toConsent } from "./consents.ts";

const asked = {
  peer: idSchema,
  state: Type.String({ pattern: "^[A-Za-z0-9_-]{1,80}$" }),
  challenge: challengeSchema,
  /** Of the account that is asked for; left out by a server that takes any. */
  kind: Type.Optional(Type.Enum([...methodKinds])),
  currency: Type.Optional(Type.String({ pattern: "^[A-Z]{3}$" })),
};
const field = Type.Optional(Type.String({ maxLength: 40 }));
const agreeForm = closed({
  ...asked,
  key: field,
  method: field,
  limitPerTrade: field,
  limitPerMonth: field,
  confirmAbove: field,
  until: field,
  ...proofFields,
});
const sumForm = closed({ key: field, confirmAbove: field, ...proofFields });
const usualDays = 366;

const limitsForm = closed({
  key: field,
  limitPerTrade: field,
  limitPerMonth: field,
  until: field,
  ...proofFields,
});
const givenQuery = closed({ ...pageSchema.properties, done: Type.Optional(Type.Literal("limits")) });
const consentParams = closed({ id: idSchema });

/** Registers `/tie` and `/consents`. Forms on this server must be allowed to lead to the peers. */
export function registerConsentPages(server: Server, context: PageContext, peers: KnownPeers): void {
  registerTie(server, context, peers);
  registerGiven(server, context, peers);
}

function registerTie(server: Server, context: PageContext, peers: KnownPeers): void {
  server.get(
    "/tie",
    {
      config: { ...toMember, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Let another server use your account",
        querystring: closed(asked),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request)))
        return seeOther(reply, `/signin?next=${encodeURIComponent(request.url)}`);
      return sendAgree({ context, peers }, request, reply, { fields: request.query });
    },
  );
  server.post(
    "/tie",
    {
      config: { ...toMember, form: true, refusals: ["not_found", "date_out_of_range", "method_not_usable"] },
      schema: { tags, summary: "Agree, and go back to the server that asked", body: agreeForm },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const { id: person } = caller;
      const { key, state, challenge, proof: _, proofPassword: __, ...fields } = request.body;
      const peer = knownPeer(peers, fields.peer);
      const methods = await members.listMethods(context.database, person);
      const method = methods.find(({ id }) => id === fields.method) ?? refuse("not_found");
      if (!isAskedFor(method, fields))
        return refuse("method_not_usable", "Another kind of account was asked for.");
      const wish = wishOf(fields, method.currency, context.settings.timeZone);
      if ("errors" in wish)
        return sendAgree({ context, peers }, request, reply, { fields: request.body, ...wish });
      const act = await toConsent(context.database, person, wish.body);
      const asking = { caller, act, back: "/consents", whom: peer.name };
      if (await askProof(context, request, reply, asking)) return reply;
      const agreed = await orProblem(async () => {
        const asked = { caller: person, key, digest: digestOf("POST", "/tie", fields) };
        const { view } = await once(context.database, asked, async (client) => ({
          status: 201,
          body: { id: await consentToPay(client, person, wish.body) },
        }));
        // A second press is the same consent with another code: which of the two answers is shown, nobody knows.
        const { id } = view.value;
        return context.database.transaction((client) => issueCode(client, id, challenge));
      });
      if ("value" in agreed)
        return seeOther(reply, `${peer.url}/ties/return?state=${state}&code=${agreed.value}`);
      return sendAgree({ context, peers }, request, reply, { fields: request.body, ...agreed });
    },
  );
}

/** Whether an account is of the kind and in the currency that the other server asked for, as far as it did. */
const isAskedFor = (method: { kind: string; currency: string }, { kind, currency }: Fields): boolean =>
  (kind ?? method.kind) === method.kind && (currency ?? method.currency) === method.currency;

async function sendAgree(
  { context, peers }: { context: PageContext; peers: KnownPeers },
  request: FastifyRequest,
  reply: FastifyReply,
  { fields, ...wrong }: { fields: Fields } & Parameters<typeof attemptOf>[1],
): Promise<FastifyReply> {
  const caller = await memberOf(context, request);
  const { state = "", challenge = "" } = fields;
  const { id, name, url } = knownPeer(peers, fields["peer"] ?? "");
  const found = await members.listMethods(context.database, caller.id);
  const free = (await context.availableOf?.(found)) ?? new Map<string, bigint>();
  const methods = found
    .filter((method) => method.state === "active" && method.account !== null && isAskedFor(method, fields))
    .map((method) => ({
      id: method.id,
      kind: method.kind,
      currency: method.currency,
      available: free.get(method.id) ?? 0n,
    }));
  const today = dayAt(await readClock(context.database), context.settings.timeZone);
  const status = wrong.problem?.status ?? (wrong.errors === undefined ? 200 : 422);
  return sendPage(
    reply,
    AgreePage,
    {
      frame: frameOf(context, caller),
      server: { id, name, back: `${url}/ties/return?state=${state}` },
      state,
      challenge,
      asked: { kind: methodKinds.find((one) => one === fields["kind"]), currency: fields["currency"] },
      methods,
      earliest: daysAfter(today, 1),
      usual: daysAfter(today, usualDays),
      once: uuidv7(),
      attempt: attemptOf(fields, wrong),
    },
    status,
  );
}

const check = makeCheck(consentSchema, "consent");

/** What the form wishes, or what is wrong with it by the names of its fields. */
function wishOf(
  fields: Fields,
  currency: string,
  timeZone: string,
): { body: ConsentWish } | { errors: Record<string, Sentence> } {
  const errors: Record<string, Sentence> = {};
  const limits: Record<string, number> = {};
  for (const name of ["limitPerTrade", "limitPerMonth", "confirmAbove"]) {
    const text = fields[name]?.trim() ?? "";
    if (text === "") continue;
    const amount = sumIn(text, currency);
    if (amount === undefined || (amount === 0n && name !== "confirmAbove"))
      errors[name] = say("mistake.amount");
    else limits[name] = toWire(amount);
  }
  const { peer = "", method = "" } = fields;
  const until = (fields["until"] ?? "").normalize("NFKC").trim();
  // The last day counts whole.
  const end = isDay(until) ? endOfDay(until, timeZone).toISOString() : until;
  const body = { peer, purpose: "pay" as const, method, ...limits, until: end };
  if (check(body)?.errors?.some(({ pointer }) => pointer === "/until") === true)
    errors["until"] = say("mistake.date");
  return Object.keys(errors).length === 0 ? { body } : { errors };
}

const typedOrNull = (sum: bigint | null, currency: string): string | null =>
  sum === null ? null : typedMoney(sum, currency);

/** What somebody typed for a consent, and was not taken: no sum above which they confirm, or no limits. */
interface Wrong {
  id: string;
  status: number;
  text?: string;
  limits?: Attempt;
  /** More was wanted, and it is too long ago that they signed in. */
  unproven?: true;
}

async function sendGiven(
  context: PageContext,
  peers: KnownPeers,
  request: FastifyRequest,
  reply: FastifyReply,
  wrong?: Wrong,
): Promise<FastifyReply> {
  const member = await memberOf(context, request);
  const asked =
    wrong === undefined ? (request.query as { done?: "limits"; limit?: string; after?: string }) : {};
  const { done } = asked;
  const { limit, after } = pageWish(asked);
  const { timeZone } = context.settings;
  const limitsOf = ({ purpose, currency, ...consent }: OwnedConsent) =>
    purpose !== "pay" || consent.revokedAt !== null || consent.until === null
      ? undefined
      : {
          limitPerTrade: typedOrNull(consent.limitPerTrade, currency) ?? "",
          limitPerMonth: typedOrNull(consent.limitPerMonth, currency),
          until: lastDayBefore(consent.until, timeZone),
        };
  const found = await listConsents(context.database, member.id, limit + 1, after);
  const { items: consents, next } = pageOf(found, limit, (consent) => ({
    id: consent.id,
    serverName: peers.find(({ id }) => id === consent.peer)?.name ?? consent.peer,
    kind: methodKinds.find((kind) => kind === consent.kind) ?? "deposit",
    currency: consent.currency,
    limitPerTrade: consent.limitPerTrade === null ? null : toWire(consent.limitPerTrade),
    limitPerMonth: consent.limitPerMonth === null ? null : toWire(consent.limitPerMonth),
    spentThisMonth: toWire(spentOf(consent, consent.readAt)),
    until: consent.until?.toISOString() ?? null,
    revoked: consent.revokedAt !== null,
    confirmAbove: typedOrNull(consent.confirmAbove, consent.currency),
    wrong: wrong?.id === consent.id ? wrong.text : undefined,
    limits: limitsOf(consent),
    attempt: wrong?.id === consent.id ? wrong.limits : undefined,
  }));
  return sendPage(
    reply,
    ConsentsPage,
    { frame: frameOf(context, member), consents, next, done, unproven: wrong?.unproven === true },
    wrong?.status ?? 200,
    "/consents",
  );
}

function registerGiven(server: Server, context: PageContext, peers: KnownPeers): void {
  const { database } = context;
  server.get(
    "/consents",
    { config: toMember, schema: { tags, summary: "What other servers may do", querystring: givenQuery } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/consents");
      return sendGiven(context, peers, request, reply);
    },
  );
  server.post(
    "/consents/:id/confirm-above",
    {
      config: { ...toMember, form: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Say above what sum you confirm payments yourself",
        params: closed({ id: idSchema }),
        body: sumForm,
      },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const { id: owner } = caller;
      const { id } = request.params;
      const [consent] = await readConsents(database, [id]);
      if (consent?.owner !== owner) return refuse("not_found");
      const text = request.body.confirmAbove?.trim() ?? "";
      const sum = text === "" ? null : sumIn(text, consent.currency);
      // What was not understood sets nothing, and never takes away what was set.
      if (sum === undefined) return sendGiven(context, peers, request, reply, { id, text, status: 422 });
      const act = await toConfirmAbove(database, owner, id, sum);
      if (await askProof(context, request, reply, { caller, act, back: "/consents" })) return reply;
      if (!(await setConfirmAbove(database, { id, owner, confirmAbove: sum }))) return refuse("not_found");
      return seeOther(reply, "/consents");
    },
  );
  registerLimits(server, context, peers);
  server.post(
    "/consents/:id/revoke",
    {
      config: { ...toMember, form: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Take back what a server may do",
        params: closed({ id: idSchema }),
        body: closed({ key: field }),
      },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      // What has been taken back already stays so: a second press is no mistake.
      await revokeConsent(database, caller.id, request.params.id);
      return seeOther(reply, "/consents");
    },
  );
}

function registerLimits(server: Server, context: PageContext, peers: KnownPeers): void {
  const { database, settings } = context;
  server.post(
    "/consents/:id/limits",
    {
      config: {
        ...toMember,
        form: true,
        refusals: [
          "not_found",
          "not_allowed",
          "consent_not_valid",
          "consent_limit_exceeded",
          "date_out_of_range",
          "member_not_approved",
          "sign_in_changed_lately",
        ],
      },
      schema: { tags, summary: "Set other limits and another end", params: consentParams, body: limitsForm },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const { id: owner } = caller;
      const { id } = request.params;
      const [consent] = await readConsents(database, [id]);
      if (consent?.owner !== owner || consent.purpose !== "pay") return refuse("not_found");
      const { proof: _, proofPassword: __, ...fields } = request.body;
      const { timeZone } = settings;
      const again = (status: number, wrong: Parameters<typeof attemptOf>[1]) =>
        sendGiven(context, peers, request, reply, { id, status, limits: attemptOf(fields, wrong) });
      const wish = limitsIn(fields, consent, timeZone);
      if ("errors" in wish) return again(422, wish);
      const act = toLimits(consent, wish);
      const proven = act !== undefined && (await isProven(context, request));
      if (proven && (await askProof(context, request, reply, { caller, act, back: "/consents" })))
        return reply;
      const changed = await orProblem(() =>
        database.transaction((client) => changeLimits(client, owner, wish, { proven })),
      );
      if ("value" in changed) return seeOther(reply, "/consents?done=limits");
      const { status, code } = changed.problem;
      if (code === "not_allowed")
        return sendGiven(context, peers, request, reply, {
          id,
          status,
          limits: attemptOf(fields, {}),
          unproven: true,
        });
      if (code === "consent_limit_exceeded")
        return again(status, { errors: { limitPerMonth: say("consent.lessThanSpent") } });
      return again(
        status,
        code === "date_out_of_range" ? { errors: { until: say("mandate.dayOver") } } : changed,
      );
    },
  );
}
