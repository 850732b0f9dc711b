/** `/passkeys`: what somebody signs in with beside their password. The same as by calls, behind forms. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { closed, idSchema, oneOf } from "../../core/protocol/schemas.ts";
import type { Problem } from "../../core/protocol/protocol.ts";
import Type from "typebox";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerAmong, callerOf, placeOf } from "../api/api.ts";
import { makeInspection, type Server } from "../http/http.ts";
import { type CreationOptions, proofOf, type Registration, registrationSchema } from "../moments/moments.ts";
import {
  attemptOf,
  field,
  type Fields,
  filled,
  frameOf,
  isSignedOut,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { whoSignsIn } from "../profiles/profiles.ts";
import { say, type Sentence } from "../words/words.ts";
import { MakePasskeyPage, PasskeysPage } from "./passkey-views.tsx";
import {
  addPasskey,
  beginPasskey,
  callPasskey,
  ownPasskeys,
  type Passkeys,
  removePasskey,
  toAdd,
  toRemove,
} from "./registering.ts";

const access = ["member", "party", "operator"] as const;
const page = { access, page: true, refusals: ["not_authenticated"] } as const;
const form = {
  ...page,
  form: true,
  acts: ["passkey.change"],
  refusals: [
    ...page.refusals,
    ...(["password_wrong", "passkey_refused", "proof_required", "invalid_field", "not_found"] as const),
    ...(["not_allowed", "already_exists", "sign_in_changed_lately", "too_many_requests"] as const),
  ],
} as const;
const params = closed({ id: idSchema });
const proofFields = { proof: field(16_000), proofPassword: field(), email: field() };
const dones = ["added", "named", "removed"] as const;
const nameMost = 60;

interface Wrong {
  fields: Fields;
  /** Of which passkey; left out of the form for another one. */
  of?: string;
  errors?: Record<string, Sentence>;
  problem?: Problem;
}

export function registerPasskeyPages(server: Server, context: PageContext, room: Passkeys): void {
  const show = shower(context, room);
  registerList(server, context, show);
  registerMaking(server, context, room, show);
  registerChanging(server, context, room, show);
}

type Show = (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  more: { done?: (typeof dones)[number] | undefined; wrong?: Wrong },
) => Promise<FastifyReply>;

function shower(context: PageContext, room: Passkeys): Show {
  const { moments } = context;
  return async (request, reply, caller, { done, wrong }) => {
    const found = await ownPasskeys(room, caller);
    const passkeys = await Promise.all(
      found.map(async ({ createdAt, usedAt, ...passkey }) => ({
        ...passkey,
        since: createdAt.toISOString(),
        used: usedAt?.toISOString(),
        wanted: await moments.wanted(caller, toRemove(passkey.id)),
      })),
    );
    const attempt = wrong === undefined ? {} : { attempt: attemptOf(wrong.fields, wrong), of: wrong.of };
    const shown = {
      frame: frameOf(context, caller),
      passkeys,
      wanted: await moments.wanted(caller, toAdd),
      open: moments.party !== undefined,
      place: placeOf(request.headers["user-agent"]),
      isOperator: caller.kind === "operator",
      done,
      ...attempt,
    };
    const status = wrong === undefined ? 200 : (wrong.problem?.status ?? 422);
    return sendPage(reply, PasskeysPage, shown, status, "/passkeys");
  };
}

const who = (context: PageContext, request: FastifyRequest) => callerAmong(context, request, whoSignsIn);

