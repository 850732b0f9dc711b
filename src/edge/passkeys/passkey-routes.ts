/** Passkeys over HTTP: of whoever is signed in, and for signing in. What browsers send and take is WebAuthn's own JSON. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { closed, idSchema, listOf, text } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context, signInByPasskey } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { assertionSchema, registrationSchema } from "../moments/moments.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { whoSignsIn } from "../profiles/profiles.ts";
import { creationSchema, passkeyAddedSchema, passkeySchema, signInOptionsSchema } from "./answers.ts";
import {
  addPasskey,
  beginPasskey,
  callPasskey,
  ownPasskeys,
  type Passkeys,
  removePasskey,
} from "./registering.ts";

const tags = ["Sign-in"];
const access = ["member", "party", "operator"] as const;
const acts = ["passkey.change"] as const;
const params = closed({ id: idSchema });
const email = Type.Optional(text(1, 254));
/** One of the two. */
const proof = {
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  response: Type.Optional(assertionSchema),
};
const nameSchema = text(1, 60);
const refusals = ["password_wrong", "passkey_refused", "proof_required", "too_many_requests"] as const;
const perMinute = { rateLimit: { max: 60, timeWindow: "1 minute" } };

export function registerCalls(server: Server, context: Context, room: Passkeys): void {
  registerList(server, context, room);
  registerAdding(server, context, room);
  registerChanging(server, context, room);
  registerSignIn(server, context);
}

const who = (context: Context, request: FastifyRequest) => callerAmong(context, request, whoSignsIn);

function registerList(server: Server, context: Context, room: Passkeys): void {
  server.get(
    "/v1/passkeys",
    {
      config: { access },
      schema: { tags, summary: "One's own passkeys", answers: { 200: listOf(passkeySchema) } },
    },
    async (request) => {
      const found = await ownPasskeys(room, await who(context, request));
      const items = found.map(({ createdAt, usedAt, ...passkey }) => ({
        ...passkey,
        createdAt: createdAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? null,
      }));
      return { items, next: null };
    },
  );
}

function registerAdding(server: Server, context: Context, room: Passkeys): void {
  server.post(
    "/v1/passkeys/options",
    {
      config: { access, acts, refusals: [...refusals, "sign_in_changed_lately"] },
      schema: {
        tags,
        summary: "Begin to make a passkey: what `navigator.credentials.create` takes",
        description:
          "It shows the `password`, or what another passkey has signed (`POST /v1/proofs/options` with `passkey.add`). " +
          "Operators say the e-mail address with which they sign in, since it is kept nowhere.",
        answers: { 200: creationSchema },
        body: closed({ ...proof, email }),
      },
    },
    async (request) => {
      idempotencyKey(request);
      return { publicKey: await beginPasskey(room, await who(context, request), request.body) };
    },
  );
  server.post(
    "/v1/passkeys",
    {
      config: {
        access,
        acts,
        refusals: ["passkey_refused", "sign_in_changed_lately", "already_exists", "not_allowed"],
      },
      schema: {
        tags,
        summary: "Register the passkey that was made",
        description:
          "Its owner is told by mail. Made by the password beside others, it signs in, and proves nothing for three days.",
        answers: { 201: passkeyAddedSchema },
        body: closed({ name: nameSchema, email, response: registrationSchema }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const id = await addPasskey(room, await who(context, request), request.body);
      return reply.code(201).send({ id });
    },
  );
}

function registerChanging(server: Server, context: Context, room: Passkeys): void {
  server.put(
    "/v1/passkeys/:id",
    {
      config: { access, acts, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Call a passkey otherwise",
        answers: { 204: null },
        params,
        body: closed({ name: nameSchema }),
      },
    },
    async (request, reply) => {
      await callPasskey(room, await who(context, request), request.params.id, request.body.name);
      return reply.code(204).send();
    },
  );
  server.post(
    "/v1/passkeys/:id/remove",
    {
      config: { access, acts, refusals: [...refusals, "not_found"] },
      schema: {
        tags,
        summary: "Take a passkey away",
        description:
          "It shows the `password`, or what a passkey has signed. After the password, no password proves an act in its place " +
          "for three days. Its owner is told by mail.",
        answers: { 204: null },
        params,
        body: closed({ ...proof, email }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      await removePasskey(room, await who(context, request), request.params.id, request.body);
      return reply.code(204).send();
    },
  );
}

function registerSignIn(server: Server, context: Context): void {
  server.post(
    "/v1/sessions/passkey/options",
    {
      config: { access: ["anyone"], refusals: ["not_allowed"], ...perMinute },
      schema: {
        tags,
        summary: "What `navigator.credentials.get` takes to sign in with a passkey",
        answers: { 200: signInOptionsSchema },
        body: closed({}),
      },
    },
    async (request) => {
      idempotencyKey(request);
      const publicKey = (await context.moments.signInOptions()) ?? refuse("not_allowed");
      return { publicKey };
    },
  );
  server.post(
    "/v1/sessions/passkey",
    {
      config: {
        access: ["anyone"],
        cookie: true,
        refusals: ["passkey_refused", "sign_in_failed", "too_many_requests"],
      },
      schema: {
        tags,
        summary: "Sign in with a passkey; the session is in a cookie",
        answers: { 204: null },
        body: closed({ response: assertionSchema }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      await signInByPasskey(context, request, reply, request.body.response);
      return reply.code(204).send();
    },
  );
}
