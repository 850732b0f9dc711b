/** What servers have signed, verified without asking them: what happened to a trade, and what a guarantor stands for. */
import { isIncluded, leafHash, type LogKeys, readCheckpoint, textHash, upToMost } from "./checkpoints.ts";

/** A row of the trade's record with its way up to a checkpoint. */
export interface ReceiptStep {
  /** The text of the row's leaf, which its batch holds. */
  entry: string;
  /** The parts that the reader may see, by their names; the leaf holds a hash of each. */
  parts: Record<string, string>;
  row: { index: number; path: string[] };
  /** The text of the batch's leaf, which the log holds. */
  batch: string;
  leaf: { index: number; path: string[] };
  /** Which of the checkpoints. */
  checkpoint: number;
}

export interface Receipt {
  format: "kenshu-receipt/1";
  trade: string;
  steps: ReceiptStep[];
  /** Signed notes. */
  checkpoints: string[];
  /** The names of those who have signed with the log; who they are, the reader has to know. */
  witnesses: string[];
}

/** An event as the receipt proves it. */
export interface ProvenEvent {
  seq: number;
  type: string;
  at: string;
  /** `id` is null where the reader may not know who it was. */
  actor: { role: string; id: string | null };
  data: Record<string, unknown>;
}

export type ReceiptVerdict =
  | {
      verified: true;
      trade: string;
      events: ProvenEvent[];
      /** Whether no event is left out between the first of the trade and the last of these. */
      whole: boolean;
      origins: string[];
      /** The witnesses, of those whose keys were given, who have signed every checkpoint of it. */
      witnesses: string[];
    }
  | { verified: false; reason: string };

type Data = Record<string, unknown>;

const isRecord = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** What a checkpoint that was verified is to the steps beneath it. */
interface Root {
  origin: string;
  size: number;
  root: string;
}

/**
 * Checks a receipt against keys that the reader has from elsewhere: nothing in the receipt is believed for its own sake, and
 * nobody is asked. Never throws for anything that is in the receipt; throws RangeError for a key that is none.
 */
export async function verifyReceipt(receipt: unknown, keys: LogKeys): Promise<ReceiptVerdict> {
  const broken = (reason: string): ReceiptVerdict => ({ verified: false, reason });
  if (!isRecord(receipt) || receipt["format"] !== "kenshu-receipt/1") return broken("this is no receipt");
  const { trade, steps, checkpoints: notes } = receipt;
  if (typeof trade !== "string" || !Array.isArray(steps) || !Array.isArray(notes) || steps.length === 0)
    return broken("this is no receipt");
  const roots: Root[] = [];
  let witnesses: string[] | undefined;
  for (const note of notes as unknown[]) {
    const checkpoint = await readCheckpoint(String(note), keys);
    if (typeof checkpoint === "string") return broken(`a checkpoint does not count: ${checkpoint}`);
    roots.push(checkpoint);
    const names = checkpoint.witnesses.map(({ name }) => name);
    witnesses =
      witnesses === undefined ? [...new Set(names)] : witnesses.filter((name) => names.includes(name));
  }
  const rows: ProvenEvent[][] = [];
  for (const step of steps as unknown[]) {
    const proven = await proveStep(step, trade, roots);
    if (typeof proven === "string") return broken(proven);
    rows.push(proven);
  }
  const events = rows.flat().sort((a, b) => a.seq - b.seq);
  const whole = events.every(({ seq }, index) => seq === index + 1);
  const origins = [...new Set(roots.map(({ origin }) => origin))];
  return { verified: true, trade, events, whole, origins, witnesses: witnesses ?? [] };
}

