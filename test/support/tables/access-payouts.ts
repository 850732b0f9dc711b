/** Who may call what of accounts and payouts: the lines of the table that are about them. */
import { accountActs } from "../../../src/edge/shop-account-views/shop-account-views.ts";
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const carriers = ["carrier", "carrier2", "provider"] as const;
const strangers = [...unknown, "guest"] as const;
const operators = line(403, { yes: staff });
/** The holder of an account, and operators. */
const ofHolder = line(404, { yes: ["buyer", ...staff], 403: ["guest", ...carriers] });

/** Carriers have accounts where they take money; this one is none of theirs. */
const ofAccount = line(404, { yes: ["buyer", ...staff], 403: ["guest", "provider"] });

/** A page of the member whose account it is. */
const ofMember = line(403, { yes: ["buyer"], 404: ["member2"], 401: ["guest"] });
/** What a form asks that names no account at a bank, and no payout. */
const memberForm = line(403, { yes: ["buyer"], 404: ["member2"], 401: ["guest"] });

export const payoutLines: Readonly<Record<string, Line>> = {
  "GET /accounts/{id}/payouts": ofMember,
  "GET /accounts/{id}/statement": ofMember,
  ...Object.fromEntries(accountActs.map((act) => [`POST /accounts/{id}/${act}`, memberForm])),
  "GET /v1/accounts/{id}": ofAccount,
  "GET /v1/accounts/{id}/entries": ofAccount,
  "GET /v1/accounts/{id}/statement": ofHolder,
  "GET /v1/accounts/{id}/bank-account": ofHolder,
  "PUT /v1/accounts/{id}/bank-account": ofHolder,
  // None has been named, so that nobody takes it away.
  "DELETE /v1/accounts/{id}/bank-account": line(404, { 403: ["guest", ...carriers] }),
  "PUT /v1/accounts/{id}/payout-schedule": line(404, {
    yes: ["buyer"],
    403: ["guest", ...carriers, ...staff],
  }),
  "DELETE /v1/accounts/{id}/payout-schedule": line(404, {
    yes: ["buyer"],
    403: ["guest", ...carriers, ...staff],
  }),
  "POST /v1/accounts/{id}/payouts": ofHolder,
  "GET /v1/accounts/{id}/payouts": ofHolder,
  // There is no such payout, and no such file.
  "POST /v1/payouts/{id}/cancel": line(404, { 403: ["guest", ...carriers] }),
  "POST /v1/payouts/{id}/return": line(403, { 404: staff }),
  "GET /v1/payouts": operators,
  "POST /v1/payout-files": operators,
  "GET /v1/payout-files": operators,
  "GET /v1/payout-files/{id}": line(403, { 404: staff }),
  "GET /v1/payout-files/{id}/content": line(403, { 404: staff }),
  "POST /v1/payout-files/{id}/approve": line(403, { 404: staff }),
  "POST /v1/payout-files/{id}/drop": line(403, { 404: staff }),
  "POST /v1/payout-files/{id}/complete": line(403, { 404: staff }),
  "POST /v1/payout-reports": operators,
  "POST /payout-reports": operators,
  "GET /payout-files": line(403, { yes: staff, signin: strangers }),
  "POST /payout-files": operators,
  "GET /payout-files/{id}/content": line(403, { 404: staff }),
  "POST /payout-files/{id}/approve": line(403, { 404: staff }),
  "POST /payout-files/{id}/drop": line(403, { 404: staff }),
  "POST /payout-files/{id}/complete": line(403, { 404: staff }),
};
