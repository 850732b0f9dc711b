/** The lines of the table of access about the desk of a shop's people. */
import { accountActs } from "../../../src/edge/shop-account-views/shop-account-views.ts";
import { deskActs } from "../../../src/edge/shop-desk-views/shop-desk-views.ts";
import { type Line, line, unknown } from "./access-lines.ts";

const strangers = [...unknown, "guest"] as const;
const shops = ["own", "other", "suspended"] as const;
/** A page of any shop's people. */
const desk = line(403, { yes: shops, signin: strangers });
const deskForm = line(403, { yes: shops, 401: strangers });
/** A page, or a form, about an order: of another shop's it is not there. */
const order = line(403, { yes: ["own"], 404: ["other", "suspended"], signin: strangers });
const orderForm = line(403, { yes: ["own"], 404: ["other", "suspended"], 401: strangers });

/** Of an act that names what is not there. */
const ofNothing = line(403, { 404: shops, 401: strangers });
const named = [
  "revoke-key",
  "test-hook",
  "drop-hook",
  "resend",
  "drop-store",
  "agree",
  "leave",
  "take",
  "pass",
];
const unnamed = ["unique", "list", "answer-within", "add-store"];
/** A key alone has not just signed in. */
const unproven = line(403, { 401: strangers });
/** Acts of the settings for which whoever has just signed in is let through, and no key. */
export const proven = ["make-key", "add-hook", "rotate-hook", "return-address", "return-urls"];
const settingForms = {
  "GET /shop/settings": desk,
  ...Object.fromEntries(unnamed.map((act) => [`POST /shop/settings/${act}`, deskForm])),
  ...Object.fromEntries(named.map((act) => [`POST /shop/settings/${act}`, ofNothing])),
  ...Object.fromEntries(proven.map((act) => [`POST /shop/settings/${act}`, unproven])),
  // The shop is not listed.
  "POST /shop/settings/unlist": ofNothing,
};

/** The account of the table is a member's: of it no shop sees that it is there. */
const shopAccount = line(403, { 404: shops, signin: strangers });
const accountPages = {
  "GET /shop/accounts/{id}": shopAccount,
  "GET /shop/accounts/{id}/entries": shopAccount,
  "GET /shop/accounts/{id}/statement": shopAccount,
  ...Object.fromEntries(accountActs.map((act) => [`POST /shop/accounts/{id}/${act}`, ofNothing])),
};

/** The people of a shop: changed by whoever has just signed in for it, and by no key. */
const signedIn = line(403, { 404: ["other", "suspended"] });
const people = "/v1/shops/{id}/people";
const ofTeam = {
  [`GET ${people}`]: line(404, { yes: ["own", "operator", "admin"], 403: ["buyer", "member2", "guest"] }),
  [`POST ${people}`]: signedIn,
  [`POST ${people}/{person}/invitation`]: signedIn,
  [`PUT ${people}/{person}/role`]: signedIn,
  [`DELETE ${people}/{person}`]: signedIn,
  // Nobody works there.
  [`POST ${people}/{person}/password-reset`]: line(403, { 404: ["operator", "admin"] }),
  "GET /v1/shops/{id}/acts": line(403, { yes: ["own"], 404: ["other", "suspended"] }),
  "GET /shop/team": desk,
  "GET /shop/acts": desk,
  "POST /shop/team": unproven,
  "POST /shop/team/{person}/invitation": unproven,
  "POST /shop/team/{person}/role": unproven,
  "POST /shop/team/{person}/remove": unproven,
};

export const ofShopDesk: Readonly<Record<string, Line>> = {
  "GET /shop": desk,
  "GET /shop/find": desk,
  "GET /shop/money": desk,
  "GET /shop/money/days.csv": desk,
  "GET /shop/money/orders": desk,
  "GET /shop/standing": desk,
  "GET /shop/new": desk,
  "POST /shop/new": deskForm,
  "GET /shop/orders/{number}": order,
  "GET /shop/orders/{number}/note": order,
  ...settingForms,
  ...accountPages,
  ...ofTeam,
  ...Object.fromEntries(deskActs.map((act) => [`POST /shop/orders/{number}/${act}`, orderForm])),
  // An institution pays no shop early, and says so.
  "POST /shop/orders/{number}/advance": line(403, { 404: ["other", "suspended"], 401: strangers }),
};
