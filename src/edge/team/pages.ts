/** `/shop/team` and `/shop/acts`: who works at the shop, and who did what. A form goes the way of the call. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { Problem } from "../../core/protocol/protocol.ts";
import { closed, idSchema, oneOf } from "../../core/protocol/schemas.ts";
import { digestOf, type Effect, once } from "../../engines/engine/engine.ts";
import { type Client, pageOf, uuidv7 } from "../../storage/database/database.ts";
import { type Caller, type ShopRole, shopRoles } from "../../storage/identity/identity.ts";
import { listShopPeople } from "../../storage/team/team.ts";
import { keyOfPress } from "../devices/devices.ts";
import { makeInspection, type Server } from "../http/http.ts";
import type { ProvenAct } from "../moments/moments.ts";
import {
  askProof,
  attemptOf,
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  frameOf,
  isProven,
  key,
  orProblem,
  type PageContext,
  proofFields,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { readActs, shownAct } from "../roles/roles.ts";
import { shopForm, shopOf, shopPage } from "../shop-desk/shop-desk.ts";
import { ActsPage, TeamPage, type TeamShown } from "../team-views/team-views.ts";
import {
  changeRole,
  countAgain,
  countInvitation,
  type Invitation,
  invite,
  inviteAgain,
  personView,
  removePerson,
} from "./people.ts";
import { invitationSchema, signedInFor, toChange, toInvite, toInviteAgain, toRemove } from "./routes.ts";

const here = "/shop/team";
const onPage = 50;
const after = Type.Optional(idSchema);
const personParams = closed({ person: idSchema });
const roleField = oneOf(shopRoles);
const dones = ["invited", "again", "changed", "removed"] as const;
const refusals = [
  ...shopPage.refusals,
  ...(["not_found", "already_exists", "proof_required", "password_wrong"] as const),
  ...(["passkey_refused", "sign_in_changed_lately", "too_many_requests"] as const),
];
const form = { ...shopForm, refusals } as const;

export function registerTeamPages(server: Server, context: PageContext): void {
  registerList(server, context);
  registerInvite(server, context);
  registerInviteAgain(server, context);
  registerChange(server, context);
  registerActsPage(server, context);
}

type Said = Pick<TeamShown, "done" | "unproven" | "attempt"> & { status?: number; after?: string };

async function sendTeam(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  { status = 200, after: behind, ...said }: Said,
): Promise<FastifyReply> {
  const wish = { shop: caller.id, limit: onPage + 1, after: behind };
  const rows = await listShopPeople(context.database, context.vault, wish);
  const { items, next } = pageOf(rows, onPage, personView);
  const shown: TeamShown = {
    frame: frameOf(context, caller),
    people: items,
    self: caller.person?.id ?? null,
    once: uuidv7,
    more: next === null ? null : `${here}?after=${next}`,
    ...said,
  };
  return sendPage(reply, TeamPage, shown, status, here);
}

function registerList(server: Server, context: PageContext): void {
  server.get(
    here,
    {
      config: shopPage,
      schema: {
        tags,
        summary: "Who works at a shop",
        querystring: closed({ done: Type.Optional(oneOf(dones)), after }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const { done, after: behind } = request.query;
      return sendTeam(context, reply, caller, {
        done,
        ...(behind === undefined ? {} : { after: behind }),
      });
    },
  );
}

/** What a form asks for: what is proved for it, and what it does. */
interface Change {
  act: ProvenAct;
  /** By what the press is known. */
  said: Fields;
  effect: (client: Client) => Promise<Effect>;
  before?: () => Promise<void>;
  done: (typeof dones)[number];
  typed?: Fields;
}