function registerList(server: Server, context: PageContext, show: Show): void {
  server.get(
    "/passkeys",
    {
      config: page,
      schema: {
        tags,
        summary: "Your passkeys",
        querystring: closed({ done: Type.Optional(oneOf(dones)) }),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/passkeys");
      return show(request, reply, await who(context, request), { done: request.query.done });
    },
  );
}

/** What somebody calls it, or what is wrong with that. */
function nameIn(fields: Fields): { name: string } | { errors: Record<string, Sentence> } {
  const name = filled(fields["name"]);
  if (name === undefined) return { errors: { name: say("mistake.missing") } };
  return name.length > nameMost
    ? { errors: { name: say("passkey.longName", { most: nameMost }) } }
    : { name };
}

const inspectMade = makeInspection(registrationSchema);

function madeIn(text: string | undefined): Registration | undefined {
  try {
    const made: unknown = JSON.parse(text ?? "");
    return inspectMade(made) === undefined ? (made as Registration) : undefined;
  } catch {
    return undefined;
  }
}

function registerMaking(server: Server, context: PageContext, room: Passkeys, show: Show): void {
  server.post(
    "/passkeys/begin",
    {
      config: form,
      schema: {
        tags,
        summary: "Prove who you are, to make a passkey",
        body: closed({ name: field(), ...proofFields }),
      },
    },
    async (request, reply) => {
      const caller = await who(context, request);
      const fields = request.body as Fields;
      const named = nameIn(fields);
      if ("errors" in named) return show(request, reply, caller, { wrong: { fields, ...named } });
      const email = filled(fields["email"]);
      const begun = await orProblem(() => beginPasskey(room, caller, { ...proofOf(request, fields), email }));
      if ("problem" in begun) return show(request, reply, caller, { wrong: { fields, ...begun } });
      return sendMaking(context, reply, caller, { ...named, email, options: begun.value });
    },
  );
  server.post(
    "/passkeys",
    {
      config: form,
      schema: {
        tags,
        summary: "Register the passkey that was made",
        body: closed({ name: field(), email: field(), made: field(60_000) }),
      },
    },
    async (request, reply) => {
      const caller = await who(context, request);
      const fields = request.body as Fields;
      const named = nameIn(fields);
      if ("errors" in named) return show(request, reply, caller, { wrong: { fields, ...named } });
      const response = madeIn(fields["made"]);
      if (response === undefined)
        return show(request, reply, caller, {
          wrong: { fields, errors: { name: say("passkey.noneMade") } },
        });
      const added = await orProblem(() =>
        addPasskey(room, caller, { ...named, email: filled(fields["email"]), response }),
      );
      return "problem" in added
        ? show(request, reply, caller, { wrong: { fields, ...added } })
        : seeOther(reply, "/passkeys?done=added");
    },
  );
}

function sendMaking(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  made: { name: string; email: string | undefined; options: CreationOptions },
): FastifyReply {
  return sendPage(reply, MakePasskeyPage, { frame: frameOf(context, caller), ...made }, 200, "/passkeys");
}

function registerChanging(server: Server, context: PageContext, room: Passkeys, show: Show): void {
  server.post(
    "/passkeys/:id/name",
    {
      config: form,
      schema: { tags, summary: "Call a passkey otherwise", params, body: closed({ name: field() }) },
    },
    async (request, reply) => {
      const caller = await who(context, request);
      const { id: of } = request.params;
      const fields = request.body as Fields;
      const named = nameIn(fields);
      if ("errors" in named) return show(request, reply, caller, { wrong: { fields, of, ...named } });
      await callPasskey(room, caller, of, named.name);
      return seeOther(reply, "/passkeys?done=named");
    },
  );
  server.post(
    "/passkeys/:id/remove",
    {
      config: form,
      schema: { tags, summary: "Take a passkey away", params, body: closed(proofFields) },
    },
    async (request, reply) => {
      const caller = await who(context, request);
      const { id: of } = request.params;
      const fields = request.body as Fields;
      const shown = { ...proofOf(request, fields), email: filled(fields["email"]) };
      const gone = await orProblem(() => removePasskey(room, caller, of, shown));
      // What is gone already stays so: a second press is no mistake.
      return "problem" in gone && gone.problem.code !== "not_found"
        ? show(request, reply, caller, { wrong: { fields, of, ...gone } })
        : seeOther(reply, "/passkeys?done=removed");
    },
  );
}
