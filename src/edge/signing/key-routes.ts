/** The published key set, and what operators do about keys: their own server's and those of others. */
import { keyRevokedSchema, keySetSchema, peerSchema, signingKeysSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import { idempotencyKey, sendJson, type Server } from "../http/http.ts";
import { addDuration, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import { closed, durationSchema, idSchema, listOf } from "../../core/protocol/schemas.ts";
import { kidForm } from "./key-sets.ts";
import type { Peer, Peers } from "./peers.ts";
import type { SigningOptions } from "./signer.ts";
import * as store from "./store.ts";

const tags = ["Servers"];
const rotateSchema = closed({ overlap: Type.Optional(durationSchema) });
const nothing = closed({});
const keyParams = closed({
  id: idSchema,
  kid: Type.String({ minLength: 1, maxLength: 100, pattern: kidForm.source }),
});

const aboutKeySet =
  "One with `kenshu_use` signs nothing any more: it is there for the guarantees that it has signed, and no message by it counts.";
const aboutRotation =
  "It is published at once and signs after the overlap (an hour unless told); the old one is good for another overlap, and stays published for the guarantees that it has signed until the last of them has run out. While a new key waits, no other is made; a shorter overlap lets it sign sooner. With PT0S all old keys are gone at once, with the guarantees that they have signed: for a key that somebody else may know. Where 16 keys are published, the next one waits until one of them leaves.";

/** Others may use a copy of the key set for an hour where they cannot reach this server. */
const usualOverlap = "PT1H";
const longestOverlapMs = 31 * 86_400_000;

function overlapMs(text: string): number {
  const duration = parseDuration(text);
  const ms = duration === undefined ? Infinity : addDuration(new Date(0), duration).getTime();
  return ms > longestOverlapMs ? refuse("date_out_of_range", "Keys overlap by 31 days at the most.") : ms;
}

export function registerKeyRoutes(server: Server, options: SigningOptions): void {
  registerOwnKeys(server, options);
  registerPeerKeys(server, options);
}

function registerOwnKeys(server: Server, options: SigningOptions): void {
  const { signer, isOperator } = options;
  server.get(
    "/.well-known/jwks.json",
    {
      config: { access: ["anyone"] },
      schema: {
        tags,
        summary: "The keys by which this server signs (RFC 7517, RFC 8037)",
        description: aboutKeySet,
        answers: { 200: keySetSchema },
      },
    },
    async (_request, reply) => sendJson(reply, 200, JSON.stringify(await signer.jwks())),
  );
  server.post(
    "/v1/signing-keys/rotate",
    {
      config: {
        access: ["operator"],
        acts: ["signing-key.rotate"],
        refusals: ["date_out_of_range", "not_due_yet"],
      },
      schema: {
        tags,
        summary: "Make a new key",
        answers: { 200: signingKeysSchema },
        description: aboutRotation,
        body: rotateSchema,
      },
    },
    async (request, reply) => {
      await isOperator(request);
      return options.rotate(request, reply, overlapMs(request.body.overlap ?? usualOverlap));
    },
  );
}

function registerPeerKeys(server: Server, { database, peers, isOperator }: SigningOptions): void {
  server.get(
    "/v1/peers",
    {
      config: { access: ["operator"] },
      schema: {
        tags,
        summary: "The servers that this one talks to, and their keys",
        answers: { 200: listOf(peerSchema) },
      },
    },
    async (request) => {
      await isOperator(request);
      const revoked = await store.readRevoked(database);
      const items = await Promise.all(peers.list().map((peer) => shown(peers, peer, revoked)));
      return { items, next: null };
    },
  );
  server.post(
    "/v1/peers/:id/keys/:kid/revoke",
    {
      config: { access: ["operator"], acts: ["peer-key.revoke"] },
      schema: {
        tags,
        summary: "Believe a key of another server no more, from this moment on",
        answers: { 200: keyRevokedSchema },
        params: keyParams,
        body: nothing,
      },
    },
    async (request) => {
      await isOperator(request);
      idempotencyKey(request);
      const { id, kid } = request.params;
      if (!peers.list().some((peer) => peer.id === id)) refuse("not_found");
      return { peer: id, kid, revokedAt: await store.revokeKey(database, id, kid) };
    },
  );
}

/** A server as operators see it. `reachable` is false where its keys could not be had for an hour or ever. */
async function shown(
  peers: Peers,
  peer: Peer,
  revoked: readonly { peer: string; kid: string; at: Date }[],
): Promise<Record<string, unknown>> {
  const known = await peers.kids(peer);
  const ends = new Map(revoked.filter((each) => each.peer === peer.id).map(({ kid, at }) => [kid, at]));
  const kids = new Set([...(known ?? []), ...ends.keys()]);
  const keys = [...kids].map((kid) => ({ kid, revokedAt: ends.get(kid) ?? null }));
  return { ...peer, reachable: known !== undefined, keys };
}
