/** Webhook endpoints over HTTP: shops, carriers and providers say where they want to be told, and look at what was sent. */
import {
  deliverySchema,
  endpointMadeSchema,
  endpointShown,
  resentSchema,
  testSentSchema,
} from "../../core/answers/answers.ts";
import type { Box } from "../../storage/keyring/keyring.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { type Client, pageOf, readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Server } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import {
  deleteEndpoint,
  type DeliveryRow,
  type EndpointRow,
  enqueueWebhooks,
  insertEndpoint,
  lockEndpoints,
  listDeliveries,
  listEndpoints,
  messageTo,
  putEndpoint,
  readDeliveryState,
  rotateSecret,
  sendAgain,
  type WebhookOwnerKind,
} from "../../engines/outbox/outbox.ts";
import {
  memberEventTypes,
  offerEventTypes,
  refuse,
  stepMessageType,
  tradeEventTypes,
} from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, pageSchema } from "../../core/protocol/schemas.ts";
import { answerOnce, callerAmong, type Context, pageWish, refuseUnproven } from "../api/api.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { makeSecret, secretText } from "./signature.ts";
import type { Webhooks } from "./delivery.ts";

const nothing = closed({});
const params = closed({ id: idSchema });
const tags = ["Webhooks"];
const config = { access: ["party"] } as const;

const endpointSchema = closed({
  url: Type.String({ minLength: 1, maxLength: 2000, description: "https, with a public name" }),
  types: Type.Array(
    Type.Unsafe<string>({
      type: "string",
      enum: ["*", ...tradeEventTypes, stepMessageType, ...offerEventTypes, ...memberEventTypes],
      description: "`*` for all events; `trade.changed` for one message a step instead",
    }),
    { minItems: 1, maxItems: 100, uniqueItems: true },
  ),
  perRequest: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description: "So many messages come in one request, where several wait; 1 if not given",
    }),
  ),
});
/** In the place of an id; to readers of the description two names for one part of an address are two addresses. */
/** A name is no id: under the id of an endpoint there would be a second one. */
const nameParams = closed({
  id: Type.String({
    pattern: "^(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z0-9][a-z0-9_-]{0,39}$",
  }),
});
const deliveriesQuery = closed({ ...pageSchema.properties, endpoint: Type.Optional(idSchema) });

const endpointsMost = 10;
/** For how long the old secret signs beside a new one. */
const overlapMs = 24 * 3_600_000;

const kinds = ["shop", "carrier", "provider"] as const;
type Owner = Caller & { kind: WebhookOwnerKind };

async function ownerOf(context: Context, request: FastifyRequest): Promise<Owner> {
  const caller = await callerAmong(context, request, kinds);
  return caller as Owner;
}

export function registerWebhookRoutes(server: Server, context: Context, webhooks: Webhooks): void {
  registerEndpoints(server, context, webhooks);
  registerNamed(server, context, webhooks);
  registerEndpointMoves(server, context, webhooks);
  registerDeliveries(server, context, webhooks);
}

