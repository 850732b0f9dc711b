/** The lines of the table of access about what is due and taken at counters, and somebody whom they are about. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Headers, request } from "../wire/http.ts";
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const people = ["buyer", "member2", "guest"] as const;
const operators = line(403, { yes: staff });
const servers = line(401);
/** Carriers and operators, for whom nothing is due under the trade's number; or who are not the collector. */
const nothing = line(403, { 404: ["carrier", "carrier2", ...staff] });
/** A collector about itself, and operators. */
const ofCollector = line(404, { yes: staff, 403: people });
/** Of those who carry, nobody takes money here. */
const clerks = line(403, { signin: [...unknown, "guest"] });

export const ofCounters: Readonly<Record<string, Line>> = {
  "POST /v1/collections/batch": servers,
  "GET /v1/collections": servers,
  "GET /v1/collections/totals": servers,
  "GET /v1/collections/{number}": nothing,
  "POST /v1/collections/{number}/payments": line(403, { yes: staff, 404: ["carrier", "carrier2"] }),
  "POST /v1/collections/{number}/returns": line(403, { 404: staff }),
  "PUT /v1/collectors/{id}": operators,
  "GET /v1/collectors": operators,
  "GET /v1/collectors/{id}": line(403, { yes: staff, 404: ["carrier", "carrier2"] }),
  "POST /v1/collectors/{id}/suspend": operators,
  "POST /v1/collectors/{id}/resume": operators,
  "GET /v1/collectors/{id}/notices": ofCollector,
  "POST /v1/collectors/{id}/keys": ofCollector,
  "GET /v1/collectors/{id}/keys": ofCollector,
  "DELETE /v1/collectors/{id}/keys/{key}": ofCollector,
  "GET /v1/collectors/{id}/takings": line(403, { yes: staff, 404: ["carrier", "carrier2"] }),
  "GET /collecting": clerks,
  "POST /collecting": clerks,
  "POST /collecting/{id}/end": clerks,
  "GET /counter": clerks,
  "GET /counter/day": clerks,
  "GET /counter/day.csv": clerks,
  "POST /counter/{number}/take": clerks,
  "POST /counter/{number}/keep": clerks,
  "GET /counter/{number}/receipts/{id}": clerks,
};

/** Somebody who takes money for dues, and of whom nothing depends. */
export async function newCollector(url: string, admin: Headers): Promise<string> {
  const id = randomUUID();
  const wish = { name: "Spare stores", channel: "konbini", limits: { JPY: 1000 } };
  const made = await request(`${url}/v1/collectors/${id}`, "PUT", admin, wish);
  assert.equal(made.status, 200, made.text);
  return id;
}
