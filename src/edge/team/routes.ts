/** The people of a shop over HTTP, and what they did. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, operator, pageSchema, text } from "../../core/protocol/schemas.ts";
import { pageOf } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { listShopPeople } from "../../storage/team/team.ts";
import {
  answerOnce,
  callerAmong,
  operatorAct,
  pageLength,
  pageWish,
  partyFor,
  refuseUnproven,
} from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { type ProvenAct, proofOf } from "../moments/moments.ts";
import type { PageContext } from "../pages/pages.ts";
import { readActs } from "../roles/roles.ts";
import { invitedSchema, personSchema, resetSentSchema, roleSchema, shopActSchema } from "./answers.ts";
import {
  changeRole,
  countAgain,
  countInvitation,
  invite,
  inviteAgain,
  maskedView,
  personView,
  removePerson,
  resetPerson,
} from "./people.ts";

const tags = ["Shops"];
const shopParams = closed({ id: idSchema });
const personParams = closed({ id: idSchema, person: idSchema });
const shopOnly = ["shop"] as const;
const refusalsOfProof = [
  ...(["not_found", "not_allowed", "proof_required", "password_wrong", "passkey_refused"] as const),
  ...(["sign_in_changed_lately", "too_many_requests"] as const),
];

const emailSchema = Type.String({ format: "email", maxLength: 254 });
const nameSchema = text(1, 120);
export const invitationSchema = closed({ name: nameSchema, email: emailSchema, role: roleSchema });
const roleBody = closed({ role: roleSchema });

/** What is proved before it is done: to whom, and what they become by it. */
export const toInvite = (role: string): ProvenAct => ({ act: "team.change", of: `new-${role}` });
export const toChange = (person: string, role: string): ProvenAct => ({
  act: "team.change",
  of: `${person}-${role}`,
});
export const toInviteAgain = (person: string): ProvenAct => ({ act: "team.change", of: `${person}-again` });
export const toRemove = (person: string): ProvenAct => ({ act: "team.change", of: person });

/** Whoever is signed in for the shop. A key is no person: what it could make would outlive it. */
export async function signedInFor(
  context: PageContext,
  request: FastifyRequest,
  id: string,
): Promise<Caller> {
  const caller = await callerAmong(context, request, shopOnly);
  if (caller.id !== id) refuse("not_found");
  if (caller.credential.kind !== "session")
    refuse("not_allowed", "Whoever has signed in changes who works at the shop; a key does not.");
  return caller;
}

export function registerTeamRoutes(server: Server, context: PageContext): void {
  registerPeople(server, context);
  registerInvitingAgain(server, context);
  registerChanges(server, context);
  registerReset(server, context);
  registerActs(server, context);
}

async function proven(
  context: PageContext,
  request: FastifyRequest,
  caller: Caller,
  act: ProvenAct,
): Promise<void> {
  await refuseUnproven(context, request, caller);
  await context.moments.need(caller, act, proofOf(request), idempotencyKey(request));
}

