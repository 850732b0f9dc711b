/**
 * The call that a form makes, sent to this very server as a program would send it, with what the browser has shown of who it
 * is: so a form can do nothing that a call could not, and is refused what a call is refused.
 */
import type { FastifyRequest, LightMyRequestResponse } from "fastify";
import { problem, problemCodes, type Problem } from "../../core/protocol/protocol.ts";
import type { Server } from "../http/http.ts";

export interface OwnCall {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its query. */
  url: string;
  body?: Readonly<Record<string, unknown>> | undefined;
  key?: string | undefined;
  /** That somebody is there now, as a program would show it. */
  proof?: string | undefined;
}

export interface OwnAnswer {
  status: number;
  json: Record<string, unknown>;
  /** What it was refused with. */
  problem?: Problem;
}

/** What says who is calling. What says which site sent a form was looked at with the form, and stays there. */
const shown = ["host", "cookie", "authorization", "accept-language", "user-agent"] as const;

function sent(
  server: Server,
  request: FastifyRequest,
  { method, url, body, key, proof }: OwnCall,
): Promise<LightMyRequestResponse> {
  const headers: Record<string, string> = {};
  for (const name of shown) {
    const value = request.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  if (key !== undefined) headers["idempotency-key"] = key;
  if (proof !== undefined) headers["kenshu-proof"] = proof;
  const payload = method === "GET" || body === undefined ? {} : { payload: { ...body } };
  return server.inject({ method, url, headers, remoteAddress: request.ip, ...payload });
}

/** Makes a call of this server in the name of whoever sent this request. */
export async function callOwn(server: Server, request: FastifyRequest, call: OwnCall): Promise<OwnAnswer> {
  const reply = await sent(server, request, call);
  return answerIn(reply.body, reply.statusCode);
}

/** The same of a call that is answered with a file: its bytes and its name, or what it was refused with. */
export async function fileOwn(
  server: Server,
  request: FastifyRequest,
  url: string,
): Promise<{ bytes: Buffer; disposition: string } | { problem: Problem }> {
  const reply = await sent(server, request, { method: "GET", url });
  const { problem: refused } = reply.statusCode >= 400 ? answerIn(reply.body, reply.statusCode) : {};
  if (refused !== undefined) return { problem: refused };
  return { bytes: reply.rawPayload, disposition: String(reply.headers["content-disposition"]) };
}

function answerIn(text: string, status: number): OwnAnswer {
  const json: unknown = text === "" ? {} : JSON.parse(text);
  const object = typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  return { status, json: object, ...(status >= 400 ? { problem: problemIn(object, status) } : {}) };
}

function problemIn({ code, detail, errors, ...more }: Record<string, unknown>, status: number): Problem {
  const known = problemCodes.find((each) => each === code) ?? "unavailable";
  const found = problem(known, typeof detail === "string" ? detail : undefined);
  const list = Array.isArray(errors) ? { errors: errors as { pointer: string; message: string }[] } : {};
  return { ...more, ...found, status, ...list };
}

/** What a list of this server holds, or nothing where it has none for this caller. */
export async function listOwn(
  server: Server,
  request: FastifyRequest,
  url: string,
): Promise<Record<string, unknown>[]> {
  const { problem: refused, json } = await callOwn(server, request, { method: "GET", url });
  const items = refused === undefined ? json["items"] : undefined;
  return Array.isArray(items) ? items : [];
}

/** An address with its parts filled in; undefined where one is missing. */
export function addressOf(path: string, parts: Readonly<Record<string, string>>): string | undefined {
  let whole = true;
  const url = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = parts[name];
    if (value === undefined || value === "") whole = false;
    return encodeURIComponent(value ?? "");
  });
  return whole ? url : undefined;
}

/** What an answer holds that is shown once. */
export function secretIn(
  json: Record<string, unknown>,
): { name: "key" | "code" | "pdf"; value: string } | undefined {
  for (const name of ["key", "code", "pdf"] as const) {
    const value = json[name];
    if (typeof value === "string") return { name, value };
  }
  return undefined;
}
