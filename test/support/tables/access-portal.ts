/** The lines of the table of access about how members come to shops. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const people = ["buyer", "member2", "guest"] as const;
const members = ["buyer", "member2"] as const;
const strangers = [...unknown, "guest"] as const;
const anyone = line("yes", { yes: unknown });

export const ofPortal: Readonly<Record<string, Line>> = {
  "GET /v1/listings": anyone,
  "PUT /v1/shops/{id}/listing": line(404, { yes: ["own", ...staff], 403: people }),
  // The shop of these tests is not listed.
  "DELETE /v1/shops/{id}/listing": line(404, { 403: people }),
  "GET /portal": anyone,
  "GET /portal/{id}": line(403, { 404: members, signin: strangers }),
  "POST /portal/{id}": line(403, { 404: members, 401: ["guest"] }),
  "GET /reserve": line(403, { yes: members, signin: strangers }),
  "POST /reserve": line(403, { yes: members, 401: ["guest"] }),
  "POST /trades/{number}/order-seen": line(403, { yes: ["buyer"], 404: ["member2"], 401: ["guest"] }),
};
