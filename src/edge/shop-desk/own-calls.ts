/**
 * The calls of the API that a form of the desk makes, as whoever has sent the form: the same route, with the same checks and
 * refusals, so that no rule stands in two places.
 */
import type { FastifyRequest } from "fastify";
import { problem, problemCodes, type Problem } from "../../core/protocol/protocol.ts";
import type { Server } from "../http/http.ts";

export interface OwnCall {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  body?: Record<string, unknown> | undefined;
  /** The key of the press. */
  key?: string | undefined;
}

export type Answered = { status: number; body: Record<string, unknown> } | { problem: Problem };

/** Of the request that brought the form: who sends it, from where, and by way of what. */
const passedOn = [
  "cookie",
  "authorization",
  "user-agent",
  "origin",
  "sec-fetch-site",
  "host",
  "x-forwarded-for",
];

export async function askOwn(
  server: Server,
  request: FastifyRequest,
  { method, url, body, key }: OwnCall,
): Promise<Answered> {
  const headers = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
  if (key !== undefined) headers["idempotency-key"] = key;
  const reply = await server.inject({
    method,
    url,
    headers,
    remoteAddress: request.ip,
    ...(body === undefined ? {} : { payload: body }),
  });
  const said: Record<string, unknown> = reply.body === "" ? {} : JSON.parse(reply.body);
  if (reply.statusCode < 400) return { status: reply.statusCode, body: said };
  return { problem: problemIn(said, reply.statusCode) };
}

function problemIn({ code, detail, errors }: Record<string, unknown>, status: number): Problem {
  const known = problemCodes.find((each) => each === code) ?? "unavailable";
  const found = problem(known, typeof detail === "string" ? detail : undefined);
  const list = Array.isArray(errors) ? (errors as { pointer: string; message: string }[]) : undefined;
  return { ...found, status, ...(list === undefined ? {} : { errors: list }) };
}

/** What a list holds, or nothing where this caller or this server has none. */
export async function listOwn(
  server: Server,
  request: FastifyRequest,
  url: string,
): Promise<Record<string, unknown>[]> {
  const answer = await askOwn(server, request, { method: "GET", url });
  const items = "problem" in answer ? undefined : answer.body["items"];
  return Array.isArray(items) ? items : [];
}
