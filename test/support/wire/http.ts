/** One HTTP request of a test, and what it may expect of every answer. */
import assert from "node:assert/strict";
import { withSecond } from "../world/operators.ts";
import { problemCodes, problemEntry } from "../../../src/core/protocol/protocol.ts";

export type Json = Record<string, unknown>;
export type Headers = Record<string, string>;

export interface Reply {
  status: number;
  type: string;
  headers: globalThis.Headers;
  text: string;
  /** The body where it is JSON, else an empty object. */
  json: Json;
  /** The code of a refusal, else an empty text. */
  code: string;
}

export const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });

/** Operators of servers on which a test is about something else than who confirms, by the servers' origins. */
const confirming = new Map<string, readonly Headers[]>();

/** From now on what waits at this server for a second operator is confirmed by the one of these who has not asked. */
export function confirmBy(url: string, operators: readonly Headers[]): void {
  confirming.set(new URL(url).origin, operators);
}

/**
 * Sends a request; an object becomes JSON, a text or bytes go as they are. What waits for a second operator is answered as it
 * was done, where the server has one (`confirmBy`). Rejects where no answer comes.
 */
export async function request(
  url: string,
  method: string,
  headers: Headers = {},
  body?: object | string | Uint8Array,
  timeoutMs = 30_000,
): Promise<Reply> {
  const asked = await looked(url, method, headers, body, timeoutMs);
  if (asked.code !== "four_eyes_required") return asked;
  const { origin } = new URL(url);
  const post = (by: Headers) => (path: string) => looked(`${origin}${path}`, "POST", by, {}, timeoutMs);
  const { "idempotency-key": _, ...asker } = headers;
  const confirm = (confirming.get(origin) ?? []).map(post);
  return withSecond(asked, ({ json }) => json, confirm, post(asker));
}

/** Whoever confirms has looked at where it goes, where a test is about something else. */
async function looked(
  url: string,
  method: string,
  headers: Headers,
  body: object | string | Uint8Array | undefined,
  timeoutMs: number,
): Promise<Reply> {
  const asked = await ask(url, method, headers, body, timeoutMs);
  if (asked.code !== "look_first") return asked;
  const look = url.replace(/\/confirm$/, "/look");
  const { "idempotency-key": _, ...who } = headers;
  await ask(look, "POST", who, { reason: "to confirm it" }, timeoutMs);
  return ask(url, method, headers, body, timeoutMs);
}

async function ask(
  url: string,
  method: string,
  headers: Headers = {},
  body: object | string | Uint8Array | undefined,
  timeoutMs: number,
): Promise<Reply> {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const typed: Headers = body === undefined || raw ? {} : { "content-type": "application/json" };
  const response = await fetch(url, {
    method,
    headers: { ...typed, ...headers },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const type = response.headers.get("content-type") ?? "";
  // A stream of news has no end that anybody waits for.
  const isStream = type.startsWith("text/event-stream");
  if (isStream) await response.body?.cancel();
  const text = isStream ? "" : await response.text();
  const json = type.includes("json") && text !== "" ? (JSON.parse(text) as Json) : {};
  const code = type.startsWith("application/problem+json") ? String(json["code"]) : "";
  return { status: response.status, type, headers: response.headers, text, json, code };
}

/** A refusal as every refusal has to be: a problem of the registry, with the registry's words, and never a 5xx. */
export function assertProblem(reply: Reply, of: string): void {
  const shown = `${of}: ${reply.status} ${reply.text.slice(0, 300)}`;
  assert.ok(reply.status >= 400 && reply.status < 500, shown);
  assert.match(reply.type, /^application\/problem\+json/, shown);
  const code = problemCodes.find((each) => each === reply.code);
  assert.ok(code !== undefined, `${shown}: no code of the registry`);
  const { status, transient, title } = problemEntry(code);
  const { type, detail } = reply.json;
  assert.deepEqual(
    { status: reply.status, type, title: reply.json["title"], transient: reply.json["transient"] },
    { status, type: `/docs/problems#${code}`, title, transient },
    shown,
  );
  assert.equal(reply.json["status"], status, shown);
  assert.equal(typeof detail, "string", shown);
}

/** The cookie of somebody who signs in. */
export async function signIn(url: string, who: { email: string; password: string }): Promise<Headers> {
  const { email, password } = who;
  const reply = await request(`${url}/v1/sessions`, "POST", {}, { email, password });
  assert.equal(reply.status, 204, `${email} signs in: ${reply.text}`);
  return { cookie: reply.headers.get("set-cookie")?.split(";")[0] ?? "" };
}
