/** Each call that a shop may make has a page of its desk, or a line that says why it has none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atGuarantors } from "./support/tables/access-guarantor.ts";
import { proven } from "./support/tables/access-shop-desk.ts";
import { atFacilitators, table } from "./support/tables/access-table.ts";

const order = "/shop/orders/{number}";
const settings = "/shop/settings";
const ofPrograms = "for programs: ";
const account = "/shop/accounts/{id}";

/** By the call: the page on which it is made, beginning with a slash, or why there is none. */
const covered: Readonly<Record<string, string>> = {
  "GET /v1/trades": "/shop",
  "POST /v1/trades": "/shop/new",
  "GET /v1/trades/{number}": order,
  "GET /v1/trades/{number}/events": order,
  "GET /v1/trades/{number}/recipient": order,
  "GET /v1/trades/{number}/recipient-link": `${order}/note`,
  "GET /v1/trades/{number}/return-address": settings,
  "GET /v1/trades/{number}/receipt": "/trades/{number}/receipt",
  "POST /v1/trades/{number}/photos": `${order}/say`,
  "GET /v1/trades/{number}/photos/{digest}": order,
  "POST /v1/trades/{number}/revise": `${order}/revise`,
  "POST /v1/trades/{number}/ship": `${order}/ship`,
  "POST /v1/trades/{number}/deliver": `${order}/deliver`,
  "POST /v1/trades/{number}/accept": `${order}/accept`,
  "POST /v1/trades/{number}/reject":
    "a shop that may accept for the buyer does not reject its own goods for them: it calls off, or takes back",
  "POST /v1/trades/{number}/return": `${order}/return`,
  "POST /v1/trades/{number}/dispute": `${order}/contest`,
  "POST /v1/trades/{number}/answer": `${order}/answer`,
  "POST /v1/trades/{number}/say": `${order}/say`,
  "POST /v1/trades/{number}/offer": `${order}/offer`,
  "POST /v1/trades/{number}/offer/accept": `${order}/accept-offer`,
  "POST /v1/trades/{number}/cancel": `${order}/cancel`,
  "POST /v1/trades/{number}/extend": `${order}/extend`,
  "POST /v1/trades/{number}/refund": `${order}/refund`,
  "POST /v1/trades/{number}/advance": `${order}/advance`,
  "POST /v1/guarantees/{number}/release": `${order}/release`,
  "POST /v1/guarantees/{number}/claim": `${order}/claim`,
  "GET /v1/guarantees/{number}": `${ofPrograms}a word that is checked offline; people read the order`,
  "POST /v1/trades/batch": `${ofPrograms}many at once`,
  "GET /v1/events": `${ofPrograms}what they have missed`,
  "GET /v1/advances": order,
  "GET /v1/shops/{id}": settings,
  "GET /v1/shops/{id}/notices": "/shop/standing",
  "GET /v1/shops/{id}/standing": "/shop/standing",
  "GET /v1/shops/{id}/people": "/shop/team",
  "GET /v1/shops/{id}/acts": "/shop/acts",
  "PUT /v1/shops/{id}/return-urls": `${settings}/return-urls`,
  "PUT /v1/shops/{id}/return-address": `${settings}/return-address`,
  "PUT /v1/shops/{id}/unique-references": `${settings}/unique`,
  "PUT /v1/shops/{id}/listing": `${settings}/list`,
  "DELETE /v1/shops/{id}/listing": `${settings}/unlist`,
  "POST /v1/shops/{id}/keys": `${settings}/make-key`,
  "GET /v1/shops/{id}/keys": settings,
  "DELETE /v1/shops/{id}/keys/{key}": `${settings}/revoke-key`,
  "POST /v1/shops/{id}/ties": "/shops/{id}/payments",
  "GET /v1/shops/{id}/ties": "/shops/{id}/payments",
  "POST /v1/webhook-endpoints": `${settings}/add-hook`,
  "PUT /v1/webhook-endpoints/{id}": `${ofPrograms}an endpoint under a name of their own`,
  "GET /v1/webhook-endpoints": settings,
  "DELETE /v1/webhook-endpoints/{id}": `${settings}/drop-hook`,
  "POST /v1/webhook-endpoints/{id}/rotate": `${settings}/rotate-hook`,
  "POST /v1/webhook-endpoints/{id}/test": `${settings}/test-hook`,
  "GET /v1/webhook-deliveries": settings,
  "POST /v1/webhook-deliveries/{id}/resend": `${settings}/resend`,
  "POST /v1/chains/stores": `${settings}/add-store`,
  "GET /v1/chains/{head}/stores": settings,
  "DELETE /v1/chains/{head}/stores/{store}": `${settings}/drop-store`,
  "PUT /v1/chains/{head}": `${settings}/answer-within`,
  "GET /v1/chains": settings,
  "POST /v1/chains/{head}/agree": `${settings}/agree`,
  "GET /v1/offers": settings,
  "POST /v1/offers/{id}/take": `${settings}/take`,
  "POST /v1/offers/{id}/decline": `${settings}/pass`,
  "GET /v1/lent-lines": "/lent-lines",
  "GET /v1/lent-lines/{id}/members": "/lent-lines/{id}",
  "POST /v1/lent-lines/{id}/members": "/lent-lines/{id}/members",
  "GET /v1/accounts/{id}": "/shop/money",
  "GET /v1/accounts/{id}/statement": `${account}/statement`,
  "GET /v1/accounts/{id}/entries": `${account}/entries`,
  "GET /v1/accounts/{id}/bank-account": account,
  "PUT /v1/accounts/{id}/bank-account": `${account}/bank`,
  "DELETE /v1/accounts/{id}/bank-account": `${account}/end-bank`,
  "PUT /v1/accounts/{id}/payout-schedule": `${account}/schedule`,
  "DELETE /v1/accounts/{id}/payout-schedule": `${account}/end-schedule`,
  "POST /v1/accounts/{id}/payouts": `${account}/payout`,
  "GET /v1/accounts/{id}/payouts": account,
  "POST /v1/payouts/{id}/cancel": `${account}/cancel`,
  "POST /v1/disclosures/fetch": `${ofPrograms}what a member lets the shop's own page read`,
  "POST /v1/amounts": `${ofPrograms}the amount of an order that the facilitator does not know`,
  "POST /v1/consents": "/payments",
  "GET /v1/consents": "/payments",
  "POST /v1/consents/{id}/revoke": "whoever is tied at an institution ends it there, by calls",
  "GET /v1/sessions": "/sessions",
};

