/** Sends signed requests to other servers. A reply counts only if that server signed it for this very request. */
import { randomToken } from "../../storage/database/database.ts";
import { type Contacts, reasonOf } from "../http/http.ts";
import { readResponse } from "./bounded-body.ts";
import { type Fields, readClaim, replyMessage, requestMessage, untimely } from "./message.ts";
import type { Peer, Peers } from "./peers.ts";
import type { Signer } from "./signer.ts";

/** No verified answer came, so the request may be done or not. Ask again, with the same instruction ids. */
export class UnknownOutcomeError extends Error {
  override readonly name = "UnknownOutcomeError";
}

export interface PeerAnswer {
  status: number;
  /** The JSON object, undefined where the answer has no body. Refusals are answers too (RFC 9457). */
  body: Record<string, unknown> | undefined;
  /** The reply as it was signed, to be shown to others. */
  signed: SignedReply;
}

/** All that is needed to verify a reply once more: its bytes, its fields, and the Signature field of its request. */
export interface SignedReply {
  requestSignature: string;
  fields: Record<"content-type" | "content-digest" | "signature-input" | "signature", string | null>;
  bytes: Buffer;
}

/** What a refusal with such a status is about is the call, whatever its word: no instruction is refused by it. */
const aboutTheCall: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/** Whether an answer with this status leaves it open what became of what was asked. */
export const saysNothing = (status: number): boolean => status >= 500 || aboutTheCall.has(status);

export interface PeerClient {
  /**
   * Sends a signed request and answers what the peer signed in reply. Throws UnknownOutcomeError where no verified
   * answer came in time, and another error where nothing was sent.
   */
  call(
    peerId: string,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body?: object,
    options?: { timeoutMs?: number },
  ): Promise<PeerAnswer>;
}

const usualTimeoutMs = 10_000;
const largestAnswer = 2 * 1024 * 1024;

/** Makes the client of one server for all its peers. */
export function makePeerClient(options: {
  signer: Signer;
  peers: Peers;
  fetch?: typeof globalThis.fetch;
  /** Told of each call, whether it had an answer. */
  contacts?: Contacts | undefined;
}): PeerClient {
  const { signer, peers, fetch = globalThis.fetch, contacts } = options;
  return {
    call: async (peerId, method, path, body, { timeoutMs = usualTimeoutMs } = {}) => {
      const peer = peers.get(peerId);
      const url = new URL(path, peer.url);
      if (url.origin !== peer.url || url.hash !== "")
        throw new Error(`${path} is not a path of ${peer.name}.`);
      const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
      const type: Fields = body === undefined ? {} : { "content-type": "application/json" };
      const message = requestMessage(method, url.href, type, bytes);
      const fields = await signer.sign(message, randomToken(16));
      const headers = { ...type, ...fields, accept: "application/json", "accept-encoding": "identity" };
      const lost = (reason: string): void => contacts?.note(peer, "calls", reason);
      try {
        const came = await heard(() =>
          fetch(url, {
            method,
            headers: headers as Record<string, string>,
            ...(body === undefined ? {} : { body: bytes }),
            redirect: "error",
            signal: AbortSignal.timeout(timeoutMs),
          }),
        );
        if ("nothing" in came) {
          lost(reasonOf(came.nothing));
          throw new UnknownOutcomeError(`No answer came from ${peer.name}.`, { cause: came.nothing });
        }
        const answer = await verifiedAnswer(peers, peer, came, fields["signature"] ?? "");
        contacts?.note(peer, "calls", troubleIn(answer));
        return answer;
      } catch (error) {
        if (!(error instanceof UnknownOutcomeError))
          throw new UnknownOutcomeError(`The answer of ${peer.name} could not be looked at.`, {
            cause: error,
          });
        if (error.cause === undefined) lost(error.message);
        throw error;
      }
    },
  };
}

/** An answer as its bytes came, or why none did. */
async function heard(
  ask: () => Promise<Response>,
): Promise<{ status: number; headers: Headers; bytes: Buffer } | { nothing: unknown }> {
  try {
    const answer = await ask();
    return {
      status: answer.status,
      headers: answer.headers,
      bytes: await readResponse(answer, largestAnswer),
    };
  } catch (error) {
    return { nothing: error };
  }
}

/** What a server says that it cannot serve at present; undefined where it can, also where it refuses. */
function troubleIn({ status, body }: PeerAnswer): string | undefined {
  if (status < 500 && status !== 401 && status !== 408 && status !== 425 && status !== 429) return undefined;
  const code = body?.["code"];
  return `It answers ${status}${typeof code === "string" ? ` ${code}` : ""}.`;
}

async function verifiedAnswer(
  peers: Peers,
  peer: Peer,
  answer: { status: number; headers: Headers; bytes: Buffer },
  requestSignature: string,
): Promise<PeerAnswer> {
  const { bytes: body } = answer;
  const unknown = (why: string): never => {
    throw new UnknownOutcomeError(`The answer of ${peer.name} (${answer.status}) does not count: ${why}`);
  };
  const fields = Object.fromEntries(answer.headers);
  const claim = readClaim(replyMessage(answer.status, requestSignature, fields, body));
  if (typeof claim === "string") return unknown(`${claim}${said(body)}`);
  const found = await peers.find(claim.keyid);
  if (typeof found === "string") return unknown(`its key: ${found}.`);
  if (found.peer !== peer) return unknown("another server signed it.");
  if (!claim.isSignedBy(found.key)) return unknown("the signature is not that of the key.");
  const { now, revoked } = await peers.standing(peer, found.kid);
  if (revoked) return unknown("the key has been revoked here.");
  const late = untimely(claim, now.getTime() / 1000);
  if (late !== undefined) return unknown(late);
  const signed = { requestSignature, fields: signedFields(answer.headers), bytes: body };
  if (body.length === 0) return { status: answer.status, body: undefined, signed };
  return {
    status: answer.status,
    body: readBody(fields["content-type"], body) ?? unknown("it is not JSON."),
    signed,
  };
}

function signedFields(headers: Headers): SignedReply["fields"] {
  return {
    "content-type": headers.get("content-type"),
    "content-digest": headers.get("content-digest"),
    "signature-input": headers.get("signature-input"),
    signature: headers.get("signature"),
  };
}

function readBody(type: string | undefined, body: Buffer): Record<string, unknown> | undefined {
  if (type === undefined || !/^application\/(problem\+)?json *(;|$)/.test(type)) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What an unsigned answer says about the signature of the request. Nobody has signed the answer, so it decides nothing;
 * it tells the reader of the log which rule was broken.
 */
function said(body: Buffer): string {
  const problem = body.length < 4096 ? readBody("application/json", body) : undefined;
  if (problem?.["code"] !== "signature_invalid" || typeof problem["detail"] !== "string") return "";
  return ` It says: ${problem["detail"].slice(0, 200).replaceAll(/[^ -~]/g, "?")}`;
}
