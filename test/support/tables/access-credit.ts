/** The lines of the table of access about credit: asked for with a trade, lent, and limited. Only guarantors have these calls. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const lenders = ["own", "other", "suspended", "provider"] as const;
const operators = line(403, { yes: staff });
/** What nobody has asked for. */
const ofRequest = line(403, { 404: staff });
/** The member it is about, and operators. */
const ofMember = line(403, { yes: ["buyer", ...staff], 404: ["member2"] });
/** A line that is nobody's. */
const ofLine = line(403, { 404: [...lenders, ...staff] });

export const ofCredit: Readonly<Record<string, Line>> = {
  "POST /v1/trades/{number}/credit-requests": ofMember,
  "GET /v1/trades/{number}/credit-requests": ofMember,
  "GET /v1/credit-requests": operators,
  "GET /v1/credit-requests/{id}": ofRequest,
  "POST /v1/credit-requests/{id}/grant": ofRequest,
  "POST /v1/credit-requests/{id}/refuse": ofRequest,
  "GET /credit-requests": line(403, { yes: staff, signin: [...unknown, "guest"] }),
  "POST /credit-requests/{id}/grant": ofRequest,
  "POST /credit-requests/{id}/refuse": ofRequest,
  "POST /trades/{number}/credit-request": line(403, { yes: ["buyer"], 404: ["member2"] }),
  "GET /v1/members/{number}/stand-limits": operators,
  "PUT /v1/members/{number}/stand-limits": operators,
  "GET /v1/shops/{id}/stand-limits": operators,
  "PUT /v1/shops/{id}/stand-limits": operators,
  "GET /v1/lent-lines": line(403, { yes: [...lenders, ...staff] }),
  // Nobody of the id that is named could lend.
  "PUT /v1/lent-lines/{id}": ofRequest,
  "GET /v1/lent-lines/{id}/members": ofLine,
  "POST /v1/lent-lines/{id}/members": line(403, { 404: lenders }),
  "POST /v1/lent-lines/{id}/calls": operators,
  "POST /v1/lent-lines/{id}/stop": ofRequest,
  "GET /lent-lines": line(403, { yes: [...lenders, ...staff], signin: [...unknown, "guest"] }),
  "POST /lent-lines": operators,
  "GET /lent-lines/{id}": line(403, { 404: [...lenders, ...staff], signin: [...unknown, "guest"] }),
  "POST /lent-lines/{id}/limit": ofRequest,
  "POST /lent-lines/{id}/stop": ofRequest,
  "POST /lent-lines/{id}/members": line(403, { 404: lenders }),
  "POST /lent-lines/{id}/ends": line(403, { 404: lenders }),
  "POST /lent-lines/{id}/calls": ofRequest,
  "GET /v1/members/{number}/lenders": ofMember,
  "PUT /v1/members/{number}/lenders/{lender}": ofMember,
  "DELETE /v1/members/{number}/lenders/{lender}": ofMember,
  "GET /lenders/{id}": line(403, { yes: ["buyer", "member2"], signin: [...unknown, "guest"] }),
  "POST /lenders/{id}": line(403, { yes: ["buyer", "member2"] }),
  "POST /lenders/{id}/stop": line(403, { yes: ["buyer", "member2"] }),
};
