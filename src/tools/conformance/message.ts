/** Messages as a server sends them that keeps every rule, or breaks the one that is to be tried. */
import type { KeyObject } from "node:crypto";
import {
  type Component,
  contentDigest,
  readClaim,
  replyMessage,
  signComponents,
  untimely,
} from "../../edge/signing/signing.ts";

/** A server whose part is played: its address, and the key that it signs with. */
export interface Speaker {
  url: string;
  kid: string;
  key: KeyObject;
}

export interface Sent {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** What makes a message another one than a proper server would send. */
export interface Twist {
  /** A component that is not covered although it should be. */
  without?: string;
  /** A field that is covered although it need not be. */
  also?: string;
  /** Covers parts of the address as well. */
  parts?: boolean;
  reversed?: boolean;
  /** Parameters instead of the proper ones; undefined leaves one out. */
  params?: Record<string, string | number | undefined>;
  key?: KeyObject;
  /** A Content-Digest instead of the proper one. */
  digest?: string;
  /** Changes what has been signed. */
  after?: (sent: Sent) => Sent;
}

export interface Stamp {
  /** Where the message is sent, without a slash at the end. */
  to: string;
  /** Seconds since 1970. */
  now: number;
  nonce: string;
}

const meaningful = ["content-type", "authorization", "cookie", "idempotency-key"];

/** Signs a message, as it should be or with a twist. */
export function signed(speaker: Speaker, plain: Sent, { to, now, nonce }: Stamp, twist: Twist = {}): Sent {
  const headers: Record<string, string> = {
    ...plain.headers,
    "content-digest": twist.digest ?? contentDigest(plain.body),
  };
  const target = new URL(`${to}${plain.path}`);
  const derived: Record<string, string> = {
    '"@method"': plain.method,
    '"@target-uri"': `${to}${plain.path}`,
    ...(twist.parts === true ? { '"@authority"': target.host, '"@path"': target.pathname } : {}),
  };
  const fields = ["content-digest", ...meaningful, ...(twist.also === undefined ? [] : [twist.also])];
  const named = fields.filter((name) => headers[name] !== undefined).map((name) => `"${name}"`);
  const covered = [...Object.keys(derived), ...named].filter((identifier) => identifier !== twist.without);
  if (twist.reversed === true) covered.reverse();
  const components = covered.map(
    (identifier): Component => [identifier, derived[identifier] ?? headers[identifier.slice(1, -1)] ?? ""],
  );
  const created = Math.floor(now);
  const proper = { created, expires: created + 60, nonce, keyid: `${speaker.url}#${speaker.kid}` };
  const params = { ...proper, alg: "ed25519", tag: "kenshu", ...twist.params };
  const given = Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  const sent = {
    ...plain,
    headers: { ...headers, ...signComponents(components, given, twist.key ?? speaker.key) },
  };
  return twist.after === undefined ? sent : twist.after(sent);
}

/** An answer as it came, and what its body says where that is a JSON object. */
export interface Heard {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  text: string;
  json: Record<string, unknown>;
}

/** Which rule about replies one breaks, and how. */
export interface Flaw {
  rule: "reply.form" | "reply.covers" | "reply.key" | "reply.true" | "reply.timely";
  why: string;
}

/** What is wrong with the signature of a reply to a request whose Signature field is given. */
export function flawOf(
  { status, headers, body }: Heard,
  requestSignature: string,
  { url, keys, now }: { url: string; keys: ReadonlyMap<string, KeyObject>; now: number },
): Flaw | undefined {
  const claim = readClaim(replyMessage(status, requestSignature, headers, body));
  if (typeof claim === "string")
    return { rule: claim.includes("does not cover") ? "reply.covers" : "reply.form", why: claim };
  const [from, kid = ""] = claim.keyid.split("#");
  const key = from === url ? keys.get(kid) : undefined;
  if (key === undefined)
    return { rule: "reply.key", why: `keyid is ${claim.keyid}, which ${url} does not publish.` };
  if (!claim.isSignedBy(key)) return { rule: "reply.true", why: "The signature is not that of this reply." };
  const late = untimely(claim, now);
  return late === undefined ? undefined : { rule: "reply.timely", why: late };
}

// What a rule expects, and how it says that it saw something else.

/** A rule was not kept: what was expected, and what was seen instead. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** Throws Broken where what was seen is not what was expected; both are compared as they are written. */
export function same(what: string, seen: unknown, expected: unknown): void {
  const [left, right] = [written(seen), written(expected)];
  if (left !== right) throw new Broken(`${what}: expected ${right}, saw ${left}`);
}

/** Throws Broken unless something holds. */
export function holds(what: string, is: boolean, seen: unknown): void {
  if (!is) throw new Broken(`expected ${what}, saw ${written(seen)}`);
}

/** A value in one line, short enough for a terminal. */
export function written(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const line = text.replaceAll(/[^ -~]/g, "?");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