function registerPeople(server: Server, context: PageContext): void {
  server.get(
    "/v1/shops/:id/people",
    {
      config: { access: ["party", "operator"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Who works at a shop and has a sign-in of their own, the first first",
        description:
          "The shop's own sign-in is an owner's and is not in the list. Operators see names and addresses masked.",
        answers: { 200: listOf(personSchema) },
        params: shopParams,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { id: shop } = request.params;
      const caller = await partyFor(context, request, "shop", shop);
      const { limit, after } = pageWish(request.query);
      const rows = await listShopPeople(context.database, context.vault, { shop, limit: limit + 1, after });
      return pageOf(rows, limit, caller.kind === "operator" ? maskedView : personView);
    },
  );
  server.post(
    "/v1/shops/:id/people",
    {
      config: { access: shopOnly, refusals: [...refusalsOfProof, "already_exists"] },
      schema: {
        tags,
        summary: "Invite somebody to work at the shop, by a mail with a link that works once, for three days",
        description:
          "By whoever is signed in as an owner, within a quarter of an hour of it and with a proof of `team.change` of " +
          "`new-` and the role (`Kenshu-Proof`). The answer tells nothing of who signs in elsewhere with the address.",
        answers: { 201: invitedSchema },
        params: shopParams,
        body: invitationSchema,
      },
    },
    async (request, reply) => {
      const caller = await signedInFor(context, request, request.params.id);
      await proven(context, request, caller, toInvite(request.body.role));
      await countInvitation(context, caller.id, request.body.email);
      return answerOnce(context, request, reply, caller, (client) =>
        invite(context, client, caller, request.body),
      );
    },
  );
}

function registerInvitingAgain(server: Server, context: PageContext): void {
  server.post(
    "/v1/shops/:id/people/:person/invitation",
    {
      config: { access: shopOnly, refusals: refusalsOfProof },
      schema: {
        tags,
        summary: "Send the invitation of somebody who has not joined yet once more; the link of before ends",
        description:
          "With a proof of `team.change` of their id, a hyphen and `again`. Counted within the hour together with first " +
          "invitations, by shop and by address.",
        answers: { 202: resetSentSchema },
        params: personParams,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const { id: shop, person } = request.params;
      const caller = await signedInFor(context, request, shop);
      await proven(context, request, caller, toInviteAgain(person));
      await countAgain(context, { shop, person });
      return answerOnce(context, request, reply, caller, (client) =>
        inviteAgain(context, client, caller, person),
      );
    },
  );
}

function registerChanges(server: Server, context: PageContext): void {
  const { database } = context;
  server.put(
    "/v1/shops/:id/people/:person/role",
    {
      config: { access: shopOnly, refusals: refusalsOfProof },
      schema: {
        tags,
        summary: "Give somebody of the shop another role; it holds from their next request on",
        description:
          "With a proof of `team.change` of their id, a hyphen and the role. The last owner stays one.",
        answers: { 200: personSchema },
        params: personParams,
        body: roleBody,
      },
    },
    async (request) => {
      const { id, person } = request.params;
      const { role } = request.body;
      const caller = await signedInFor(context, request, id);
      await proven(context, request, caller, toChange(person, role));
      const effect = await database.transaction((client) =>
        changeRole(context, client, caller, { id: person, role }),
      );
      return effect.body;
    },
  );
  server.delete(
    "/v1/shops/:id/people/:person",
    {
      config: { access: shopOnly, refusals: refusalsOfProof },
      schema: {
        tags,
        summary: "Remove somebody from the shop; their sessions end at once",
        description: "With a proof of `team.change` of their id. The last owner stays.",
        answers: { 204: null },
        params: personParams,
      },
    },
    async (request, reply) => {
      const { id, person } = request.params;
      const caller = await signedInFor(context, request, id);
      await proven(context, request, caller, toRemove(person));
      await database.transaction((client) => removePerson(context, client, caller, person));
      return reply.code(204).send();
    },
  );
}

function registerReset(server: Server, context: PageContext): void {
  const reset = operatorAct<{ shop: string; person: string }>(context, "team.reset", (client, wish, names) =>
    resetPerson(context, client, wish, names),
  );
  server.post(
    "/v1/shops/:id/people/:person/password-reset",
    {
      config: { access: ["operator"], acts: ["team.reset"], refusals: ["not_found", "not_allowed"] },
      schema: {
        tags,
        summary:
          "End the sessions and passkeys of somebody of a shop, and send them a link to a new password",
        description: "Two operators. The mail goes to that person's own address, and the shop is told.",
        answers: { 202: resetSentSchema },
        params: personParams,
        body: closed({ operator }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id: shop, person } = request.params;
      const { operator: speech } = request.body;
      return reset(request, reply, caller, { subject: person, args: { shop, person }, speech });
    },
  );
}

function registerActs(server: Server, context: PageContext): void {
  server.get(
    "/v1/shops/:id/acts",
    {
      config: { access: shopOnly, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "What was done from the sessions of a shop, and by whom, the newest first",
        description: "What keys do stands in the trades' events. The buyer reads none of this.",
        answers: { 200: listOf(shopActSchema) },
        params: shopParams,
        querystring: closed({
          about: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9-]{1,60}$" })),
          limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$" })),
          after: Type.Optional(idSchema),
        }),
      },
    },
    async (request) => {
      const { id: shop } = request.params;
      const caller = await callerAmong(context, request, shopOnly);
      if (caller.id !== shop) refuse("not_found");
      const { about, limit, after } = request.query;
      return readActs(context, { shop, about, after, limit: pageLength(limit) });
    },
  );
}