function registerEndpoints(server: Server, context: Context, webhooks: Webhooks): void {
  server.post(
    "/v1/webhook-endpoints",
    {
      config: { ...config, refusals: ["webhook_url_refused", "not_allowed"] },
      schema: {
        tags,
        summary: "Be told of events at an address; its secret is shown once",
        answers: { 201: endpointMadeSchema },
        description:
          "Messages are signed after Standard Webhooks 1.0.0. The secret is not shown again, so a repetition with " +
          "the same Idempotency-Key gets the answer without it: rotate then.",
        body: endpointSchema,
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(context, request);
      await refuseUnproven(context, request, owner);
      reachable(webhooks, request.body.url);
      return answerOnce(context, request, reply, owner, (client) =>
        addEndpoint(client, webhooks.box, owner, request.body),
      );
    },
  );
  server.get(
    "/v1/webhook-endpoints",
    {
      config,
      schema: {
        tags,
        summary: "List one's endpoints, the oldest first",
        answers: { 200: listOf(endpointShown) },
      },
    },
    async (request) => {
      const owner = await ownerOf(context, request);
      return { items: (await listEndpoints(context.database, owner.id)).map(endpointView), next: null };
    },
  );
  server.delete(
    "/v1/webhook-endpoints/:id",
    {
      config,
      schema: {
        tags,
        summary: "Be told no more; what still waits for the endpoint is not sent",
        answers: { 204: null },
        params,
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(context, request);
      const done = await deleteEndpoint(context.database, owner.id, request.params.id);
      return done ? reply.code(204).send() : refuse("not_found");
    },
  );
}

function registerNamed(server: Server, context: Context, webhooks: Webhooks): void {
  server.put(
    "/v1/webhook-endpoints/:id",
    {
      config: { ...config, refusals: ["webhook_url_refused", "not_allowed"] },
      schema: {
        tags,
        summary: "Be told of events at an address, under a name of one's own",
        answers: { 200: endpointShown, 201: endpointMadeSchema },
        description:
          "The first time it is made, and its secret is shown once (201). Said again it is the same endpoint, which goes " +
          "where it is said to go now (200), and takes messages again where its receiver had ended it. Who has lost the " +
          "secret rotates.",
        params: nameParams,
        body: endpointSchema,
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(context, request);
      await refuseUnproven(context, request, owner);
      reachable(webhooks, request.body.url);
      const { id: name } = request.params;
      const { status, body, secret } = await context.database.transaction((client) =>
        addEndpoint(client, webhooks.box, owner, { ...request.body, name }),
      );
      return reply.code(status).send({ ...body, ...secret });
    },
  );
}

function reachable({ guard }: Webhooks, url: string): void {
  const refused = guard.refusal(url);
  if (refused !== undefined)
    refuse("webhook_url_refused", refused, { errors: [{ pointer: "/url", message: refused }] });
}

/** Makes an endpoint; under a name, only where there is none of that name. */
async function addEndpoint(
  client: Client,
  box: Box,
  owner: Owner,
  { name, ...wish }: { url: string; types: string[]; perRequest?: number; name?: string },
): Promise<Effect> {
  const drawn = uuidv7();
  const secret = makeSecret();
  const made = {
    id: drawn,
    ownerKind: owner.kind,
    owner: owner.id,
    perRequest: 1,
    ...wish,
    sealed: box.seal(drawn, secret),
  };
  await lockEndpoints(client, owner.id);
  if (name === undefined) await insertEndpoint(client, made);
  const id = name === undefined ? drawn : await putEndpoint(client, { ...made, name });
  const endpoints = await listEndpoints(client, owner.id);
  if (endpoints.length > endpointsMost) {
    refuse("not_allowed", `There are ${endpointsMost} endpoints already; delete one first.`);
  }
  const body = viewOf(endpoints, id);
  return id === drawn ? { status: 201, body, secret: { secret: secretText(secret) } } : { status: 200, body };
}

function registerEndpointMoves(server: Server, context: Context, webhooks: Webhooks): void {
  server.post(
    "/v1/webhook-endpoints/:id/rotate",
    {
      config: { ...config, refusals: ["not_allowed"] },
      schema: {
        tags,
        summary: "Get a new secret, shown once; the old one signs along for a day",
        answers: { 200: endpointMadeSchema },
        params,
        body: nothing,
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(context, request);
      await refuseUnproven(context, request, owner);
      return answerOnce(context, request, reply, owner, async (client) => {
        const { id } = request.params;
        const secret = makeSecret();
        const sealed = webhooks.box.seal(id, secret);
        if (!(await rotateSecret(client, owner.id, id, { sealed, overlapMs }))) refuse("not_found");
        const body = viewOf(await listEndpoints(client, owner.id), id);
        return { status: 200, body, secret: { secret: secretText(secret) } };
      });
    },
  );
  server.post(
    "/v1/webhook-endpoints/:id/test",
    {
      config: { ...config, refusals: ["webhook_endpoint_ended"] },
      schema: {
        tags,
        summary: "Have a `webhook.test` message sent",
        answers: { 202: testSentSchema },
        params,
        body: nothing,
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(context, request);
      await answerOnce(context, request, reply, owner, async (client) => {
        const { id } = request.params;
        const endpoint = (await listEndpoints(client, owner.id)).find((each) => each.id === id);
        if (endpoint === undefined) refuse("not_found");
        if (endpoint.state !== "active") refuse("webhook_endpoint_ended");
        const at = await readClock(client);
        await enqueueWebhooks(client, [messageTo(id, "webhook.test", at, { endpoint: id }, null)]);
        return { status: 202, body: { type: "webhook.test", endpoint: id } };
      });
      webhooks.wake();
      return reply;
    },
  );
}

function registerDeliveries(server: Server, context: Context, webhooks: Webhooks): void {
  server.get(
    "/v1/webhook-deliveries",
    {
      config,
      schema: {
        tags,
        summary: "List the messages to one's endpoints, the newest first",
        answers: { 200: listOf(deliverySchema) },
        description: "Messages that arrived or were given up are shown for 30 days.",
        querystring: deliveriesQuery,
      },
    },
    async (request) => {
      const owner = await ownerOf(context, request);
      const { limit, after } = pageWish(request.query);
      const { endpoint } = request.query;
      const rows = await listDeliveries(context.database, owner.id, { endpoint, limit: limit + 1, after });
      return pageOf(rows, limit, deliveryView);
    },
  );
  server.post(
    "/v1/webhook-deliveries/:id/resend",
    {
      config: { ...config, refusals: ["webhook_endpoint_ended"] },
      schema: {
        tags,
        summary: "Have a message sent again, under the same id, with all its attempts",
        answers: { 202: resentSchema },
        params,
        body: nothing,
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(context, request);
      await answerOnce(context, request, reply, owner, async (client) => {
        const { id } = request.params;
        const state = await readDeliveryState(client, owner.id, id);
        if (state === undefined) refuse("not_found");
        if (state !== "active") refuse("webhook_endpoint_ended");
        if (!(await sendAgain(client, id))) refuse("not_found");
        return { status: 202, body: { id, state: "waiting" } };
      });
      webhooks.wake();
      return reply;
    },
  );
}

function viewOf(endpoints: readonly EndpointRow[], id: string): Record<string, unknown> {
  const endpoint = endpoints.find((each) => each.id === id);
  return endpoint === undefined ? refuse("not_found") : endpointView(endpoint);
}

function endpointView(endpoint: EndpointRow): Record<string, unknown> {
  const { id, name, url, types, perRequest, state, oldUntil, createdAt } = endpoint;
  return {
    id,
    name,
    url,
    types,
    perRequest,
    state,
    oldSecretUntil: oldUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

function deliveryView(row: DeliveryRow): Record<string, unknown> {
  const { id, endpoint, type, state, attempts, lastStatus, lastError } = row;
  return {
    id,
    endpoint,
    type,
    number: row.trade === null ? null : String(row.trade),
    state,
    attempts,
    lastStatus,
    lastError,
    nextAttemptAt: state === "waiting" ? row.nextAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
  };
}