async function proveStep(
  step: unknown,
  trade: string,
  roots: readonly Root[],
): Promise<ProvenEvent[] | string> {
  if (!isRecord(step)) return "a step is none";
  const { entry, parts, row, batch, leaf, checkpoint } = step as Partial<ReceiptStep>;
  const under = roots[checkpoint ?? -1];
  const [kind, , , rows, root] = asList(parsed(batch));
  if (typeof entry !== "string" || typeof batch !== "string" || under === undefined || kind !== "batch")
    return "a step is none";
  if (!isPlace(row) || !isPlace(leaf) || !isRecord(parts)) return "a step is none";
  if (!(await isIncluded({ ...row, leaf: await leafHash(entry), size: Number(rows), root: String(root) })))
    return "a step is not in its batch";
  if (!(await isIncluded({ ...leaf, leaf: await leafHash(batch), size: under.size, root: under.root })))
    return "a batch is not in the log";
  const [table, , open, hidden = {}] = asList(parsed(entry));
  if (table !== "trade_events" || !isRecord(open) || !isRecord(hidden)) return "a step is not one of a trade";
  if (open["trade"] !== trade) return "a step is of another trade";
  const shown: Data[] = [];
  for (const [name, text] of Object.entries(parts)) {
    const [, part] = asList(parsed(text));
    if (!isRecord(part) || (await textHash(String(text))) !== hidden[name])
      return `the part ${name} is not that of its step`;
    shown.push(part);
  }
  return eventsOf(open, shown);
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function isPlace(value: unknown): value is { index: number; path: string[] } {
  return (
    isRecord(value) &&
    typeof value["index"] === "number" &&
    asList(value["path"]).every((each) => typeof each === "string")
  );
}

/** The events of a row, put together again from what everybody reads and the parts that are shown. */
function eventsOf(open: Data, shown: readonly Data[]): ProvenEvent[] {
  const whose = [open, ...shown].map(({ actor }) => actor).find((id) => typeof id === "string");
  const actor = { role: String(open["role"]), id: typeof whose === "string" ? whose : null };
  return asList(open["events"]).map((event, index) => {
    const { type, data } = isRecord(event) ? event : {};
    const fields = shown.map((part) => (isRecord(part["data"]) ? part["data"][index] : undefined));
    return {
      seq: Number(open["seq"]) + index,
      type: String(type),
      at: String(open["at"]),
      actor,
      data: fields.reduce<Data>(
        (all, some) => merged(all, isRecord(some) ? some : {}),
        isRecord(data) ? data : {},
      ),
    };
  });
}

function merged(all: Data, some: Data): Data {
  const whole: Data = { ...all };
  for (const [name, value] of Object.entries(some)) {
    const before = whole[name];
    whole[name] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
  }
  return whole;
}

/* A guarantor's word for a trade: a compact JWS (RFC 7515) signed by EdDSA (RFC 8037). */

/** What a server publishes at `/.well-known/jwks.json`. */
interface KeySet {
  keys: readonly Record<string, unknown>[];
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(base64url)) return undefined;
  try {
    const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function jsonOf(base64url: string): Record<string, unknown> | undefined {
  const bytes = bytesOf(base64url);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The kind of a guarantee, so that nothing else that the same key has signed passes for it. */
const guaranteeKind = "kenshu-guarantee+jwt";

/** What a token says, where this key set holds the key that signed it as one of this kind (`typ`). */
async function openJws(
  token: string,
  jwks: KeySet,
  kind: string,
): Promise<Record<string, unknown> | "form" | "signature"> {
  const [head = "", body = "", end = "", more] = token.split(".");
  const [header, payload, signature] = [jsonOf(head), jsonOf(body), bytesOf(end)];
  if (header === undefined || payload === undefined || signature === undefined || more !== undefined)
    return "form";
  // The algorithm is the reader's choice and never the token's.
  if (header["alg"] !== "EdDSA" || header["typ"] !== kind || "crit" in header) return "form";
  const held = jwks.keys.find(({ kid, crv }) => kid === header["kid"] && crv === "Ed25519");
  // A key that signs no more is published for the guarantees that it has signed, and for nothing else.
  const only = held?.["kenshu_use"];
  if (only !== undefined && !(only === "guarantees" && kind === guaranteeKind)) return "signature";
  const raw = typeof held?.["x"] === "string" ? bytesOf(held["x"]) : undefined;
  if (raw?.length !== 32) return "signature";
  const key = await globalThis.crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  const isGood = await globalThis.crypto.subtle.verify("Ed25519", key, signature, utf8(`${head}.${body}`));
  return isGood ? payload : "signature";
}

/** What a guarantor says of one trade. Times are seconds since 1970 (RFC 7519). */
export interface GuaranteeClaims {
  /** The address of the guarantor. */
  iss: string;
  /** The trade number. */
  sub: string;
  /** The shop to whom it is given: it is worth nothing to another. */
  aud: string;
  /** Of this guarantee, and of no other. */
  jti: string;
  iat: number;
  /** Until when the amount is kept free on the buyer's credit line, unless that is prolonged. */
  exp: number;
  /** Minor units that the guarantor stands for. */
  amount: number;
  currency: string;
  /** The SHA-256 of what was ordered, base64url; see `orderDigest`. */
  order: string;
  /** The buyer has reserved it before ordering: `order` is that of no order yet. */
  earmark?: true;
  /** Where the guarantor says whether this has ended, and the place there. */
  status?: TokenStatus;
}

/** What is checked against: keys that the reader has from elsewhere, and for whom the word is to be good. */
export interface GuaranteeCheck {
  /** What the guarantor publishes at `/.well-known/jwks.json`. */
  jwks: { keys: readonly Record<string, unknown>[] };
  /** The guarantor's address, as the reader knows it. */
  issuer: string;
  /** The id of the shop that reads it. */
  shop: string;
  /** The trade for which it was shown. */
  number?: string;
  /** Of the order in hand, by `orderDigest`. */
  order?: string;
  now: Date;
  /**
   * How the list of what has ended is had: by `fetchEnded` from the guarantor, or from where it is kept. Without it, nothing is
   * known of what has happened since the word was given.
   */
  ended?: (uri: string) => Promise<string>;
}

/**
 * Why a guarantee is not taken: its form, its signature or key, the guarantor, the shop, the trade or the order are not
 * those that it is read for, or its time is over. `ended`: the guarantor says that it holds no more as it was said; `list`: its list
 * of what has ended could not be had, or is not good.
 */
export type GuaranteeVerdict =
  | { good: true; claims: GuaranteeClaims }
  | {
      good: false;
      why: "form" | "signature" | "issuer" | "shop" | "trade" | "order" | "over" | "ended" | "list";
    };

function claimsOf(payload: Record<string, unknown>): GuaranteeClaims | undefined {
  const { iss, sub, aud, jti, iat, exp, amount, currency, order } = payload;
  const texts = [iss, sub, aud, jti, currency, order];
  const numbers = [iat, exp, amount];
  if (!texts.every((each) => typeof each === "string") || !numbers.every(Number.isSafeInteger))
    return undefined;
  return payload as unknown as GuaranteeClaims;
}

/**
 * Verifies offline what a guarantor has signed of a trade, and with `ended` that it has not ended since, as far as a list says
 * that is at most an hour old.
 */
export async function verifyGuarantee(token: string, check: GuaranteeCheck): Promise<GuaranteeVerdict> {
  const payload = await openJws(token, check.jwks, guaranteeKind);
  if (typeof payload === "string") return { good: false, why: payload };
  const claims = claimsOf(payload);
  if (claims === undefined) return { good: false, why: "form" };
  if (claims.iss !== check.issuer) return { good: false, why: "issuer" };
  if (claims.aud !== check.shop) return { good: false, why: "shop" };
  if (check.number !== undefined && claims.sub !== check.number) return { good: false, why: "trade" };
  if (check.order !== undefined && claims.order !== check.order) return { good: false, why: "order" };
  if (claims.exp <= check.now.getTime() / 1000) return { good: false, why: "over" };
  if (check.ended === undefined) return { good: true, claims };
  const ended = await hasEnded(claims.status, { ...check, ended: check.ended });
  return ended === false ? { good: true, claims } : { good: false, why: ended === true ? "ended" : "list" };
}

/** What an order is, to the letter: the same on both sides, in whatever order the fields come. */
export interface DigestedOrder {
  currency: string;
  amount: number;
  reference: string | null;
  lines: readonly { name: string; quantity: number; unitAmount?: number | null; amount?: number | null }[];
}

/** The SHA-256 of an order, base64url: of its currency, amount, reference, and of each line's name, quantity and total. */
export async function orderDigest({ currency, amount, reference, lines }: DigestedOrder): Promise<string> {
  const worth = (line: DigestedOrder["lines"][number]) =>
    line.amount ?? (line.unitAmount ?? 0) * line.quantity;
  const parts = lines.map((line) => [line.name, line.quantity, worth(line)]);
  const bytes = utf8(JSON.stringify([currency, amount, reference, parts]));
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/* Lists of what has ended, as the IETF has them: a Token Status List, a JWT with one bit for each token, compressed. */

/** The `status` of a token: which list speaks of it, and its place there. */
export interface TokenStatus {
  status_list: { idx: number; uri: string };
}

type ListCheck = Pick<GuaranteeCheck, "jwks" | "issuer" | "now"> & {
  ended: NonNullable<GuaranteeCheck["ended"]>;
};

/**
 * Whether the list of the issuer has the bit of this token set; undefined where there is no such list, or it is not good: another's,
 * of another place, too old, or not readable.
 */
async function hasEnded(
  status: TokenStatus | undefined,
  { jwks, issuer, now, ended }: ListCheck,
): Promise<boolean | undefined> {
  const place = status?.status_list;
  // The issuer speaks of its tokens itself, and nothing is fetched from anywhere else.
  if (place === undefined || !Number.isSafeInteger(place.idx) || place.idx < 0) return undefined;
  if (typeof place.uri !== "string" || !place.uri.startsWith(`${issuer}/`)) return undefined;
  let token: string;
  try {
    token = await ended(place.uri);
  } catch {
    return undefined;
  }
  const claims = await openJws(token, jwks, "statuslist+jwt");
  if (typeof claims === "string") return undefined;
  const { sub, exp, status_list: list } = claims;
  if (sub !== place.uri || typeof exp !== "number" || exp <= now.getTime() / 1000) return undefined;
  const { bits, lst } = (list ?? {}) as { bits?: unknown; lst?: unknown };
  const packed = bits === 1 && typeof lst === "string" ? bytesOf(lst) : undefined;
  const byte = packed && (await unpacked(packed))?.[place.idx >> 3];
  return byte === undefined ? undefined : ((byte >> (place.idx & 7)) & 1) === 1;
}

/** What was compressed (DEFLATE in the ZLIB format); undefined where it is not that, or is more than a list has. */
async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  try {
    const all = await upToMost(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")));
    return all && new Uint8Array(await all.arrayBuffer());
  } catch {
    return undefined;
  }
}
