/** Outcomes as they go over the wire: here they become JSON. */
import type { FastifyReply } from "fastify";
import { type Outcome, textOf } from "../../engines/engine/engine.ts";
import { sendJson } from "../http/http.ts";

export function sendOutcome(reply: FastifyReply, outcome: Outcome<unknown>): FastifyReply {
  const { how, status, replayed } = outcome;
  const headers = replayed ? { "idempotent-replayed": "true" } : {};
  if (how === "done") return sendJson(reply, status, textOf(outcome), headers);
  if (status === 503) reply.header("retry-after", "1");
  return reply
    .code(status)
    .headers(headers)
    .header("content-type", "application/problem+json")
    .send(textOf(outcome));
}

/** One outcome of a batch; `named` is what the view is called there. */
export function outcomeInBatch(outcome: Outcome<unknown>, named: string): string {
  const { how, status, replayed } = outcome;
  const name = how === "done" ? named : "problem";
  return `{"status":${status},${replayed ? '"replayed":true,' : ""}"${name}":${textOf(outcome)}}`;
}