/** A young session, then the proof, then the act, once for its press. */
async function change(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  { act, said, effect, before, done, typed = {} }: Change,
): Promise<FastifyReply> {
  const again = (why: { problem?: Problem }, unproven = false) =>
    sendTeam(context, reply, caller, {
      attempt: attemptOf(typed, why),
      unproven,
      status: why.problem?.status ?? 403,
    });
  if (!(await isProven(context, request))) return again({}, true);
  if (await askProof(context, request, reply, { caller, act, back: here })) return reply;
  const outcome = await orProblem(async () => {
    await before?.();
    const asked = {
      caller: caller.id,
      key: keyOfPress(`team ${done}`, said),
      digest: digestOf("POST", here, { done, ...said }),
    };
    return once(context.database, asked, effect);
  });
  return "problem" in outcome ? again(outcome) : seeOther(reply, `${here}?done=${done}`);
}

const inspectInvitation = makeInspection(invitationSchema);
const invitationFields = ["name", "email", "role"];

function registerInvite(server: Server, context: PageContext): void {
  server.post(
    here,
    {
      config: form,
      schema: {
        tags,
        summary: "Invite somebody to work at the shop",
        body: closed({ key, name: field(200), email: field(300), role: field(20), ...proofFields }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      await signedInFor(context, request, caller.id);
      const { key: press, name, email, role } = request.body;
      const typed: Fields = { name, email, role };
      const body = { name: filled(name) ?? "", email: filledNarrow(email) ?? "", role: role ?? "" };
      const made = checked<Invitation>(inspectInvitation, body, (pointer) =>
        invitationFields.find((each) => pointer === `/${each}`),
      );
      if (!("body" in made))
        return sendTeam(context, reply, caller, { attempt: attemptOf(typed, made), status: 422 });
      return change(context, request, reply, caller, {
        act: toInvite(made.body.role),
        said: { key: press, ...made.body },
        effect: (client) => invite(context, client, caller, made.body),
        before: () => countInvitation(context, caller.id, made.body.email),
        done: "invited",
        typed,
      });
    },
  );
}

function registerInviteAgain(server: Server, context: PageContext): void {
  server.post(
    `${here}/:person/invitation`,
    {
      config: form,
      schema: {
        tags,
        summary: "Send the invitation of somebody once more",
        params: personParams,
        body: closed({ key, ...proofFields }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      await signedInFor(context, request, caller.id);
      const { person: id } = request.params;
      return change(context, request, reply, caller, {
        act: toInviteAgain(id),
        said: { key: request.body.key, id },
        effect: (client) => inviteAgain(context, client, caller, id),
        before: () => countAgain(context, { shop: caller.id, person: id }),
        done: "again",
      });
    },
  );
}

function registerChange(server: Server, context: PageContext): void {
  server.post(
    `${here}/:person/role`,
    {
      config: form,
      schema: {
        tags,
        summary: "Give somebody of the shop another role",
        params: personParams,
        body: closed({ key, role: roleField, ...proofFields }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      await signedInFor(context, request, caller.id);
      const { person: id } = request.params;
      const role: ShopRole = request.body.role;
      return change(context, request, reply, caller, {
        act: toChange(id, role),
        said: { key: request.body.key, id, role },
        // What is kept of the press holds nothing personal.
        effect: async (client) => {
          await changeRole(context, client, caller, { id, role });
          return { status: 200, body: { id, role } };
        },
        done: "changed",
      });
    },
  );
  server.post(
    `${here}/:person/remove`,
    {
      config: form,
      schema: {
        tags,
        summary: "Remove somebody from the shop",
        params: personParams,
        body: closed({ key, ...proofFields }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      await signedInFor(context, request, caller.id);
      const { person: id } = request.params;
      return change(context, request, reply, caller, {
        act: toRemove(id),
        said: { key: request.body.key, id },
        effect: (client) => removePerson(context, client, caller, id),
        done: "removed",
      });
    },
  );
}

function registerActsPage(server: Server, context: PageContext): void {
  server.get(
    "/shop/acts",
    {
      config: shopPage,
      schema: { tags, summary: "Who did what for a shop", querystring: closed({ after }) },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const page = await readActs(context, { shop: caller.id, limit: onPage, after: request.query.after });
      const more = page.next === null ? null : `/shop/acts?after=${page.next}`;
      const shown = { frame: frameOf(context, caller), acts: page.items.map(shownAct), more };
      return sendPage(reply, ActsPage, shown);
    },
  );
}
