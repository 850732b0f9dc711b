/** For receivers of webhooks: is this message from the server that has the secret, and new? (Standard Webhooks 1.0.0) */
import type { TradeEventType, TradeLineView, TradeState } from "./wire/wire.ts";

/** What a message tells: ids and amounts of a trade, of what a member lets the shop do, or nothing where it is a test. */
export interface WebhookEvent {
  type: string;
  /** When it happened, RFC 3339. */
  timestamp: string;
  data: Record<string, unknown>;
}

/** How many pieces of a line moved where; what did not change is left out. */
export type LineChange = Pick<TradeLineView, "line" | "id"> &
  Partial<
    Pick<
      TradeLineView,
      "shipped" | "delivered" | "accepted" | "rejected" | "returned" | "withdrawn" | "ended"
    >
  >;

/** What a step changed; below zero where something became less. Carriers and providers are told the lines only. */
export interface TradeChange {
  /** Amounts are minor units, null where the server does not know them. */
  frozen?: number | null;
  settled?: number | null;
  released?: number | null;
  refunded?: number | null;
  lines: LineChange[];
}

/** What a message about a trade tells. State and amounts are those after the step in which it happened. */
export interface TradeNews {
  number: string;
  state: TradeState;
  /** That of the trade after the step; the events of one step have the same. */
  version: number;
  /** The number of the event in the trade's record; of `trade.changed` that of the step's last one. */
  seq: number;
  reference: string | null;
  /** What this step changed: all events of a step say the same, so add up what each `version` changed once. */
  changed: TradeChange;
  /** From here on for shops only. */
  metadata?: Record<string, string>;
  currency?: string;
  amount?: number | null;
  frozen?: number | null;
  settled?: number | null;
  released?: number | null;
  refunded?: number | null;
}

/** A message about a trade: one of an event, or one for all events of a step. */
export interface TradeWebhookEvent extends WebhookEvent {
  type: TradeEventType | "trade.changed";
  data: TradeNews & Record<string, unknown>;
}

/** Whether a message that was verified is about a trade, and not about a member, a test, an offer or a chain. */
export function isOfTrade(event: WebhookEvent): event is TradeWebhookEvent {
  return event.type.startsWith("trade.");
}

/** How far a member lets the shop reserve from now on; `limit` in minor units. */
export interface MandateTold {
  mandate: string;
  /** The number of the member. */
  member: string;
  currency: string;
  limit: number;
  until: string;
}

/** A message about what a member lets the shop do. It is about no trade, and not in the list of events. */
export type MemberWebhookEvent = WebhookEvent &
  (
    | { type: "member.mandate_given" | "member.mandate_changed"; data: MandateTold & Record<string, unknown> }
    | {
        type: "member.mandate_revoked";
        data: Pick<MandateTold, "mandate" | "member"> & Record<string, unknown>;
      }
    | {
        type: "member.disclosed";
        /** The names of the fields; what they say is fetched with the token that comes with the member. */
        data: { disclosure: string; fields: string[]; until: string } & Record<string, unknown>;
      }
  );

/** Whether a message that was verified is about what a member lets the shop do. */
export function isOfMember(event: WebhookEvent): event is MemberWebhookEvent {
  return event.type.startsWith("member.");
}

/** A message that was verified; where the endpoint takes several `perRequest` it may hold others, see `messagesOf`. */
export type VerifiedWebhook = WebhookVerdict & { verified: true };

/**
 * The messages that a request has brought, each under the id by which its repetitions are known: one, or for an endpoint that
 * takes several `perRequest` as many as it takes.
 */
export function messagesOf({ id, event }: VerifiedWebhook): { id: string; event: WebhookEvent }[] {
  if (event.type !== "webhook.messages") return [{ id, event }];
  const { messages } = event.data as { messages: ({ id: string } & WebhookEvent)[] };
  return messages.map(({ id: own, ...each }) => ({ id: own, event: each }));
}

