/** The lines of the table of access about credit lines, and about guarantees, which only a guarantor gives. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const carriers = ["carrier", "carrier2", "provider"] as const;
const people = ["buyer", "member2", "guest"] as const;
/** The trade's shop, and operators: to any other shop there is no such guarantee. */
const ofShop = line(404, { yes: ["own", ...staff], 403: [...carriers, ...people] });

const strangers = [...unknown, "guest"] as const;
/** The number is a trade's and no bill's. */
const ofDebtor = line(403, { 404: ["buyer", "member2", ...staff] });
/** The buyer of the trade, and operators; to another member there is no such trade. */
const ofPayer = line(404, {
  yes: ["buyer", ...staff],
  403: [...carriers, "own", "other", "suspended", "guest"],
});

export const ofGuarantor: Readonly<Record<string, Line>> = {
  "GET /v1/credit-lines/{number}": line(403, { yes: ["buyer", ...staff], 404: ["member2"] }),
  "PUT /v1/credit-lines/{number}": line(403, { yes: staff }),
  "GET /v1/ended-guarantees/{list}": line("yes", { yes: unknown }),
  "GET /v1/bills": line(403, { yes: ["buyer", "member2", ...staff] }),
  "GET /v1/bills/{number}": ofDebtor,
  "GET /v1/bills/{number}/slip": ofDebtor,
  "POST /v1/bills/{number}/instalment-requests": line(403, { 404: ["buyer", "member2"] }),
  "POST /v1/bills/{number}/instalments": line(403, { 404: staff }),
  "POST /v1/bills/{number}/write-off": line(403, { 404: staff }),
  "GET /bills": line(403, { yes: ["buyer", "member2"], signin: strangers }),
  "GET /bills/{number}": line(403, { 404: ["buyer", "member2"], signin: strangers }),
  "POST /bills/{number}/instalments": line(403, { 404: ["buyer", "member2"], 401: strangers }),
  "GET /debts": line(403, { yes: staff, signin: strangers }),
  "GET /debts/{number}": line(403, { 404: staff, signin: strangers }),
  "GET /guarantees": line(403, { yes: staff, signin: strangers }),
  "GET /guarantees/list": line(403, { yes: staff, signin: strangers }),
  "GET /guarantees/lines": line(403, { yes: staff, signin: strangers }),
  "POST /debts/{number}/instalments": line(403, { 404: staff }),
  "POST /debts/{number}/write-off": line(403, { 404: staff }),
  "POST /v1/carriers/{id}/ties": line(403, { yes: ["carrier"], 404: ["carrier2"] }),
  "GET /v1/carriers/{id}/ties": line(403, { yes: ["carrier", ...staff], 404: ["carrier2"] }),
  "GET /v1/guarantees/{number}": ofShop,
  "GET /v1/guarantees/{number}/paying-in": ofPayer,
  "GET /trades/{number}/transfer": line(403, { yes: ["buyer"], 404: ["member2"], 401: strangers }),
  "POST /v1/guarantees/{number}/release": ofShop,
  "POST /v1/guarantees/{number}/claim": ofShop,
  "GET /v1/guarantees/{number}/slip": ofPayer,
};

/** Lines that are others at a guarantor: what has come to rest nowhere is passed on to nobody. */
export const atGuarantors: Readonly<Record<string, Line>> = {
  "POST /v1/accounts/{id}/pass-on": line(403, { 404: staff }),
  "GET /v1/trades/{number}/to-take": line(403, { yes: ["carrier"], 404: ["carrier2"] }),
  "GET /collecting": line(403, { yes: ["carrier", "carrier2"], signin: strangers }),
  "POST /collecting": line(403, { yes: ["carrier", "carrier2"], signin: strangers }),
};