/** Calls about others, or for those who show something that only they were told: the same to a shop as to everybody. */
const aboutOthers =
  /\/v1\/(collectors|carriers|providers|operators)\/|\/v1\/(password-resets|email-changes)\//;

const lines = { ...table, ...atFacilitators, ...atGuarantors };
const shops = Object.entries(lines).flatMap(([name, { own, nobody }]) =>
  / \/v1\//.test(name) && own !== 401 && own !== 403 && nobody !== "yes" && !aboutOthers.test(name)
    ? [name]
    : [],
);

test("every call that a shop may make has its line, and every line its call", () => {
  assert.ok(shops.length > 60, "the table was read");
  assert.deepEqual(
    shops.filter((name) => covered[name] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(covered).filter((name) => !shops.includes(name)),
    [],
  );
});

/** Pages that the shop of the table may not use, and others may: it has no session of its own, is paid no earlier, lends nothing. */
const unlessMore = new Set([
  `${order}/advance`,
  "/lent-lines/{id}",
  "/lent-lines/{id}/members",
  "/lent-lines",
  ...proven.map((act) => `${settings}/${act}`),
]);

test("a page that a line names is there, and open to the shop", () => {
  const pages = Object.entries(lines).map(([name, { own }]) => [name.split(" ")[1] ?? "", own] as const);
  for (const [call, where] of Object.entries(covered)) {
    if (!where.startsWith("/")) continue;
    assert.ok(
      pages.some(([path, own]) => path === where && ((own !== 401 && own !== 403) || unlessMore.has(where))),
      `${call}: ${where}`,
    );
  }
});