export interface WebhookToVerify {
  /** As the server gave it, `whsec_...`; during a rotation the new and the old one. */
  secrets: string | readonly string[];
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it came, byte for byte; parsed and written again it is another. */
  body: string | Uint8Array;
  /** The receiver's time. */
  now: Date;
  /** By how many seconds the message may be older or newer than that; 300 unless told. */
  tolerance?: number;
}

export type WebhookVerdict =
  /** `id` is the same at every repetition: keep it for ever, and do nothing about one seen before. */
  | {
      verified: true;
      id: string;
      event: WebhookEvent;
      /** The last checkpoint of the server's log when it sent this, for `followLog`; not there where it has none yet. */
      checkpoint?: string;
    }
  | {
      verified: false;
      reason: "headers missing" | "too old" | "too far ahead" | "signature wrong" | "not JSON";
    };

const usualTolerance = 300;
/** More signatures than a rotation makes are somebody's attempt to keep us busy. */
const signaturesMost = 10;

/**
 * Never throws for anything that is in the message; throws RangeError for a secret or a tolerance that is none, TypeError for
 * a body that is not what came.
 */
export async function verifyWebhook(message: WebhookToVerify): Promise<WebhookVerdict> {
  const body = bytesThatCame(message.body);
  const { tolerance = usualTolerance } = message;
  if (!(tolerance >= 0)) throw new RangeError("`tolerance` is a number of seconds.");
  const id = header(message, "webhook-id");
  const timestamp = header(message, "webhook-timestamp");
  const signatures = header(message, "webhook-signature");
  const keys = await Promise.all([message.secrets].flat().map(keyOf));
  if (id === "" || signatures === "" || !/^[0-9]{1,12}$/.test(timestamp)) {
    return { verified: false, reason: "headers missing" };
  }
  const age = message.now.getTime() / 1000 - Number(timestamp);
  if (age > tolerance) return { verified: false, reason: "too old" };
  if (age < -tolerance) return { verified: false, reason: "too far ahead" };
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  if (!(await isSigned(keys, signatures, signed))) return { verified: false, reason: "signature wrong" };
  try {
    const event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as WebhookEvent;
    const note = bytesOf(header(message, "kenshu-checkpoint"));
    const checkpoint = note === undefined ? "" : new TextDecoder().decode(note);
    return { verified: true, id, event, ...(checkpoint === "" ? {} : { checkpoint }) };
  } catch {
    return { verified: false, reason: "not JSON" };
  }
}

/** What was parsed and is written again is another text than what was signed. */
function bytesThatCame(body: unknown): Uint8Array {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError(
    "`body` has to be the text or the bytes as they came. It was parsed already: give verifyWebhook the raw body, " +
      "such as that of express.raw(), and read the event from its answer.",
  );
}

function header({ headers }: WebhookToVerify, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : "";
}

/** A receiver has a secret or two, and gets many messages: each is read once. */
const keysKept = 16;
const keys = new Map<string, Promise<CryptoKey>>();

async function keyOf(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = importKey(secret);
  if (keys.size >= keysKept) keys.clear();
  keys.set(secret, key);
  return key;
}

function importKey(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith("whsec_") ? bytesOf(secret.slice("whsec_".length)) : undefined;
  if (bytes === undefined || bytes.length < 24) throw new RangeError("A webhook secret begins with whsec_.");
  const use = { name: "HMAC", hash: "SHA-256" };
  return globalThis.crypto.subtle.importKey("raw", bytes, use, false, ["verify"]);
}

/** Web Crypto compares in constant time. */
async function isSigned(
  keys: readonly CryptoKey[],
  header: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const text of header.split(" ").slice(0, signaturesMost)) {
    const signature = text.startsWith("v1,") ? bytesOf(text.slice(3)) : undefined;
    if (signature === undefined) continue;
    for (const key of keys) {
      if (await globalThis.crypto.subtle.verify("HMAC", key, signature, signed)) return true;
    }
  }
  return false;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
