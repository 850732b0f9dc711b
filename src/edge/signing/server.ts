/** Signatures at a server: it verifies requests before anything reads them, and signs replies as they leave. */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Server } from "../http/http.ts";
import { problem, Refusal, refuse } from "../../core/protocol/protocol.ts";
import { admission } from "./admission.ts";
import { readAtMost, TooLargeError } from "./bounded-body.ts";
import { replyMessage, requestMessage } from "./message.ts";
import { registerKeyRoutes } from "./key-routes.ts";
import type { Peer } from "./peers.ts";
import type { Signer } from "./signer.ts";
import type { SigningOptions } from "./signer.ts";
import * as store from "./store.ts";

/** Who sent a request, and the Signature field that its reply is tied to. */
const verified = new WeakMap<FastifyRequest, { peer: Peer; signature: string }>();

/** The server that signed the request. Refuses with signature_invalid where none did. */
export function requirePeer(request: FastifyRequest): Pick<Peer, "id" | "name"> {
  const sender = verified.get(request);
  return sender === undefined
    ? refuse("signature_invalid", "This call takes signed requests only.")
    : { id: sender.peer.id, name: sender.peer.name };
}

const pruneEveryMs = 30_000;

/**
 * Verifies every request that carries a signature, whatever route it is for, signs the replies to those that were
 * verified, publishes the key set, and gives operators the calls to rotate and revoke. {@link requirePeer} is what
 * makes a route one for servers only.
 */
export function registerSigning(server: Server, options: SigningOptions): void {
  const { database, signer, peers } = options;
  const admit = admission(database, peers);
  server.addHook("preParsing", async (request, _reply, payload) => {
    const { signature, "signature-input": input } = request.headers;
    if (signature === undefined && input === undefined) return payload;
    const body = await bytesOfRequest(payload, request.routeOptions.bodyLimit);
    const target = `${signer.url}${request.raw.url ?? ""}`;
    const admitted = await admit(requestMessage(request.method, target, request.headers, body));
    if ("refused" in admitted) throw new Refusal(admitted.refused);
    verified.set(request, { peer: admitted.peer, signature: String(signature) });
    // Fastify reads the body from here on, and compares its length with what was announced.
    return Object.assign(Readable.from([body], { objectMode: false }), {
      receivedEncodedLength: body.length,
    });
  });
  server.addHook("onSend", async (request, reply, payload) => {
    const sender = verified.get(request);
    if (sender !== undefined) await signReply(signer, sender.signature, request, reply, payload);
    return payload;
  });
  const pruning = setInterval(() => {
    store
      .pruneNonces(database)
      .then(() => store.forgetEnded(database))
      .catch((error: unknown) => server.log.error({ err: error }, "failed"));
  }, pruneEveryMs);
  server.addHook("onClose", async () => clearInterval(pruning));
  registerKeyRoutes(server, options);
}

async function bytesOfRequest(payload: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  try {
    return await readAtMost(payload, most);
  } catch (error) {
    const code = error instanceof TooLargeError ? "body_too_large" : "malformed_request";
    throw new Refusal(problem(code));
  }
}

/**
 * Signs a reply. Where that fails, the reply leaves unsigned: the request may be done, and the other server takes an
 * unsigned reply for an unknown outcome and asks again.
 */
async function signReply(
  signer: Signer,
  signature: string,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const body = bytesOfReply(payload);
  if (body === undefined) return;
  const type = reply.getHeader("content-type");
  const fields = typeof type === "string" ? { "content-type": type } : {};
  try {
    reply.headers(await signer.sign(replyMessage(reply.statusCode, signature, fields, body)));
  } catch (error) {
    request.log.error({ err: error, request: { id: request.id } }, "a reply could not be signed");
  }
}

/** The bytes that leave; undefined for a stream, which no route for servers sends. */
function bytesOfReply(payload: unknown): Uint8Array | undefined {
  if (payload === undefined || payload === null) return new Uint8Array();
  if (typeof payload === "string") return Buffer.from(payload);
  return payload instanceof Uint8Array ? payload : undefined;
}
