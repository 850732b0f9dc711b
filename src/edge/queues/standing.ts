/** How what an act is about stands before it is done, by the calls that read it. */
import type { FastifyRequest } from "fastify";
import { addressOf, callOwn } from "../own-calls/own-calls.ts";
import type { Server } from "../http/http.ts";
import type { ActName, KeptAct } from "../operators/operators.ts";

/** The call that reads it, with the names of what is asked for. `:subject`: what the act is done to. */
const reads: Partial<Record<ActName, string>> = {
  "fee.set": "/v1/shops/:id",
  "return-urls.set": "/v1/shops/:id",
  "return-address.set": "/v1/shops/:id",
  "listing.set": "/v1/shops/:id",
  "unique-references.set": "/v1/shops/:id",
  "standing.set": "/v1/shops/:id/standing",
  "party.approve": "/v1/:kinds/:id",
  "party.resume": "/v1/:kinds/:id",
  "independence.give": "/v1/:kinds/:id",
  "collector.set": "/v1/collectors/:subject",
  "stand-limit.set": "/v1/:whose/:subject/stand-limits",
  "credit-line.limit": "/v1/credit-lines/:subject",
  "method.limit": "/v1/credit-lines/:subject",
  "bill.write-off": "/v1/bills/:subject",
  "bill.instalments": "/v1/bills/:subject",
  "payout-file.approve": "/v1/payout-files/:subject",
  "payout-file.complete": "/v1/payout-files/:subject",
  "transfer.book": "/v1/accounts/:account",
  "transfer.take": "/v1/accounts/:account",
  "money.pass-on": "/v1/accounts/:subject",
  "payout.ask": "/v1/accounts/:account",
  "bank-account.name": "/v1/accounts/:account",
  "funding.open": "/v1/accounts/:account",
  "arrival.assign": "/v1/collections/:number",
  "collection.take": "/v1/collections/:subject",
  "collection.return": "/v1/collections/:subject",
  "collection.pay-back": "/v1/collections/:subject",
  "credit-request.grant": "/v1/credit-requests/:subject",
  "break.close": "/v1/breaks/:subject",
  "peer.resume": "/v1/peers/:subject/breaches",
};

/** What the server has to say of it; undefined where nothing has. */
export async function standsBefore(
  server: Server,
  request: FastifyRequest,
  { act, subject, body }: KeptAct,
): Promise<Record<string, unknown> | undefined> {
  const path = reads[act];
  if (path === undefined) return undefined;
  const parts: Record<string, string> = {};
  for (const [name, value] of Object.entries(body)) if (typeof value === "string") parts[name] = value;
  if (typeof body["kind"] === "string") parts["kinds"] = `${body["kind"]}s`;
  if (subject !== null) parts["subject"] = subject;
  parts["whose"] = subject !== null && /^[0-9]+$/.test(subject) ? "members" : "shops";
  const url = addressOf(path, parts);
  if (url === undefined) return undefined;
  const { problem, json } = await callOwn(server, request, { method: "GET", url });
  return problem === undefined ? json : undefined;
}
