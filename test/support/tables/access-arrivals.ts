/** Who may call what of bank transfers and fundings: the lines of the table that are about them. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const strangers = [...unknown, "guest"] as const;
const parties = ["own", "other", "suspended", "carrier", "carrier2", "provider"] as const;
const operators = line(403, { yes: staff });
/** There is no such thing. */
const none = line(403, { 404: staff });
const pageOfOperators = line(403, { yes: staff, signin: strangers });
/** The holder of an account, and operators; of others there is no such account. */
const ofHolder = line(404, { yes: ["buyer", ...staff], 403: ["guest", ...parties] });
/** Nobody has opened such a number. */
const ofNumber = line(404, { 403: ["guest", ...parties] });
/** A member, for whom nothing is due under the trade's number. */
const due = line(403, { 404: ["buyer", "member2"] });
const members = line(403, { yes: ["buyer", "member2"], 401: strangers });

export const arrivalLines: Readonly<Record<string, Line>> = {
  "POST /v1/bank-statements": operators,
  "GET /v1/bank-statements": operators,
  "GET /v1/bank-statements/{id}/arrivals": none,
  "GET /v1/arrivals": operators,
  "GET /v1/arrivals/{id}": none,
  "GET /v1/return-accounts/{id}": none,
  "POST /v1/arrivals/assign": operators,
  "POST /v1/arrivals/{id}/return": none,
  "POST /v1/arrivals/{id}/dismiss": none,
  "POST /v1/collections/{number}/paying-in": none,
  "POST /v1/collections/{number}/pay-backs": none,
  "POST /v1/accounts/{id}/fundings": ofHolder,
  "GET /v1/accounts/{id}/fundings": ofHolder,
  "GET /v1/fundings/{number}": ofNumber,
  "GET /v1/fundings/{number}/slip": ofNumber,
  "GET /v1/dues/{number}": due,
  "POST /v1/accounts/{id}/payments": line(403, { yes: ["buyer"], 404: ["member2"] }),
  "GET /bank-transfers": pageOfOperators,
  "POST /bank-transfers": operators,
  "POST /bank-transfers/{id}/assign": none,
  "POST /bank-transfers/{id}/dismiss": none,
  "GET /collectors": pageOfOperators,
  "GET /fund": line(403, { yes: ["buyer", "member2"], signin: strangers }),
  // No account is named.
  "POST /fund": line(403, { 404: ["buyer", "member2"], 401: strangers }),
  "GET /fundings/{number}": line(403, { 404: ["buyer", "member2"], 401: strangers }),
  "GET /pay-due": line(403, { yes: ["buyer", "member2"], signin: strangers }),
  "POST /pay-due/{number}": members,
};
